using System.Globalization;
using System.Text;
using Landfall.Platform.Datasets.Cleaning;
using Landfall.Platform.Runs;
using Landfall.Protocol.Errors;
using Landfall.Retrieval.Duplicates;

namespace Landfall.Platform.Datasets.Splitting;

/// <summary>How rows are divided.</summary>
/// <param name="Test">Share of the rows, 0 to below 1.</param>
/// <param name="Validation">Share of the rows, 0 to below 1.</param>
/// <param name="Group">The field that names units.</param>
/// <param name="Stratify">Keep each label's share.</param>
/// <param name="Time">The field with the time, or null.</param>
/// <param name="Seed">Any number.</param>
public sealed record PartitionOptions(double Test, double Validation, string Group, bool Stratify, string? Time, int Seed);

/// <summary>The parts.</summary>
/// <param name="Train">In the order of the input, as the others.</param>
/// <param name="Validation">The rows to choose settings on.</param>
/// <param name="Test">The rows to judge by.</param>
/// <param name="Units">Units that stay together.</param>
/// <param name="LargestUnit">Rows in the largest of them.</param>
public sealed record DatasetPartition(IReadOnlyList<Row> Train, IReadOnlyList<Row> Validation, IReadOnlyList<Row> Test, int Units, int LargestUnit);

/// <summary>
/// Divides rows into train, validation and test. Rows of one group, rows with one text and near duplicates form a unit, and
/// no unit is torn. Units are dealt largest first to the part that lacks most of their labels (iterative stratification;
/// Sechidis, Tsoumakas, Vlahavas 2011), so that a part misses its share by less than the largest unit. By time, units are
/// dealt by their newest row. The result depends on rows and options only.
/// </summary>
public static class DatasetPartitioner
{
    private const int Parts = 3;

    /// <exception cref="RunFailedException">Shares out of range, or a row without a readable time.</exception>
    public static DatasetPartition Divide(IReadOnlyList<Row> rows, PartitionOptions options, CancellationToken cancellation)
    {
        if (options.Test is not (>= 0 and < 1) || options.Validation is not (>= 0 and < 1) || options.Test + options.Validation is not (> 0 and < 1))
        {
            throw new RunFailedException(
                string.Create(CultureInfo.InvariantCulture, $"The shares are {options.Test} for test and {options.Validation} for validation: together they are above 0 and below 1."), ErrorCodes.BadRequest);
        }

        var units = Units(rows, options, cancellation);
        var part = options.Time is null ? Deal(rows, units, options) : DealByTime(rows, units, options);
        return new DatasetPartition(Of(0), Of(1), Of(2), units.Count, units.Count == 0 ? 0 : units.Max(u => u.Rows.Count));

        List<Row> Of(int wanted) => [.. rows.Where((_, i) => part[i] == wanted)];
    }

    private static List<Unit> Units(IReadOnlyList<Row> rows, PartitionOptions options, CancellationToken cancellation)
    {
        var sets = new DisjointSets(rows.Count);
        var clusters = RowCopies.Of(rows, cancellation).Clusters(cancellation);
        var groups = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < rows.Count; i++)
        {
            sets.Join(i, clusters[i]);
            if (rows[i].Fields.TryGetValue(options.Group, out var group))
            {
                sets.Join(groups.TryAdd(group, i) ? i : groups[group], i);
            }
        }

        // The order hangs on the content, not on the places of the rows.
        return [.. Enumerable.Range(0, rows.Count).GroupBy(sets.Root)
            .Select(g => new Unit([.. g], g.Min(i => Hash64.Of(Encoding.UTF8.GetBytes(rows[i].Id), (ulong)(uint)options.Seed))))
            .OrderByDescending(u => u.Rows.Count).ThenBy(u => u.Hash)];
    }

    private static int[] Deal(IReadOnlyList<Row> rows, List<Unit> units, PartitionOptions options)
    {
        double[] shares = [1 - options.Validation - options.Test, options.Validation, options.Test];
        var stratum = options.Stratify ? rows.Select(r => r.Expected).ToArray() : [.. rows.Select(_ => "")];
        var lacking = stratum.CountBy(s => s, StringComparer.Ordinal).ToDictionary(s => s.Key, s => Array.ConvertAll(shares, share => share * s.Value), StringComparer.Ordinal);
        var lackingRows = Array.ConvertAll(shares, share => share * rows.Count);
        var part = new int[rows.Count];
        foreach (var unit in units)
        {
            var labels = unit.Rows.CountBy(i => stratum[i], StringComparer.Ordinal).ToList();
            var best = Enumerable.Range(0, Parts).Where(p => shares[p] > 0)
                .MaxBy(p => (labels.Sum(l => l.Value * lacking[l.Key][p]) / unit.Rows.Count / shares[p], lackingRows[p] / shares[p], -p));
            foreach (var (label, count) in labels)
            {
                lacking[label][best] -= count;
            }

            lackingRows[best] -= unit.Rows.Count;
            unit.Rows.ForEach(i => part[i] = best);
        }

        return part;
    }

    private static int[] DealByTime(IReadOnlyList<Row> rows, List<Unit> units, PartitionOptions options)
    {
        var times = rows.Select((row, i) => TimeOf(row, i, options.Time!)).ToArray();
        var part = new int[rows.Count];
        var (test, validation) = (options.Test * rows.Count, options.Validation * rows.Count);
        foreach (var unit in units.OrderByDescending(u => u.Rows.Max(i => times[i])).ThenBy(u => u.Hash))
        {
            var to = test >= unit.Rows.Count / 2.0 ? 2 : validation >= unit.Rows.Count / 2.0 ? 1 : 0;
            test -= to == 2 ? unit.Rows.Count : 0;

            // What is older than a row of validation does not go back to test.
            test = to == 2 ? test : 0;
            validation = to == 1 ? validation - unit.Rows.Count : to == 0 ? 0 : validation;
            unit.Rows.ForEach(i => part[i] = to);
        }

        return part;
    }

    private static DateTimeOffset TimeOf(Row row, int index, string field)
    {
        if (!row.Fields.TryGetValue(field, out var text))
        {
            throw new RunFailedException($"Row {index + 1} has no field '{field}' to take its time from. Its fields: {string.Join(", ", row.Fields.Keys)}.", ErrorCodes.DataInvalid);
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 100_000_000 and < 100_000_000_000_000)
        {
            return seconds > 100_000_000_000 ? DateTimeOffset.FromUnixTimeMilliseconds(seconds) : DateTimeOffset.FromUnixTimeSeconds(seconds);
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new RunFailedException($"Row {index + 1}: the field '{field}' is '{text}', which is no time. Write it as 2026-11-24 or 2026-11-24T08:30:00Z, or in seconds since 1970.", ErrorCodes.DataInvalid);
    }

    private sealed record Unit(List<int> Rows, ulong Hash);
}
