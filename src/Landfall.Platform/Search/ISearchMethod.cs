namespace Landfall.Platform.Search;

/// <summary>
/// A way to choose what to try next. One file each, registered by name. It keeps nothing: the same history gives the same
/// proposal, so a search that is resumed from its journal goes on as if it had not stopped.
/// </summary>
public interface ISearchMethod
{
    /// <summary>The method's name in briefs.</summary>
    string Name { get; }

    /// <summary>Whether it tries settings on a part of the training first. Otherwise <see cref="SearchHistory.Shares"/> is 1 alone.</summary>
    bool UsesParts => false;

    /// <summary>What to try next, or null: the search is over.</summary>
    SearchProposal? Next(SearchHistory history);
}

/// <summary>What has been tried.</summary>
/// <param name="Space">The settings and their values.</param>
/// <param name="Trials">How many combinations of settings to try.</param>
/// <param name="Seed">Another seed, another search.</param>
/// <param name="Shares">The shares of training on which settings are tried, rising; the last is 1.</param>
/// <param name="Tried">The trials so far, in the order in which they ended.</param>
public sealed record SearchHistory(SearchSpace Space, int Trials, int Seed, IReadOnlyList<double> Shares, IReadOnlyList<TriedSettings> Tried)
{
    /// <summary>The trials that tried settings for the first time.</summary>
    public IEnumerable<TriedSettings> First => Tried.Where(tried => tried.Rung == 0);
}

/// <summary>A trial, as methods see it.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Settings">What was tried.</param>
/// <param name="Rung">Index in <see cref="SearchHistory.Shares"/>.</param>
/// <param name="Promotes">The trial whose settings it tries on a larger share.</param>
/// <param name="Loss">How bad it is (lower is better); null: it failed.</param>
public sealed record TriedSettings(int Number, IReadOnlyDictionary<string, string> Settings, int Rung, int? Promotes, double? Loss);

/// <summary>What to try.</summary>
/// <param name="Settings">By name.</param>
/// <param name="Rung">Index in <see cref="SearchHistory.Shares"/>.</param>
/// <param name="Promotes">The trial whose settings these are.</param>
public sealed record SearchProposal(IReadOnlyDictionary<string, string> Settings, int Rung, int? Promotes = null);
