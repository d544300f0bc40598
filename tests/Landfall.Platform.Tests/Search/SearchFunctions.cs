using System.Globalization;
using Landfall.Platform.Search;

namespace Landfall.Platform.Tests.Search;

/// <summary>Functions of known minima to search, and a search over them.</summary>
internal static class SearchFunctions
{
    public static SearchSpace BraninSpace { get; } = new([new NumberSetting("x", -5, 10), new NumberSetting("y", 0, 15)]);

    public static SearchSpace MixedSpace { get; } = new(
    [
        new NumberSetting("rate", 1e-5, 1e-1, IsLog: true), new NumberSetting("depth", 1, 12, IsWhole: true),
        new ChoiceSetting("kind", ["a", "b", "c", "d"]), new ChoiceSetting("mode", ["on", "off"]),
    ]);

    /// <summary>Branin's function: three minima of 0.397887.</summary>
    public static double Branin(IReadOnlyDictionary<string, string> settings)
    {
        double x = Number(settings, "x"), y = Number(settings, "y");
        var inner = y - (5.1 / (4 * Math.PI * Math.PI) * x * x) + (5 / Math.PI * x) - 6;
        return (inner * inner) + (10 * (1 - (1 / (8 * Math.PI))) * Math.Cos(x)) + 10;
    }

    /// <summary>Least (0) at rate 0.001, depth 7, kind c, mode on.</summary>
    public static double Mixed(IReadOnlyDictionary<string, string> settings)
    {
        double rate = Math.Log10(Number(settings, "rate")) + 3, depth = (Number(settings, "depth") - 7) / 4;
        return (rate * rate) + (depth * depth) + (settings["kind"] switch { "c" => 0, "b" => 0.5, _ => 1.5 }) + (settings["mode"] == "on" ? 0 : 0.7);
    }

    public static double Number(IReadOnlyDictionary<string, string> settings, string name) => double.Parse(settings[name], CultureInfo.InvariantCulture);

    /// <summary>Searches to its end.</summary>
    public static List<TriedSettings> Search(
        string method, SearchSpace space, Func<IReadOnlyDictionary<string, string>, double, double?> loss, int trials, int seed, IReadOnlyList<double>? shares = null)
    {
        var searched = SearchMethods.BuiltIn.Find(method)!;
        var tried = new List<TriedSettings>();
        shares ??= [1];
        while (searched.Next(new SearchHistory(space, trials, seed, shares, tried)) is { } proposal)
        {
            tried.Add(new TriedSettings(tried.Count + 1, proposal.Settings, proposal.Rung, proposal.Promotes, loss(proposal.Settings, shares[proposal.Rung])));
        }

        return tried;
    }
}
