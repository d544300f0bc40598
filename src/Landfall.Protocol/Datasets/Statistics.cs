namespace Landfall.Protocol.Datasets;

/// <summary>A bar of a histogram.</summary>
/// <param name="From">The smallest value in it.</param>
/// <param name="To">The first value beyond it.</param>
/// <param name="Rows">Rows in it.</param>
public sealed record HistogramBar(double From, double To, long Rows);

/// <summary>How long texts are.</summary>
/// <param name="Unit"><c>characters</c> or <c>words</c> (a Chinese character is a word).</param>
/// <param name="Least">The shortest.</param>
/// <param name="Median">Half are at most so long.</param>
/// <param name="P95">95% are at most so long.</param>
/// <param name="Most">The longest.</param>
/// <param name="Bars">The histogram: even bars up to the 99th percentile, and one for the rest.</param>
public sealed record LengthStatistics(string Unit, long Least, long Median, long P95, long Most, IReadOnlyList<HistogramBar> Bars);

/// <summary>A value and how many rows have it.</summary>
/// <param name="Name">The value.</param>
/// <param name="Rows">Rows.</param>
public sealed record ValueCount(string Name, long Rows);

/// <summary>A word that is typical of a label.</summary>
/// <param name="Word">The word.</param>
/// <param name="Score">Its weighted log-odds against all other rows, in standard deviations.</param>
public sealed record TypicalWord(string Word, double Score);

/// <summary>A label, its rows, and what is typical of them.</summary>
/// <param name="Label">The label.</param>
/// <param name="Rows">Rows.</param>
/// <param name="Words">The most typical words, first the most so.</param>
public sealed record LabelStatistics(string Label, long Rows, IReadOnlyList<TypicalWord> Words);

/// <summary>A further field.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Missing">Rows without it.</param>
/// <param name="Distinct">Different values; with <paramref name="DistinctIsLeast"/> at least so many.</param>
/// <param name="DistinctIsLeast">There are more than were counted.</param>
/// <param name="Commonest">The commonest values.</param>
public sealed record FieldStatistics(string Name, long Missing, long Distinct, bool DistinctIsLeast, IReadOnlyList<ValueCount> Commonest);

/// <summary>Statistics of a dataset version.</summary>
public sealed record DatasetStatistics
{
    /// <summary>The version.</summary>
    public required string Version { get; init; }

    /// <summary>All rows.</summary>
    public required long Rows { get; init; }

    /// <summary>Rows that languages, words and lengths were taken from: all, or every so-manieth one.</summary>
    public required long SampledRows { get; init; }

    /// <summary>Labels, the commonest first; none where the expected outputs are no labels.</summary>
    public required IReadOnlyList<LabelStatistics> Labels { get; init; }

    /// <summary>Some labels were left out: there are too many.</summary>
    public bool LabelsArePartial { get; init; }

    /// <summary>How even the labels are: their entropy as a share of the greatest possible, 0 to 1; null without labels.</summary>
    public double? Balance { get; init; }

    /// <summary>Lengths of the texts, in characters and in words.</summary>
    public required IReadOnlyList<LengthStatistics> TextLengths { get; init; }

    /// <summary>Lengths of the expected outputs in characters, where these are no labels.</summary>
    public LengthStatistics? ExpectedLengths { get; init; }

    /// <summary>Languages, the commonest first.</summary>
    public required IReadOnlyList<ValueCount> Languages { get; init; }

    /// <summary>Rows that repeat an earlier one exactly (after normalisation).</summary>
    public long ExactDuplicates { get; init; }

    /// <summary>Rows in groups of near duplicates.</summary>
    public long NearDuplicates { get; init; }

    /// <summary>Rows with personal data.</summary>
    public long PersonalDataRows { get; init; }

    /// <summary>Further fields.</summary>
    public required IReadOnlyList<FieldStatistics> Fields { get; init; }
}
