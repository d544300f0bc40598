namespace Landfall.Platform.Search.Methods;

/// <summary>
/// <c>asha</c>: asynchronous successive halving (Li et al., "A System for Massively Parallel Hyperparameter Tuning", MLSys
/// 2020, algorithm 2). New settings are tried on a small share of training. Whenever settings are among the best third of
/// those tried on their share, they are tried on the next larger one, before any new settings are.
/// </summary>
internal sealed class HalvingSearch(string name, ISettingsSampler sampler) : ISearchMethod
{
    /// <summary>Of so many trials one is promoted, to so many times the share.</summary>
    public const int Eta = 3;

    public string Name => name;

    public bool UsesParts => true;

    public SearchProposal? Next(SearchHistory history)
    {
        for (var rung = history.Shares.Count - 2; rung >= 0; rung--)
        {
            if (Promotable(history.Tried, rung) is { } tried)
            {
                return new SearchProposal(tried.Settings, rung + 1, tried.Number);
            }
        }

        return sampler.DrawNew(history) is { } settings ? new SearchProposal(settings, Rung: 0) : null;
    }

    /// <summary>The best trial of a rung that is among its best third and was not promoted yet. Failures count, and are never promoted.</summary>
    private static TriedSettings? Promotable(IReadOnlyList<TriedSettings> all, int rung)
    {
        var here = all.Where(tried => tried.Rung == rung).ToList();
        var promoted = all.Select(tried => tried.Promotes).OfType<int>().ToHashSet();
        return here.OrderBy(tried => tried.Loss ?? double.PositiveInfinity).ThenBy(tried => tried.Number)
            .Take(here.Count / Eta)
            .FirstOrDefault(tried => tried.Loss is not null && !promoted.Contains(tried.Number));
    }
}
