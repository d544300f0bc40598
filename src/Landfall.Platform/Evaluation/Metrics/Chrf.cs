using System.Runtime.InteropServices;
using System.Text;
using Landfall.Platform.Briefs;
using Landfall.Platform.Evaluation.Statistics;
using Landfall.Platform.Evaluation.Text;

namespace Landfall.Platform.Evaluation.Metrics;

/// <summary>
/// Corpus chrF, 0 to 100 (Popovic, WMT 2015) with sacreBLEU's defaults: character orders 1 to 6, no word n-grams, beta = 2,
/// without white space, mixed case; precision and recall are averaged over the orders that both sides have.
/// An example's score: for each order the answer's n-grams (0 where the reference has none), the reference's, the matches.
/// </summary>
public sealed class Chrf : IMetric
{
    private const int Orders = 6;
    private const double BetaSquared = 4;

    public string Name => "chrf";

    public MetricKind Kind => MetricKind.Corpus;

    public ValueRange Range => ValueRange.Percent;

    public IReadOnlyList<OutputKind> Outputs => OutputKinds.Texts;

    public double[]? Score(Observation observation, MetricContext context)
    {
        Rune[] reference = Characters(observation.Row.Expected), answer = Characters(observation.Got);
        var score = new double[3 * Orders];
        for (var n = 1; n <= Orders; n++)
        {
            Dictionary<string, int> left = Count(reference, n), right = Count(answer, n);
            score[3 * (n - 1)] = reference.Length < n ? 0 : Math.Max(0, answer.Length - n + 1);
            score[(3 * (n - 1)) + 1] = Math.Max(0, reference.Length - n + 1);
            score[(3 * (n - 1)) + 2] = right.Sum(gram => Math.Min(gram.Value, left.GetValueOrDefault(gram.Key)));
        }

        return score;
    }

    public AdditiveStatistic Statistic(IReadOnlyList<double[]> scores) => new VectorStatistic(scores, 3 * Orders, Figure);

    private static double Figure(ReadOnlySpan<double> sums)
    {
        double precision = 0, recall = 0;
        var orders = 0;
        for (var i = 0; i < sums.Length; i += 3)
        {
            if (sums[i] > 0 && sums[i + 1] > 0)
            {
                precision += sums[i + 2] / sums[i];
                recall += sums[i + 2] / sums[i + 1];
                orders++;
            }
        }

        if (orders == 0 || precision + recall <= 0)
        {
            return 0;
        }

        precision /= orders;
        recall /= orders;
        return Math.Min(100, 100 * (1 + BetaSquared) * precision * recall / ((BetaSquared * precision) + recall));
    }

    private static Rune[] Characters(string text) => [.. text.EnumerateRunes().Where(rune => !Rune.IsWhiteSpace(rune))];

    private static Dictionary<string, int> Count(Rune[] characters, int order)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var gram = new StringBuilder();
        for (var i = 0; i + order <= characters.Length; i++)
        {
            gram.Clear();
            foreach (var rune in characters.AsSpan(i, order))
            {
                gram.Append(rune);
            }

            CollectionsMarshal.GetValueRefOrAddDefault(counts, gram.ToString(), out _)++;
        }

        return counts;
    }
}
