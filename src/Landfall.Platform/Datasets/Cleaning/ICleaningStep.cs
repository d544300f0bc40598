using Landfall.Protocol.Datasets;

namespace Landfall.Platform.Datasets.Cleaning;

/// <summary>What a cleaning step looks at.</summary>
/// <param name="Rows">The rows to clean, as they are.</param>
/// <param name="Test">The rows of the test version, where one was named.</param>
/// <param name="Seed">For what is drawn.</param>
public sealed record CleaningInput(IReadOnlyList<Row> Rows, IReadOnlyList<Row> Test, int Seed)
{
    private readonly Lock _gate = new();
    private RowCopies? _copies;

    /// <summary>Whether the expected outputs are labels: short, and far fewer than the rows.</summary>
    public bool HasLabels { get; } = LabelledRows.AreLabels(Rows);

    /// <summary>Which rows are copies of which; looked for once, for all steps.</summary>
    internal RowCopies Copies(CancellationToken cancellation)
    {
        lock (_gate)
        {
            return _copies ??= RowCopies.Of(Rows, cancellation);
        }
    }
}

/// <summary>A change that a step would make to a row.</summary>
/// <param name="Row">The row's place, from 0.</param>
/// <param name="Action">Drop the row, or edit a field of it.</param>
/// <param name="Field">With an edit: <c>text</c>, <c>expected</c>, or a further field's name after <c>fields.</c>.</param>
/// <param name="Before">The value as it is.</param>
/// <param name="After">With an edit: the value that it would have.</param>
/// <param name="Reason">Why, in a sentence.</param>
/// <param name="Confidence">0 to 1.</param>
/// <param name="RelatedId">The row that this one repeats.</param>
/// <param name="RelatedText">Its text.</param>
public sealed record Finding(
    int Row, CleaningAction Action, string? Field, string Before, string? After, string Reason, double Confidence, string? RelatedId = null, string? RelatedText = null);

/// <summary>What a step found.</summary>
/// <param name="Findings">In the order of the rows.</param>
/// <param name="Note">What the step did not look at, or why it found nothing; null: nothing to say.</param>
public sealed record CleaningFindings(IReadOnlyList<Finding> Findings, string? Note = null);

/// <summary>One way to look for dirt. Registered by name; a step proposes and changes nothing.</summary>
public interface ICleaningStep
{
    /// <summary>Its name in commands, the API and lineages.</summary>
    string Name { get; }

    /// <summary>Whether it looks for something only against a test version.</summary>
    bool NeedsTest => false;

    /// <summary>Looks at all rows.</summary>
    CleaningFindings Find(CleaningInput input, IProgress<double> progress, CancellationToken cancellation);
}

/// <summary>
/// A step that rewrites values each by itself. Where two such steps want to change one value, the later one is applied to
/// what the earlier one left.
/// </summary>
public interface IRewritingStep : ICleaningStep
{
    /// <summary>The value as the step would leave it.</summary>
    string Rewrite(string value);
}

/// <summary>The fields of a row by name, as changes name them.</summary>
internal static class RowFields
{
    private const string Further = "fields.";

    public static string NameOf(string furtherField) => Further + furtherField;

    public static IEnumerable<(string Name, string Value)> Of(Row row)
    {
        yield return ("text", row.Text);
        yield return ("expected", row.Expected);
        foreach (var (name, value) in row.Fields)
        {
            yield return (NameOf(name), value);
        }
    }

    public static string? Get(Row row, string field) => field switch
    {
        "text" => row.Text,
        "expected" => row.Expected,
        _ => row.Fields.GetValueOrDefault(field[Further.Length..]),
    };

    public static Row With(Row row, string field, string value) => field switch
    {
        "text" => CanonicalRow.Create(value, row.Expected, row.Fields),
        "expected" => CanonicalRow.Create(row.Text, value, row.Fields),
        _ => CanonicalRow.Create(row.Text, row.Expected, new Dictionary<string, string>(row.Fields, StringComparer.Ordinal) { [field[Further.Length..]] = value }),
    };
}

/// <summary>Whether expected outputs are labels.</summary>
internal static class LabelledRows
{
    private const int LongestLabel = 100;

    public static bool AreLabels(IReadOnlyList<Row> rows)
    {
        if (rows.Count == 0 || rows.Any(r => r.Expected.Length > LongestLabel))
        {
            return false;
        }

        var labels = rows.Select(r => r.Expected).Distinct(StringComparer.Ordinal).Count();
        return labels >= 2 && 4L * labels <= rows.Count;
    }
}
