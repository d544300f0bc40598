using Landfall.Retrieval.Artifacts;

namespace Landfall.Retrieval.Classification;

/// <summary>The classes of a classifier, in ordinal order, and which of them is out of scope.</summary>
internal sealed class LabelSet
{
    private readonly Dictionary<string, int> _classes = new(StringComparer.Ordinal);

    private LabelSet(string[] labels, string? outOfScopeLabel)
    {
        Labels = labels;
        OutOfScopeLabel = outOfScopeLabel;
        for (var i = 0; i < labels.Length; i++)
        {
            _classes.Add(labels[i], i);
        }

        OutOfScopeClass = outOfScopeLabel is null ? -1 : ClassOf(outOfScopeLabel);
    }

    public IReadOnlyList<string> Labels { get; }

    public int Count => Labels.Count;

    public string? OutOfScopeLabel { get; }

    /// <summary>The class of out-of-scope rows in train, or -1.</summary>
    public int OutOfScopeClass { get; }

    /// <summary>The labels of training rows.</summary>
    /// <exception cref="ArgumentException">Fewer than two classes, or only one in scope beside none to tell it from.</exception>
    public static LabelSet Of(IReadOnlyList<LabelledText> train, string? outOfScopeLabel)
    {
        CheckRows(train, nameof(train));
        var labels = train.Select(row => row.Label).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        return labels.Length switch
        {
            0 => throw new ArgumentException("There are no training rows. A classifier needs rows of at least two labels.", nameof(train)),
            1 => throw new ArgumentException($"All {train.Count} training rows have the label '{labels[0]}'. A classifier needs rows of at least two labels.", nameof(train)),
            > ushort.MaxValue => throw new ArgumentException($"The training rows have {labels.Length} labels; at most {ushort.MaxValue} can be told apart.", nameof(train)),
            _ => new LabelSet(labels, outOfScopeLabel),
        };
    }

    /// <summary>Checks that each row has a text and a label.</summary>
    public static void CheckRows(IReadOnlyList<LabelledText> rows, string parameter)
    {
        ArgumentNullException.ThrowIfNull(rows, parameter);
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i].Text is null || rows[i].Label is null)
            {
                throw new ArgumentException($"Row {i + 1} has no text or no label.", parameter);
            }
        }
    }

    /// <summary>The class of a label, or -1 where train has no such row.</summary>
    public int ClassOf(string label) => _classes.GetValueOrDefault(label, -1);

    public void Write(ArtifactWriter writer)
    {
        writer.WriteByte(OutOfScopeLabel is null ? (byte)0 : (byte)1);
        writer.WriteString(OutOfScopeLabel ?? string.Empty);
        writer.WriteStrings([.. Labels]);
    }

    public static LabelSet Read(ArtifactReader reader)
    {
        var hasOutOfScope = reader.ReadByte() != 0;
        var outOfScope = reader.ReadString();
        var labels = reader.ReadStrings();
        if (labels.Length is < 2 or > ushort.MaxValue || labels.Zip(labels.Skip(1)).Any(pair => string.CompareOrdinal(pair.First, pair.Second) >= 0))
        {
            throw reader.Damaged("fewer than two labels, or labels out of order");
        }

        return new LabelSet(labels, hasOutOfScope ? outOfScope : null);
    }
}
