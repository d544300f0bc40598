namespace Landfall.Platform.Evaluation.Statistics.Agreement;

/// <summary>What a disagreement of two labels weighs.</summary>
public enum KappaWeights
{
    /// <summary>All disagreements alike.</summary>
    None,

    /// <summary>By the distance in the labels' order.</summary>
    Linear,

    /// <summary>By the distance's square.</summary>
    Quadratic,
}

/// <summary>
/// Two annotators' agreement beyond chance: kappa (Cohen, Educational and Psychological Measurement 20, 1960) and weighted
/// kappa (Cohen, Psychological Bulletin 70, 1968), which is 1 - sum(v o) / sum(v e) for disagreement weights v.
/// </summary>
public static class CohenKappa
{
    /// <summary>Kappa of two annotators of a table, on the items that both labelled.</summary>
    public static AgreementValue Of(RatingTable table, int first, int second, KappaWeights weights = KappaWeights.None, ulong seed = Bootstrap.DefaultSeed)
    {
        var pairs = new List<(int First, int Second)>();
        for (var item = 0; item < table.Items.Count; item++)
        {
            if (table.LabelOf(item, first) is { } a && table.LabelOf(item, second) is { } b)
            {
                pairs.Add((a, b));
            }
        }

        if (pairs.Count == 0)
        {
            string one = table.Annotators[first], other = table.Annotators[second];
            var idle = table.CountOf(first) == 0 ? one : table.CountOf(second) == 0 ? other : null;
            return AgreementValue.Undefined(0, idle is null
                ? $"Undefined: '{one}' and '{other}' have labelled no item in common. Let both label the same items."
                : $"Undefined: '{idle}' has labelled nothing yet.");
        }

        return Of(pairs, Disagreements(table.Labels.Count, weights), table.Labels, seed);
    }

    /// <summary>Kappa of a table of counts: rows are the first annotator's labels, columns the second's.</summary>
    /// <param name="counts">A square table.</param>
    /// <param name="disagreements">What each pair of labels weighs, 0 on the diagonal; null: 1 everywhere else.</param>
    /// <param name="seed">The seed of the resamples.</param>
    public static AgreementValue OfCounts(int[,] counts, double[,]? disagreements = null, ulong seed = Bootstrap.DefaultSeed)
    {
        var labels = counts.GetLength(0);
        var pairs = new List<(int First, int Second)>();
        for (var a = 0; a < labels; a++)
        {
            for (var b = 0; b < labels; b++)
            {
                pairs.AddRange(Enumerable.Repeat((a, b), counts[a, b]));
            }
        }

        return pairs.Count == 0
            ? AgreementValue.Undefined(0, "Undefined: the table is empty.")
            : Of(pairs, disagreements ?? Disagreements(labels, KappaWeights.None), [.. Enumerable.Range(1, labels).Select(i => $"{i}")], seed);
    }

    private static AgreementValue Of(List<(int First, int Second)> pairs, double[,] disagreements, IReadOnlyList<string> labels, ulong seed)
    {
        var statistic = new PairStatistic(pairs, disagreements);
        return double.IsNaN(statistic.Value())
            ? AgreementValue.Undefined(pairs.Count, $"Undefined: both annotators gave every item the label '{labels[pairs[0].First]}', so that chance alone would agree as often. Add items of other labels.")
            : AgreementBootstrap.Of(statistic, seed);
    }

    private static double[,] Disagreements(int labels, KappaWeights weights)
    {
        var table = new double[labels, labels];
        for (var a = 0; a < labels; a++)
        {
            for (var b = 0; b < labels; b++)
            {
                double distance = Math.Abs(a - b);
                table[a, b] = weights switch
                {
                    KappaWeights.Linear => distance,
                    KappaWeights.Quadratic => distance * distance,
                    _ => a == b ? 0 : 1,
                };
            }
        }

        return table;
    }

    /// <summary>The sums: observed disagreement, items, then each annotator's label counts.</summary>
    private sealed class PairStatistic(List<(int First, int Second)> pairs, double[,] disagreements)
        : AdditiveStatistic(pairs.Count, 2 + (2 * disagreements.GetLength(0)))
    {
        private readonly int _labels = disagreements.GetLength(0);

        public override void Add(Span<double> sums, int example, double weight)
        {
            var (first, second) = pairs[example];
            sums[0] += weight * disagreements[first, second];
            sums[1] += weight;
            sums[2 + first] += weight;
            sums[2 + _labels + second] += weight;
        }

        public override double Of(ReadOnlySpan<double> sums)
        {
            double expected = 0;
            for (var a = 0; a < _labels; a++)
            {
                for (var b = 0; b < _labels; b++)
                {
                    expected += disagreements[a, b] * sums[2 + a] * sums[2 + _labels + b];
                }
            }

            return expected <= 0 ? double.NaN : 1 - (sums[0] * sums[1] / expected);
        }
    }
}
