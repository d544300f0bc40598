using Landfall.Platform.Datasets;

namespace Landfall.PlantedDirt;

/// <summary>Rows with dirt in them, and where it is.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="Duplicates">Places of planted copies, with the place of the row that each was made of.</param>
/// <param name="Contaminated">Places of planted copies of test rows.</param>
/// <param name="PersonalData">Places of rows that were given personal data.</param>
/// <param name="Lures">Places of rows that were given what looks like personal data and is none.</param>
/// <param name="WrongLabels">Places of rows with a wrong label, with the right one.</param>
public sealed record PlantedRows(
    IReadOnlyList<Row> Rows,
    IReadOnlyDictionary<int, int> Duplicates,
    IReadOnlySet<int> Contaminated,
    IReadOnlySet<int> PersonalData,
    IReadOnlySet<int> Lures,
    IReadOnlyDictionary<int, string> WrongLabels);

/// <summary>How much dirt, as shares of the rows.</summary>
public sealed record DirtShares(double WrongLabels = 0.02, double Duplicates = 0.03, double Contamination = 0.01, double PersonalData = 0.05, double Lures = 0.05);

/// <summary>
/// Plants dirt among clean rows: the same rows, shares and seed give the same dirt. Each row gets one kind at most, so that
/// what is found can be told from what was planted.
/// </summary>
public sealed class DirtPlanter(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>Plants all kinds.</summary>
    /// <param name="clean">The rows.</param>
    /// <param name="test">The test rows, copies of which are planted.</param>
    /// <param name="shares">How much.</param>
    public PlantedRows Plant(IReadOnlyList<Row> clean, IReadOnlyList<Row> test, DirtShares shares)
    {
        var order = Enumerable.Range(0, clean.Count).ToArray();
        _random.Shuffle(order);
        var taken = 0;
        var wrong = Take(shares.WrongLabels);
        var copied = Take(shares.Duplicates);
        var personal = Take(shares.PersonalData);
        var lured = Take(shares.Lures);

        var labels = clean.Select(r => r.Expected).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        var rows = clean.Select((row, i) => new Entry(i, Change(row, i))).ToList();
        rows.AddRange(copied.Select(i => new Entry(-1, With(clean[i], new TextEdits(_random).Edit(clean[i].Text))) { CopyOf = i }));
        var contamination = (int)Math.Round(shares.Contamination * clean.Count);
        var tested = test.OrderBy(_ => _random.Next()).Take(contamination).ToList();
        rows.AddRange(tested.Select((row, i) => new Entry(-1, i % 2 == 0 ? row : With(row, new TextEdits(_random).Edit(row.Text))) { IsContaminated = true }));
        return Describe(Shuffled(rows), wrong.ToDictionary(i => i, i => clean[i].Expected), personal.ToHashSet(), lured.ToHashSet());

        int[] Take(double share)
        {
            var count = (int)Math.Round(share * clean.Count);
            taken += count;
            return order[(taken - count)..taken];
        }

        Row Change(Row row, int index) =>
            wrong.Contains(index) ? CanonicalRow.Create(row.Text, Other(labels, row.Expected), row.Fields)
            : personal.Contains(index) ? With(row, new PersonalDataSamples(_random).AddTo(row.Text))
            : lured.Contains(index) ? With(row, new PersonalDataSamples(_random).AddLureTo(row.Text))
            : row;
    }

    private static Row With(Row row, string text) => CanonicalRow.Create(text, row.Expected, row.Fields);

    private string Other(string[] labels, string label)
    {
        while (true)
        {
            var other = labels[_random.Next(labels.Length)];
            if (other != label)
            {
                return other;
            }
        }
    }

    private List<Entry> Shuffled(List<Entry> rows)
    {
        var shuffled = rows.ToArray();
        _random.Shuffle(shuffled);
        return [.. shuffled];
    }

    private static PlantedRows Describe(List<Entry> rows, Dictionary<int, string> wrong, HashSet<int> personal, HashSet<int> lured)
    {
        var places = rows.Index().Where(r => r.Item.Original >= 0).ToDictionary(r => r.Item.Original, r => r.Index);
        return new PlantedRows(
            [.. rows.Select(r => r.Row)],
            rows.Index().Where(r => r.Item.CopyOf >= 0).ToDictionary(r => r.Index, r => places[r.Item.CopyOf]),
            rows.Index().Where(r => r.Item.IsContaminated).Select(r => r.Index).ToHashSet(),
            personal.Select(i => places[i]).ToHashSet(),
            lured.Select(i => places[i]).ToHashSet(),
            wrong.ToDictionary(w => places[w.Key], w => w.Value));
    }

    private sealed record Entry(int Original, Row Row)
    {
        public int CopyOf { get; init; } = -1;

        public bool IsContaminated { get; init; }
    }
}
