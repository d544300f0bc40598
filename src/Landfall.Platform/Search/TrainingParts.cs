using System.Globalization;
using Landfall.Platform.Datasets;
using Landfall.Platform.Evaluation.Statistics;
using Landfall.Platform.Search.Methods;

namespace Landfall.Platform.Search;

/// <summary>The parts of training on which successive halving tries settings: rows, or the length of training where a technique has a setting for it.</summary>
/// <param name="Shares">Rising; the last is 1.</param>
/// <param name="Length">The setting that is cut; null: rows are.</param>
public sealed record TrainingParts(IReadOnlyList<double> Shares, NumberSetting? Length)
{
    private const int MostSteps = 2;
    private const int LeastRows = 50;
    private const int LeastRowsOfLabel = 3;

    /// <summary>All of it.</summary>
    public static TrainingParts Whole { get; } = new([1], Length: null);

    /// <summary>A ninth, a third and all, as far as a part still has rows enough of each label to learn from.</summary>
    public static TrainingParts OfRows(int rows, int labels)
    {
        var least = Math.Max(LeastRows, LeastRowsOfLabel * labels);
        return new TrainingParts(SharesWhere(share => share * rows >= least), Length: null);
    }

    /// <summary>A ninth, a third and all of the longest training in the space, as far as that is in it.</summary>
    public static TrainingParts OfLength(NumberSetting length) => new(SharesWhere(share => share * length.To >= length.From), length);

    /// <summary>The settings of a trial: those that were proposed, and how long to train where that is what is cut.</summary>
    public IReadOnlyDictionary<string, string> SettingsOf(SearchProposal proposal)
    {
        if (Length is null)
        {
            return proposal.Settings;
        }

        var value = Length.To * Shares[proposal.Rung];
        var text = NumberSetting.Write(Length.IsWhole ? Math.Round(value) : double.Parse(value.ToString("E3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
        return new SortedDictionary<string, string>(proposal.Settings.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal) { [Length.Name] = text };
    }

    /// <summary>
    /// The rows of a trial. Each label has the same share of its rows, and smaller parts are parts of larger ones. All rows come as they are.
    /// </summary>
    public IReadOnlyList<Row> RowsOf(int rung, IReadOnlyList<Row> rows, int seed)
    {
        if (Length is not null || Shares[rung] >= 1)
        {
            return rows;
        }

        var places = new double[rows.Count];
        var random = new SplitMix64((ulong)seed);
        foreach (var label in Enumerable.Range(0, rows.Count).GroupBy(i => rows[i].Expected, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var members = label.ToArray();
            for (var i = members.Length - 1; i > 0; i--)
            {
                var other = random.Index(i + 1);
                (members[i], members[other]) = (members[other], members[i]);
            }

            // Within the stretch of its rank: labels with few rows are neither all early nor all late.
            for (var i = 0; i < members.Length; i++)
            {
                places[members[i]] = (i + random.Fraction()) / members.Length;
            }
        }

        var taken = Enumerable.Range(0, rows.Count).OrderBy(i => places[i]).ThenBy(i => i).Take((int)Math.Ceiling(Shares[rung] * rows.Count)).Order();
        return [.. taken.Select(i => rows[i])];
    }

    private static List<double> SharesWhere(Func<double, bool> isEnough)
    {
        var shares = new List<double> { 1 };
        for (var share = 1.0 / HalvingSearch.Eta; shares.Count <= MostSteps && isEnough(share); share /= HalvingSearch.Eta)
        {
            shares.Insert(0, share);
        }

        return shares;
    }
}
