using System.Numerics;
using Landfall.Platform.Evaluation.Statistics;

namespace Landfall.Platform.Search.Importance;

/// <summary>A coordinate of trials.</summary>
/// <param name="Values">0: a number from 0 to 1. Otherwise an index below it, in no order.</param>
internal readonly record struct Coordinate(int Values)
{
    public const int MostValues = 64;
}

/// <summary>A part of the space with one predicted value.</summary>
/// <param name="Low">By coordinate, where it begins (numbers).</param>
/// <param name="High">Where it ends.</param>
/// <param name="Members">A bit for each value in it (indexes).</param>
/// <param name="Value">The prediction.</param>
internal sealed record TreeLeaf(double[] Low, double[] High, ulong[] Members, double Value)
{
    /// <summary>Its share of one coordinate.</summary>
    public double Share(int coordinate, Coordinate kind) =>
        kind.Values == 0 ? High[coordinate] - Low[coordinate] : (double)BitOperations.PopCount(Members[coordinate]) / kind.Values;
}

/// <summary>A regression tree (Breiman et al., 1984) as its leaves: boxes that fill the space.</summary>
internal sealed class RegressionTree
{
    private const int LeastInLeaf = 2;
    private readonly Coordinate[] _coordinates;
    private readonly double[][] _points;
    private readonly double[] _values;
    private readonly List<TreeLeaf> _leaves = [];
    private SplitMix64 _random;

    private RegressionTree(Coordinate[] coordinates, double[][] points, double[] values, SplitMix64 random) =>
        (_coordinates, _points, _values, _random) = (coordinates, points, values, random);

    /// <summary>Grows a tree on rows drawn with replacement. Each split looks at five sixths of the coordinates, as the paper on fANOVA does.</summary>
    public static IReadOnlyList<TreeLeaf> Grow(Coordinate[] coordinates, double[][] points, double[] values, ulong seed)
    {
        var tree = new RegressionTree(coordinates, points, values, new SplitMix64(seed));
        var rows = new int[points.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = tree._random.Index(points.Length);
        }

        var all = Array.ConvertAll(coordinates, c => c.Values == 0 ? 0 : c.Values == Coordinate.MostValues ? ulong.MaxValue : (1UL << c.Values) - 1);
        tree.Split(rows, new double[coordinates.Length], [.. coordinates.Select(_ => 1.0)], all);
        return tree._leaves;
    }

    private void Split(int[] rows, double[] low, double[] high, ulong[] members)
    {
        if (rows.Length < 2 * LeastInLeaf || Best(rows, members) is not { } best)
        {
            _leaves.Add(new TreeLeaf(low, high, members, rows.Average(row => _values[row])));
            return;
        }

        var (left, right) = (rows.Where(row => best.IsLeft(_points[row])).ToArray(), rows.Where(row => !best.IsLeft(_points[row])).ToArray());
        double[] leftHigh = [.. high], rightLow = [.. low];
        ulong[] leftMembers = [.. members], rightMembers = [.. members];
        if (best.Members == 0)
        {
            leftHigh[best.Coordinate] = rightLow[best.Coordinate] = best.Threshold;
        }
        else
        {
            leftMembers[best.Coordinate] = best.Members;
            rightMembers[best.Coordinate] &= ~best.Members;
        }

        Split(left, low, leftHigh, leftMembers);
        Split(right, rightLow, high, rightMembers);
    }

    /// <summary>The cut that leaves the least squared error; null: none lessens it.</summary>
    private Cut? Best(int[] rows, ulong[] members)
    {
        Cut? best = null;
        var wanted = (int)Math.Ceiling(_coordinates.Length * 5 / 6.0);
        var order = Enumerable.Range(0, _coordinates.Length).ToArray();
        for (var i = 0; i < wanted; i++)
        {
            var other = i + _random.Index(order.Length - i);
            (order[i], order[other]) = (order[other], order[i]);
            if (Best(order[i], rows, members[order[i]]) is { } cut && (best is null || cut.Gain > best.Gain))
            {
                best = cut;
            }
        }

        return best is { Gain: > 1e-12 } ? best : null;
    }

    private Cut? Best(int coordinate, int[] rows, ulong members)
    {
        if (_coordinates[coordinate].Values == 0)
        {
            return BestOf(coordinate, [.. rows.Select(row => (Place: _points[row][coordinate], Value: _values[row])).OrderBy(p => p.Place)], order: null);
        }

        // Values in the order of their means: for squared error the best subset is a beginning of that list (Fisher, 1958).
        var order = rows.GroupBy(row => (int)_points[row][coordinate]).OrderBy(group => group.Average(row => _values[row])).ThenBy(group => group.Key).Select(group => group.Key).ToList();
        var cut = BestOf(coordinate, [.. rows.Select(row => (Place: (double)order.IndexOf((int)_points[row][coordinate]), Value: _values[row])).OrderBy(p => p.Place)], order);

        // Values that no row has go with the right side.
        return cut is { } found && (found.Members & members) != members ? found : null;
    }

    private static Cut? BestOf(int coordinate, (double Place, double Value)[] sorted, List<int>? order)
    {
        Cut? best = null;
        double total = sorted.Sum(p => p.Value), left = 0;
        for (var i = 1; i < sorted.Length; i++)
        {
            left += sorted[i - 1].Value;
            if (sorted[i].Place <= sorted[i - 1].Place || i < LeastInLeaf || sorted.Length - i < LeastInLeaf)
            {
                continue;
            }

            var right = total - left;
            var gain = (left * left / i) + (right * right / (sorted.Length - i)) - (total * total / sorted.Length);
            if (best is null || gain > best.Gain)
            {
                var taken = order is null ? 0 : order.Take((int)sorted[i - 1].Place + 1).Aggregate(0UL, (bits, value) => bits | (1UL << value));
                best = new Cut(coordinate, (sorted[i].Place + sorted[i - 1].Place) / 2, taken, gain);
            }
        }

        return best;
    }

    private sealed record Cut(int Coordinate, double Threshold, ulong Members, double Gain)
    {
        public bool IsLeft(double[] point) => Members == 0 ? point[Coordinate] < Threshold : (Members >> (int)point[Coordinate] & 1) == 1;
    }
}
