using System.Numerics;

namespace Landfall.Platform.Evaluation.Statistics;

/// <summary>
/// The paired permutation test: if two candidates were the same, their scores on an example could be swapped without
/// harm. Two-sided; exact where the examples that differ are few, else by 10,000 seeded draws (add-one estimate, Phipson
/// and Smyth 2010).
/// </summary>
public static class PairedPermutation
{
    private const int Draws = 10_000;
    private const int MostForExact = 13;

    /// <param name="statistic">The figure over the scores of both: some examples belong to A, some to B.</param>
    /// <param name="pairs">For each example its index among A's and B's scores, or -1 where it has none.</param>
    /// <param name="differing">Which pairs have different scores; swapping the others changes nothing.</param>
    /// <param name="seed">The seed of the draws.</param>
    public static double PValue(
        AdditiveStatistic statistic, IReadOnlyList<(int A, int B)> pairs, IReadOnlyList<bool> differing, ulong seed = Bootstrap.DefaultSeed)
    {
        double[] common = new double[statistic.Width], total = new double[statistic.Width], observed = new double[statistic.Width];
        var swappable = new List<(int A, int B)>();
        for (var i = 0; i < pairs.Count; i++)
        {
            if (differing[i])
            {
                swappable.Add(pairs[i]);
                Add(statistic, total, pairs[i].A);
                Add(statistic, total, pairs[i].B);
                Add(statistic, observed, pairs[i].A);
            }
            else
            {
                Add(statistic, common, pairs[i].A);
            }
        }

        if (swappable.Count == 0)
        {
            return 1;
        }

        var test = new SwapTest(statistic, [.. swappable], common, total);

        // Sums taken in another order differ in their last bits; a swap of everything must still count as equal.
        var threshold = test.Difference(observed) * (1 - 1e-9);
        return swappable.Count <= MostForExact ? test.Exact(threshold) : test.Sampled(threshold, seed);
    }

    private static void Add(AdditiveStatistic statistic, double[] sums, int example)
    {
        if (example >= 0)
        {
            statistic.Add(sums, example, 1);
        }
    }

    private sealed class SwapTest(AdditiveStatistic statistic, (int A, int B)[] swappable, double[] common, double[] total)
    {
        private readonly double[] _first = new double[statistic.Width];
        private readonly double[] _left = new double[statistic.Width];
        private readonly double[] _right = new double[statistic.Width];

        /// <summary>The absolute difference when one side holds these sums and the other the rest.</summary>
        public double Difference(double[] first)
        {
            for (var j = 0; j < first.Length; j++)
            {
                _left[j] = common[j] + first[j];
                _right[j] = common[j] + total[j] - first[j];
            }

            return Math.Abs(statistic.Of(_left) - statistic.Of(_right));
        }

        public double Exact(double threshold)
        {
            var count = 1 << swappable.Length;
            var extreme = 0;
            for (var mask = 0; mask < count; mask++)
            {
                Array.Clear(_first);
                for (var i = 0; i < swappable.Length; i++)
                {
                    Add(statistic, _first, (mask >> i & 1) == 0 ? swappable[i].A : swappable[i].B);
                }

                extreme += Difference(_first) >= threshold ? 1 : 0;
            }

            return (double)extreme / count;
        }

        public double Sampled(double threshold, ulong seed)
        {
            var random = new SplitMix64(seed);
            var extreme = 0;
            for (var draw = 0; draw < Draws; draw++)
            {
                Array.Clear(_first);
                ulong bits = 0;
                for (var i = 0; i < swappable.Length; i++)
                {
                    bits = (i & 63) == 0 ? random.Next() : BitOperations.RotateRight(bits, 1);
                    Add(statistic, _first, (bits & 1) == 0 ? swappable[i].A : swappable[i].B);
                }

                extreme += Difference(_first) >= threshold ? 1 : 0;
            }

            return (extreme + 1.0) / (Draws + 1);
        }
    }
}
