namespace Landfall.Platform.Evaluation.Statistics.Agreement;

/// <summary>
/// Krippendorff's alpha (Krippendorff, Computing Krippendorff's Alpha-Reliability, University of Pennsylvania, 2011): any
/// number of annotators, any labels missing, nominal to ratio. 1 - D_observed / D_expected over pairable labels.
/// </summary>
public static class KrippendorffAlpha
{
    /// <summary>Alpha of a table; an item with fewer than two labels does not count.</summary>
    /// <param name="table">The labels; ordinal alpha takes their order, interval and ratio their numbers.</param>
    /// <param name="level">What distances mean.</param>
    /// <param name="seed">The seed of the resamples.</param>
    public static AgreementValue Of(RatingTable table, MeasurementLevel level = MeasurementLevel.Nominal, ulong seed = Bootstrap.DefaultSeed)
    {
        double[]? numbers = null;
        if (level is MeasurementLevel.Interval or MeasurementLevel.Ratio)
        {
            if (table.Labels.FirstOrDefault(label => RatingTable.Number(label) is null) is { } text)
            {
                return AgreementValue.Undefined(0, $"Undefined: the label '{text}' is no number. Read the nominal or ordinal alpha.");
            }

            numbers = [.. table.Labels.Select(label => RatingTable.Number(label)!.Value)];
            if (level == MeasurementLevel.Ratio && Array.Exists(numbers, number => number < 0))
            {
                return AgreementValue.Undefined(0, $"Undefined: the label {table.Labels[0]} is below zero, and a ratio scale begins at zero. Read the interval alpha.");
            }
        }

        var counts = Enumerable.Range(0, table.Items.Count).Select(table.CountsOf).Where(row => row.Sum() >= 2).ToList();
        if (counts.Count == 0)
        {
            return AgreementValue.Undefined(0, "Undefined: no item has labels of two annotators. Let several label the same items.");
        }

        var statistic = new CoincidenceStatistic(counts, table.Labels.Count, level, numbers);
        return double.IsNaN(statistic.Value())
            ? AgreementValue.Undefined(counts.Count, $"Undefined: every label is '{table.Labels[Array.FindIndex(counts[0], count => count > 0)]}', so that nothing could have been confused. Add items of other labels.")
            : AgreementBootstrap.Of(statistic, seed);
    }

    /// <summary>
    /// The sums: how often each label occurs in pairable units, then the coincidences of each pair of unlike labels that
    /// occurs. In a resample the ordinal distances change with the counts, so only counts are summed.
    /// </summary>
    private sealed class CoincidenceStatistic : AdditiveStatistic
    {
        private readonly int _labels;
        private readonly MeasurementLevel _level;
        private readonly double[]? _numbers;
        private readonly (int First, int Second)[] _pairs;
        private readonly (int Place, double Amount)[][] _units;

        public CoincidenceStatistic(List<int[]> counts, int labels, MeasurementLevel level, double[]? numbers)
            : this(counts, labels, level, numbers, Pairs(counts))
        {
        }

        private CoincidenceStatistic(List<int[]> counts, int labels, MeasurementLevel level, double[]? numbers, Dictionary<(int First, int Second), int> pairs)
            : base(counts.Count, labels + pairs.Count)
        {
            (_labels, _level, _numbers) = (labels, level, numbers);
            _pairs = [.. pairs.OrderBy(pair => pair.Value).Select(pair => pair.Key)];
            _units = [.. counts.Select(row => Unit(row, labels, pairs))];
        }

        public override void Add(Span<double> sums, int example, double weight)
        {
            foreach (var (place, amount) in _units[example])
            {
                sums[place] += weight * amount;
            }
        }

        public override double Of(ReadOnlySpan<double> sums)
        {
            var counts = sums[.._labels];
            var places = _level == MeasurementLevel.Ordinal ? MiddleRanks(counts) : _numbers;
            double total = 0, observed = 0, expected = 0;
            for (var i = 0; i < _pairs.Length; i++)
            {
                var (first, second) = _pairs[i];
                observed += sums[_labels + i] * Distance(places, first, second);
            }

            for (var first = 0; first < counts.Length; first++)
            {
                total += counts[first];
                for (var second = first + 1; counts[first] > 0 && second < counts.Length; second++)
                {
                    expected += counts[first] * counts[second] * Distance(places, first, second);
                }
            }

            return expected <= 0 ? double.NaN : 1 - ((total - 1) * observed / expected);
        }

        private double Distance(double[]? places, int first, int second)
        {
            if (places is null)
            {
                return 1;
            }

            var difference = places[first] - places[second];
            var sum = _level == MeasurementLevel.Ratio ? places[first] + places[second] : 1;
            return difference == 0 ? 0 : difference / sum * (difference / sum);
        }

        /// <summary>
        /// The ordinal distance of two labels, all counts from one to the other less half of both, is the difference of
        /// their middle ranks.
        /// </summary>
        private static double[] MiddleRanks(ReadOnlySpan<double> counts)
        {
            var ranks = new double[counts.Length];
            double below = 0;
            for (var label = 0; label < counts.Length; label++)
            {
                ranks[label] = below + (counts[label] / 2);
                below += counts[label];
            }

            return ranks;
        }

        private static Dictionary<(int First, int Second), int> Pairs(List<int[]> counts)
        {
            var pairs = new Dictionary<(int First, int Second), int>();
            foreach (var row in counts)
            {
                foreach (var pair in UnlikePairs(row))
                {
                    pairs.TryAdd(pair, pairs.Count);
                }
            }

            return pairs;
        }

        private static (int Place, double Amount)[] Unit(int[] row, int labels, Dictionary<(int First, int Second), int> pairs)
        {
            double others = row.Sum() - 1;
            return
            [
                .. row.Select((count, label) => (label, (double)count)).Where(entry => entry.Item2 > 0),
                .. UnlikePairs(row).Select(pair => (labels + pairs[pair], row[pair.First] * row[pair.Second] / others)),
            ];
        }

        private static IEnumerable<(int First, int Second)> UnlikePairs(int[] row)
        {
            int[] given = [.. Enumerable.Range(0, row.Length).Where(label => row[label] > 0)];
            for (var i = 0; i < given.Length; i++)
            {
                for (var j = i + 1; j < given.Length; j++)
                {
                    yield return (given[i], given[j]);
                }
            }
        }
    }
}
