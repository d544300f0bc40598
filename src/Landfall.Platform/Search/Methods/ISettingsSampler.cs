using Landfall.Platform.Evaluation.Statistics;

namespace Landfall.Platform.Search.Methods;

/// <summary>Draws settings that were not tried yet.</summary>
internal interface ISettingsSampler
{
    /// <summary>One draw. It may have been tried.</summary>
    IReadOnlyDictionary<string, string> Draw(SearchHistory history, ref SplitMix64 random);
}

internal static class SettingsSamplerExtensions
{
    private const int Attempts = 50;

    /// <summary>Settings that the history does not hold; null: it holds all there are, or as many as were asked for.</summary>
    public static IReadOnlyDictionary<string, string>? DrawNew(this ISettingsSampler sampler, SearchHistory history)
    {
        var first = history.First.Select(t => SearchSpace.Identity(t.Settings)).ToList();
        var tried = first.ToHashSet(StringComparer.Ordinal);
        if (first.Count >= history.Trials || tried.Count == history.Space.Combinations)
        {
            return null;
        }

        // A generator for each draw: random settings hang on the seed and on how many were drawn before, whatever else was
        // tried, so methods that draw at random can be compared on the same settings.
        var random = new SplitMix64(new SplitMix64((ulong)history.Seed).Next() + (0xD1B54A32D192ED03 * (ulong)(first.Count + 1)));
        var drawn = sampler.Draw(history, ref random);
        for (var i = 0; i < Attempts && tried.Contains(SearchSpace.Identity(drawn)); i++)
        {
            drawn = sampler.Draw(history, ref random);
        }

        if (tried.Contains(SearchSpace.Identity(drawn)) && history.Space.Combinations is not null)
        {
            var left = history.Space.All().Where(settings => !tried.Contains(SearchSpace.Identity(settings))).ToList();
            return left[random.Index(left.Count)];
        }

        return drawn;
    }
}
