using Landfall.Platform.Evaluation.Statistics;

namespace Landfall.Platform.Search.Methods;

/// <summary><c>random</c>: settings drawn evenly (Bergstra and Bengio, "Random Search for Hyper-Parameter Optimization", JMLR 2012).</summary>
internal sealed class RandomSearch : ISearchMethod, ISettingsSampler
{
    public string Name => "random";

    public SearchProposal? Next(SearchHistory history) => this.DrawNew(history) is { } settings ? new SearchProposal(settings, Rung: 0) : null;

    public IReadOnlyDictionary<string, string> Draw(SearchHistory history, ref SplitMix64 random)
    {
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var setting in history.Space.Settings)
        {
            settings[setting.Name] = setting.TextAt(random.Fraction());
        }

        return settings;
    }
}
