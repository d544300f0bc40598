using Landfall.Platform.Evaluation.Statistics;

namespace Landfall.Platform.Search.Methods;

/// <summary>
/// <c>tpe</c>: the tree-structured Parzen estimator (Bergstra et al., "Algorithms for Hyper-Parameter Optimization", NIPS
/// 2011, section 4). Trials are parted into the best few and the others, each part gives every setting a density, and of
/// some draws from the density of the best the one is tried that is most probable there and least probable among the others.
/// Settings are taken one by one: what two of them do together is not seen.
/// </summary>
internal sealed class TreeParzenSearch : ISearchMethod, ISettingsSampler
{
    /// <summary>The share of trials that count as the best.</summary>
    private const double Gamma = 0.15;

    private const int Draws = 24;
    private const int MostRandom = 10;
    private readonly RandomSearch _random = new();

    public string Name => "tpe";

    public SearchProposal? Next(SearchHistory history) => this.DrawNew(history) is { } settings ? new SearchProposal(settings, Rung: 0) : null;

    public IReadOnlyDictionary<string, string> Draw(SearchHistory history, ref SplitMix64 random)
    {
        var known = Known(history);
        if (known.Count < Math.Clamp(history.Trials / 3, 3, MostRandom))
        {
            return _random.Draw(history, ref random);
        }

        var best = (int)Math.Ceiling(Gamma * known.Count);
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var setting in history.Space.Settings)
        {
            var values = known.Select(tried => tried.Settings[setting.Name]).ToArray();
            settings[setting.Name] = setting is ChoiceSetting choice
                ? Draw(choice, values.AsSpan(0, best), values.AsSpan(best), ref random)
                : Draw(setting, values.AsSpan(0, best), values.AsSpan(best), ref random);
        }

        return settings;
    }

    /// <summary>The trials to learn from, best first, failures last: those of the largest share that has enough of them.</summary>
    private static List<TriedSettings> Known(SearchHistory history)
    {
        var enough = history.Space.Settings.Count + 2;
        var rung = Enumerable.Range(0, history.Shares.Count).Reverse().FirstOrDefault(r => history.Tried.Count(t => t.Rung == r) > enough);
        return [.. history.Tried.Where(t => t.Rung == rung).OrderBy(t => t.Loss ?? double.PositiveInfinity).ThenBy(t => t.Number)];
    }

    private static string Draw(SearchSetting setting, ReadOnlySpan<string> best, ReadOnlySpan<string> others, ref SplitMix64 random)
    {
        var (good, bad) = (Density(setting, best), Density(setting, others));
        var (found, greatest) = ("", double.NegativeInfinity);
        for (var i = 0; i < Draws; i++)
        {
            var value = setting.TextAt(good.Draw(ref random));
            var (low, high) = setting.PlacesOf(value);
            var ratio = good.Density(low, high) / bad.Density(low, high);
            if (ratio > greatest)
            {
                (found, greatest) = (value, ratio);
            }
        }

        return found;
    }

    /// <summary>Among a few values: how often each was seen, and once more for each, the prior.</summary>
    private static string Draw(ChoiceSetting setting, ReadOnlySpan<string> best, ReadOnlySpan<string> others, ref SplitMix64 random)
    {
        var (good, bad) = (Counts(setting, best), Counts(setting, others));
        var (found, greatest) = (0, double.NegativeInfinity);
        for (var i = 0; i < Draws; i++)
        {
            var value = Draw(good, ref random);
            var ratio = (double)good[value] / bad[value];
            if (ratio > greatest)
            {
                (found, greatest) = (value, ratio);
            }
        }

        return setting.Values[found];
    }

    private static ParzenNumber Density(SearchSetting setting, ReadOnlySpan<string> values)
    {
        var places = new double[values.Length];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = setting.PlaceOf(values[i]);
        }

        return new ParzenNumber(places);
    }

    private static int[] Counts(ChoiceSetting setting, ReadOnlySpan<string> values)
    {
        var counts = new int[setting.Values.Count];
        Array.Fill(counts, 1);
        foreach (var value in values)
        {
            counts[setting.IndexOf(value)]++;
        }

        return counts;
    }

    private static int Draw(int[] counts, ref SplitMix64 random)
    {
        var left = random.Index(counts.Sum());
        var value = 0;
        while (left >= counts[value])
        {
            left -= counts[value++];
        }

        return value;
    }
}
