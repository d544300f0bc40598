namespace Landfall.Platform.Evaluation.Statistics.Agreement;

/// <summary>
/// Agreement of any number of annotators beyond chance, each item labelled by the same number of them, not always the same
/// people (Fleiss, Psychological Bulletin 76, 1971).
/// </summary>
public static class FleissKappa
{
    /// <summary>Kappa of a table; items without a label are left out.</summary>
    public static AgreementValue Of(RatingTable table, ulong seed = Bootstrap.DefaultSeed)
    {
        var counts = Enumerable.Range(0, table.Items.Count).Select(table.CountsOf).Where(row => row.Sum() > 0).ToList();
        return Of(counts, table.Labels, seed);
    }

    /// <summary>Kappa of counts: how often (column) each label was given to the item (row).</summary>
    public static AgreementValue OfCounts(IReadOnlyList<int[]> counts, ulong seed = Bootstrap.DefaultSeed) =>
        Of(counts, [.. Enumerable.Range(1, counts.Count == 0 ? 0 : counts[0].Length).Select(i => $"{i}")], seed);

    private static AgreementValue Of(IReadOnlyList<int[]> counts, IReadOnlyList<string> labels, ulong seed)
    {
        if (counts.Count == 0)
        {
            return AgreementValue.Undefined(0, "Undefined: nothing is labelled yet.");
        }

        int fewest = counts.Min(row => row.Sum()), most = counts.Max(row => row.Sum());
        if (most < 2)
        {
            return AgreementValue.Undefined(0, "Undefined: no item has labels of two annotators. Let several label the same items.");
        }

        if (fewest != most)
        {
            return AgreementValue.Undefined(counts.Count, $"Undefined: items have {fewest} to {most} labels, and Fleiss' kappa needs as many for each. Read Krippendorff's alpha instead.");
        }

        var statistic = new CountStatistic(counts, labels.Count);
        return double.IsNaN(statistic.Value())
            ? AgreementValue.Undefined(counts.Count, $"Undefined: every label is '{labels[Array.FindIndex(counts[0], count => count > 0)]}', so that chance alone would agree as often. Add items of other labels.")
            : AgreementBootstrap.Of(statistic, seed);
    }

    /// <summary>The sums: each item's share of agreeing pairs, items, then label counts.</summary>
    private sealed class CountStatistic : AdditiveStatistic
    {
        private readonly IReadOnlyList<int[]> _counts;
        private readonly double[] _agreeing;

        public CountStatistic(IReadOnlyList<int[]> counts, int labels)
            : base(counts.Count, 2 + labels)
        {
            _counts = counts;
            double n = counts[0].Sum();
            _agreeing = [.. counts.Select(row => (row.Sum(count => (double)count * count) - n) / (n * (n - 1)))];
        }

        public override void Add(Span<double> sums, int example, double weight)
        {
            sums[0] += weight * _agreeing[example];
            sums[1] += weight;
            var row = _counts[example];
            for (var label = 0; label < row.Length; label++)
            {
                sums[2 + label] += weight * row[label];
            }
        }

        public override double Of(ReadOnlySpan<double> sums)
        {
            double total = 0, squares = 0;
            foreach (var count in sums[2..])
            {
                total += count;
                squares += count * count;
            }

            // With one label squares equal total^2 exactly: both are sums of whole numbers.
            var expected = squares / (total * total);
            return squares >= total * total ? double.NaN : ((sums[0] / sums[1]) - expected) / (1 - expected);
        }
    }
}
