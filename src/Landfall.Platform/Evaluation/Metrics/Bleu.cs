using System.Runtime.InteropServices;
using Landfall.Platform.Briefs;
using Landfall.Platform.Evaluation.Statistics;
using Landfall.Platform.Evaluation.Text;

namespace Landfall.Platform.Evaluation.Metrics;

/// <summary>
/// Corpus BLEU, 0 to 100 (Papineni et al., ACL 2002) with sacreBLEU's defaults (Post, WMT 2018): orders 1 to 4, mixed case,
/// tokenizer 13a (zh where the expected answer has Chinese characters), exponential smoothing, no effective order. So a
/// corpus without one 4-gram scores 0, even where every answer is right.
/// An example's score: answer length, reference length, matches of orders 1 to 4, n-grams of orders 1 to 4.
/// </summary>
public sealed class Bleu : IMetric
{
    private const int Orders = 4;

    public string Name => "bleu";

    public MetricKind Kind => MetricKind.Corpus;

    public ValueRange Range => ValueRange.Percent;

    public IReadOnlyList<OutputKind> Outputs => OutputKinds.Texts;

    public double[]? Score(Observation observation, MetricContext context)
    {
        string expected = WellFormed.Mend(observation.Row.Expected), got = WellFormed.Mend(observation.Got);
        var chinese = Han.In(expected);
        var reference = chinese ? BleuTokens.Chinese(expected) : BleuTokens.Western(expected);
        var answer = chinese ? BleuTokens.Chinese(got) : BleuTokens.Western(got);
        var score = new double[2 + (2 * Orders)];
        score[0] = answer.Length;
        score[1] = reference.Length;
        for (var order = 1; order <= Orders; order++)
        {
            var left = Count(reference, order);
            score[1 + order] = Count(answer, order).Sum(gram => Math.Min(gram.Value, left.GetValueOrDefault(gram.Key)));
            score[1 + Orders + order] = Math.Max(0, answer.Length - order + 1);
        }

        return score;
    }

    public AdditiveStatistic Statistic(IReadOnlyList<double[]> scores) => new VectorStatistic(scores, 2 + (2 * Orders), Figure);

    private static double Figure(ReadOnlySpan<double> sums)
    {
        double answer = sums[0], reference = sums[1];
        ReadOnlySpan<double> matches = sums.Slice(2, Orders), grams = sums.Slice(2 + Orders, Orders);
        double logs = 0, smoothing = 1;
        for (var n = 0; n < Orders; n++)
        {
            // With no match at all, or no n-gram of some order, BLEU is 0.
            if (matches[0] <= 0 || grams[n] <= 0)
            {
                return 0;
            }

            // Exponential smoothing: the k-th order without a match counts as 1 / 2^k matches.
            smoothing = matches[n] > 0 ? smoothing : smoothing * 2;
            logs += Math.Log(matches[n] > 0 ? matches[n] / grams[n] : 1 / (smoothing * grams[n]));
        }

        var brevity = answer < reference ? Math.Exp(1 - (reference / answer)) : 1;
        return Math.Min(100, 100 * brevity * Math.Exp(logs / Orders));
    }

    private static Dictionary<string, int> Count(string[] tokens, int order)
    {
        // Tokens hold no white space, so a space joins them without doubt.
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i + order <= tokens.Length; i++)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(counts, string.Join(' ', tokens, i, order), out _)++;
        }

        return counts;
    }
}
