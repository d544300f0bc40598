using Landfall.Platform.Search;

namespace Landfall.Platform.Briefs;

/// <summary>A search for a technique's settings, as a brief asks for it.</summary>
/// <param name="Technique">The technique.</param>
public sealed record BriefSearch(string Technique)
{
    public const int DefaultTrials = 30;
    public const int MostTrials = 1_000;
    public const int DefaultSeed = 1;

    /// <summary>How many combinations of settings to try.</summary>
    public int Trials { get; init; } = DefaultTrials;

    /// <summary>One of <see cref="SearchMethods"/>.</summary>
    public string Method { get; init; } = SearchMethods.Default;

    /// <summary>What to search by; null: the first metric of quality among the targets.</summary>
    public string? Metric { get; init; }

    public int Seed { get; init; } = DefaultSeed;

    /// <summary>No trial begins after so long; null: no limit.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>The settings and their values; null: the technique's own.</summary>
    public SearchSpace? Space { get; init; }
}
