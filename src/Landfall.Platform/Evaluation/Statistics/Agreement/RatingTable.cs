using System.Globalization;

namespace Landfall.Platform.Evaluation.Statistics.Agreement;

/// <summary>Labels by item and annotator; not every annotator labels every item.</summary>
public sealed class RatingTable
{
    /// <summary>No label.</summary>
    internal const int Missing = -1;

    private readonly int[][] _labels;

    private RatingTable(IReadOnlyList<string> items, IReadOnlyList<string> annotators, IReadOnlyList<string> labels, int[][] table)
    {
        Items = items;
        Annotators = annotators;
        Labels = labels;
        _labels = table;
    }

    public IReadOnlyList<string> Items { get; }

    public IReadOnlyList<string> Annotators { get; }

    /// <summary>The labels in order, least first.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Makes a table of ratings.</summary>
    /// <param name="ratings">The ratings, in any order.</param>
    /// <param name="labels">All labels in their order; null: those that occur, numbers by value, else by name.</param>
    /// <param name="annotators">All annotators, those who labelled nothing too; null: those that occur.</param>
    /// <exception cref="ArgumentException">An annotator labels an item twice, or gives a label that is not among the labels.</exception>
    public static RatingTable Of(IReadOnlyCollection<Rating> ratings, IReadOnlyList<string>? labels = null, IReadOnlyList<string>? annotators = null)
    {
        IReadOnlyList<string> items = Distinct(ratings.Select(rating => rating.Item));
        annotators ??= Distinct(ratings.Select(rating => rating.Annotator));
        labels ??= InOrder(ratings.Select(rating => rating.Label));
        Dictionary<string, int> rows = Index(items), columns = Index(annotators), codes = Index(labels);
        int[][] table = [.. items.Select(_ => Enumerable.Repeat(Missing, columns.Count).ToArray())];
        foreach (var rating in ratings)
        {
            ref var cell = ref table[rows[rating.Item]][Find(columns, rating.Annotator, rating, "annotators")];
            if (cell != Missing)
            {
                throw new ArgumentException(
                    $"'{rating.Annotator}' has labelled '{rating.Item}' twice ('{labels[cell]}' and '{rating.Label}'). Keep the label that counts.", nameof(ratings));
            }

            cell = Find(codes, rating.Label, rating, "labels");
        }

        return new RatingTable(items, annotators, labels, table);
    }

    /// <summary>How many items an annotator labelled.</summary>
    public int CountOf(int annotator) => Enumerable.Range(0, Items.Count).Count(item => _labels[item][annotator] != Missing);

    /// <summary>The label's place in <see cref="Labels"/>, or null.</summary>
    public int? LabelOf(int item, int annotator) => _labels[item][annotator] is var label and not Missing ? label : null;

    /// <summary>How often each label was given to an item.</summary>
    internal int[] CountsOf(int item)
    {
        var counts = new int[Labels.Count];
        for (var annotator = 0; annotator < Annotators.Count; annotator++)
        {
            if (_labels[item][annotator] is var label and not Missing)
            {
                counts[label]++;
            }
        }

        return counts;
    }

    private static int Find(Dictionary<string, int> index, string name, Rating rating, string what) =>
        index.TryGetValue(name, out var place)
            ? place
            : throw new ArgumentException($"The label '{rating.Label}' of '{rating.Annotator}' for '{rating.Item}' is not among the {what}: {string.Join(", ", index.Keys)}.", nameof(rating));

    private static List<string> Distinct(IEnumerable<string> names) => [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static List<string> InOrder(IEnumerable<string> labels)
    {
        var distinct = Distinct(labels);
        return distinct.TrueForAll(label => Number(label) is not null) ? [.. distinct.OrderBy(label => Number(label))] : distinct;
    }

    internal static double? Number(string label) =>
        double.TryParse(label, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    private static Dictionary<string, int> Index(IReadOnlyList<string> names)
    {
        var index = new Dictionary<string, int>(names.Count, StringComparer.Ordinal);
        foreach (var name in names)
        {
            index.TryAdd(name, index.Count);
        }

        return index;
    }
}
