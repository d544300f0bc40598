namespace Landfall.Platform.Search.Importance;

/// <summary>
/// How much of the outcome's variance over the whole space each setting explains alone: the functional analysis of variance
/// of a random forest (Hutter, Hoos and Leyton-Brown, "An Efficient Approach for Assessing Hyperparameter Importance", ICML
/// 2014). What the settings do not explain alone is what they do together. Exact for the forest; the forest is a guess from
/// the trials, and knows least where few of them are.
/// </summary>
internal static class VarianceDecomposition
{
    /// <summary>With fewer trials a forest says nothing.</summary>
    public const int LeastTrials = 8;

    private const int Trees = 64;

    /// <summary>The share that each setting explains alone, in the space's order; empty with too few trials, or where all are alike.</summary>
    public static IReadOnlyList<double> Of(SearchSpace space, IReadOnlyList<TriedSettings> tried, int seed)
    {
        var known = tried.Where(t => t.Loss is not null).ToList();
        var coordinates = space.Settings.Select(CoordinateOf).ToArray();
        if (known.Count < LeastTrials || coordinates.Length == 0)
        {
            return [];
        }

        var points = known.Select(t => space.Settings.Select((setting, i) => coordinates[i].Values == 0 ? setting.PlaceOf(t.Settings[setting.Name]) : ((ChoiceSetting)setting).IndexOf(t.Settings[setting.Name])).ToArray()).ToArray();
        var losses = known.Select(t => t.Loss!.Value).ToArray();
        var shares = new double[coordinates.Length];
        var counted = 0;
        for (var tree = 0; tree < Trees; tree++)
        {
            var leaves = RegressionTree.Grow(coordinates, points, losses, ((ulong)(uint)seed << 32) + (ulong)tree);
            var (mean, variance) = Moments(leaves.Select(leaf => (Weight: Volume(leaf, coordinates, except: -1), leaf.Value)));
            if (variance <= 1e-18)
            {
                continue;
            }

            counted++;
            for (var i = 0; i < shares.Length; i++)
            {
                shares[i] += Moments(Marginal(leaves, coordinates, i), mean) / variance;
            }
        }

        return counted == 0 ? [] : [.. shares.Select(share => Math.Clamp(share / counted, 0, 1))];
    }

    private static Coordinate CoordinateOf(SearchSetting setting) => new(setting is ChoiceSetting choice ? choice.Values.Count : 0);

    /// <summary>The mean outcome at each stretch of one coordinate, over all of the others.</summary>
    private static IEnumerable<(double Weight, double Value)> Marginal(IReadOnlyList<TreeLeaf> leaves, Coordinate[] coordinates, int coordinate)
    {
        var volumes = leaves.Select(leaf => Volume(leaf, coordinates, coordinate)).ToArray();
        if (coordinates[coordinate].Values is > 0 and var values)
        {
            for (var value = 0; value < values; value++)
            {
                yield return (1.0 / values, Sum(leaf => (leaf.Members[coordinate] >> value & 1) == 1));
            }

            yield break;
        }

        var cuts = leaves.SelectMany(leaf => new[] { leaf.Low[coordinate], leaf.High[coordinate] }).Distinct().Order().ToArray();
        for (var i = 1; i < cuts.Length; i++)
        {
            var middle = (cuts[i - 1] + cuts[i]) / 2;
            yield return (cuts[i] - cuts[i - 1], Sum(leaf => leaf.Low[coordinate] <= middle && middle < leaf.High[coordinate]));
        }

        double Sum(Func<TreeLeaf, bool> holds) => leaves.Select((leaf, i) => holds(leaf) ? volumes[i] * leaf.Value : 0).Sum();
    }

    private static double Volume(TreeLeaf leaf, Coordinate[] coordinates, int except)
    {
        var volume = 1.0;
        for (var i = 0; i < coordinates.Length; i++)
        {
            volume *= i == except ? 1 : leaf.Share(i, coordinates[i]);
        }

        return volume;
    }

    private static (double Mean, double Variance) Moments(IEnumerable<(double Weight, double Value)> parts)
    {
        var all = parts.ToList();
        var mean = all.Sum(part => part.Weight * part.Value);
        return (mean, Moments(all, mean));
    }

    private static double Moments(IEnumerable<(double Weight, double Value)> parts, double mean) =>
        parts.Sum(part => part.Weight * (part.Value - mean) * (part.Value - mean));
}
