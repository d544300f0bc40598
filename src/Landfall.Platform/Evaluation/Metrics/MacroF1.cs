using System.Runtime.InteropServices;
using Landfall.Platform.Briefs;
using Landfall.Platform.Evaluation.Statistics;

namespace Landfall.Platform.Evaluation.Metrics;

/// <summary>
/// The unweighted mean of each label's F1, over the labels that occur among the expected or the given ones. An example's
/// score is the pair (expected, got), each label as a 52-bit hash of its name, so that it depends on that example alone.
/// </summary>
public sealed class MacroF1 : IMetric
{
    public string Name => "macro-f1";

    public MetricKind Kind => MetricKind.Corpus;

    public ValueRange Range => ValueRange.Fraction;

    public IReadOnlyList<OutputKind> Outputs => OutputKinds.Labels;

    public string CacheKey(MetricContext context) => $"{Name}/1{context.ScopeKey}";

    public double[]? Score(Observation observation, MetricContext context) =>
        [Identity(context.Label(observation.Row.Expected)), Identity(context.Label(observation.Got))];

    public AdditiveStatistic Statistic(IReadOnlyList<double[]> scores) => new LabelCounts(scores);

    /// <summary>FNV-1a, of which a double holds 52 bits exactly.</summary>
    private static double Identity(string label)
    {
        var hash = 14695981039346656037;
        foreach (var c in label)
        {
            hash = (hash ^ c) * 1099511628211;
        }

        return hash >> 12;
    }

    /// <summary>The sums: for each label its hits, its occurrences among the expected, and among the given.</summary>
    private sealed class LabelCounts : AdditiveStatistic
    {
        private readonly int[] _expected;
        private readonly int[] _got;

        public LabelCounts(IReadOnlyList<double[]> scores)
            : this(scores, Index(scores))
        {
        }

        private LabelCounts(IReadOnlyList<double[]> scores, Dictionary<double, int> labels)
            : base(scores.Count, 3 * labels.Count)
        {
            _expected = [.. scores.Select(score => 3 * labels[score[0]])];
            _got = [.. scores.Select(score => 3 * labels[score[1]])];
        }

        public override void Add(Span<double> sums, int example, double weight)
        {
            int expected = _expected[example], got = _got[example];
            sums[expected + 1] += weight;
            sums[got + 2] += weight;
            if (expected == got)
            {
                sums[expected] += weight;
            }
        }

        public override double Of(ReadOnlySpan<double> sums)
        {
            double total = 0;
            var labels = 0;
            for (var i = 0; i < sums.Length; i += 3)
            {
                var occurrences = sums[i + 1] + sums[i + 2];
                if (occurrences > 0)
                {
                    // F1 = 2 tp / (2 tp + fp + fn)
                    total += 2 * sums[i] / occurrences;
                    labels++;
                }
            }

            return labels == 0 ? 0 : total / labels;
        }

        /// <summary>Numbers by ascending hash, so that sums are taken in one order whatever the order of the examples.</summary>
        private static Dictionary<double, int> Index(IReadOnlyList<double[]> scores)
        {
            var labels = new SortedSet<double>();
            foreach (var score in scores)
            {
                labels.Add(score[0]);
                labels.Add(score[1]);
            }

            var index = new Dictionary<double, int>(labels.Count);
            foreach (var label in labels)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(index, label, out _) = index.Count - 1;
            }

            return index;
        }
    }
}
