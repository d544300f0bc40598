using System.Diagnostics.CodeAnalysis;
using Landfall.Platform.Evaluation;
using Landfall.Platform.Search;

namespace Landfall.Platform.Briefs;

/// <summary>The test rows that a metric rests on.</summary>
public enum MeasuredRows
{
    All,
    InScope,
    OutOfScope,

    /// <summary>Depends on the answers (a precision): known only after measuring.</summary>
    Answered,
}

/// <summary>What a brief's check must know of a metric.</summary>
/// <param name="Name">The name in briefs and reports.</param>
/// <param name="Shape">How its value is made.</param>
/// <param name="HigherIsBetter">Whether more is better.</param>
/// <param name="MinBound">The least bound that makes sense.</param>
/// <param name="MaxBound">The greatest.</param>
/// <param name="AppliesTo">The output kinds it can measure.</param>
/// <param name="NeedsOutOfScope">Whether it is defined only with out-of-scope test rows.</param>
/// <param name="Rows">The rows it rests on.</param>
/// <param name="Quantile">With <see cref="MetricKind.Quantile"/>: which one, such as 0.95.</param>
public sealed record MetricFacts(
    string Name,
    MetricKind Shape,
    bool HigherIsBetter,
    double MinBound,
    double MaxBound,
    IReadOnlyList<OutputKind> AppliesTo,
    bool NeedsOutOfScope = false,
    MeasuredRows Rows = MeasuredRows.All,
    double Quantile = 0);

/// <summary>The metrics that targets may name.</summary>
public interface IMetricCatalogue
{
    IReadOnlyList<string> Names { get; }

    bool TryGet(string name, [NotNullWhen(true)] out MetricFacts? facts);
}

/// <summary>The techniques of this release that briefs may name.</summary>
public interface ITechniqueCatalogue
{
    IReadOnlyList<string> Names { get; }

    /// <summary>The names of the settings that a technique takes.</summary>
    bool TryGetSettings(string name, [NotNullWhen(true)] out IReadOnlyCollection<string>? settings);

    /// <summary>Whether a technique can run on this server as it is now set up.</summary>
    bool IsAvailable(string name) => true;

    /// <summary>Why a technique of this release cannot serve a brief, or null.</summary>
    string? WhyUnfit(string name, Brief brief);

    /// <summary>The settings of a technique that are worth a search, with their values; null: it says of none.</summary>
    SearchSpace? SpaceOf(string name, Brief brief) => null;
}

/// <summary>Makes texts equal that differ only in case, width, punctuation and space.</summary>
public delegate string TextNormalization(string text);

/// <summary>Words of the product's vocabulary.</summary>
public static class TechniqueNames
{
    /// <summary>All techniques that the product speaks of; a release may have fewer.</summary>
    public static IReadOnlyList<string> Known { get; } =
        ["nearest", "linear", "prompt", "retrieval", "prefix", "lora", "qlora", "full", "cascade", "agent"];
}
