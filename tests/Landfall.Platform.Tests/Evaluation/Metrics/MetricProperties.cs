using CsCheck;
using Landfall.Platform.Briefs;
using Landfall.Platform.Evaluation;

namespace Landfall.Platform.Tests.Evaluation.Metrics;

public sealed class MetricProperties
{
    private static readonly Gen<string> s_text = Gen.OneOf(
        Gen.String[Gen.Char["ab 我的,.3é"], 0, 12], Gen.String[0, 12], Gen.OneOf([.. new[] { "oos", "billing", "refund", "the cat sat on the mat", "{\"a\":1}" }.Select(Gen.Const)]));

    private static readonly Gen<(string Expected, string Got)[]> s_answers = Gen.Select(s_text, s_text).Array[1, 12];

    /// <summary>Metrics of the answers themselves: what needs repeats or conversations has tests of its own.</summary>
    private static IEnumerable<IMetric> Rated => MetricRegistry.BuiltIn.All.Where(metric => metric.IsQuality && metric.Fits(Examples.Brief(OutputKind.Text)));

    [Fact]
    public void Value_AnyAnswers_LiesInRangeAndInItsInterval() => s_answers.Sample(
        answers =>
        {
            foreach (var metric in Rated)
            {
                var scores = answers.Select(a => metric.Score(Examples.Observation(a.Expected, a.Got), Examples.Label));
                var value = Estimator.Estimate(metric, scores);
                Assert.True(metric.Range.Contains(value.Value) && metric.Range.Contains(value.Low) && metric.Range.Contains(value.High), metric.Name);
                Assert.True(value.N == 0 || (value.Low <= value.Value + 1e-12 && value.Value <= value.High + 1e-12), metric.Name);
            }
        },
        iter: 60);

    [Fact]
    public void Value_AnswersInAnotherOrder_IsTheSame() => s_answers.Sample(
        answers =>
        {
            foreach (var metric in Rated)
            {
                Assert.Equal(Value(metric, answers), Value(metric, [.. answers.Reverse()]), 1e-9);
            }
        },
        iter: 200);

    [Fact]
    public void Value_PerfectAnswers_IsTheBest() => Gen.String[Gen.Char["abc de我的"], 8, 30].Where(s => s.Count(c => !char.IsWhiteSpace(c)) >= 8).Array[1, 8].Sample(
        texts =>
        {
            foreach (var metric in Rated.Where(m => m.Name is not ("json-validity" or "bleu") && !m.NeedsOutOfScope))
            {
                Assert.Equal(metric.Range.High, Value(metric, [.. texts.Select(t => (t, t))]), 1e-9);
            }

            // BLEU needs a 4-gram somewhere.
            Assert.Equal(100, Value(MetricRegistry.BuiltIn.Get("bleu"), [.. texts.Select(t => (t, t)), ("a b c d", "a b c d")]), 1e-9);
        },
        iter: 200);

    [Fact]
    public void Score_SameExample_DependsOnNothingElse()
    {
        foreach (var metric in MetricRegistry.BuiltIn.All)
        {
            var first = metric.Score(Examples.Observation("billing", "refund"), Examples.Label);
            _ = metric.Score(Examples.Observation("other", "thing"), Examples.Label);
            Assert.Equal(first, metric.Score(Examples.Observation("billing", "refund"), Examples.Label));
        }
    }

    [Fact]
    public void Statistic_OneLeftOut_IsThatOfTheRest() => s_answers.Where(a => a.Length > 1).Sample(
        answers =>
        {
            foreach (var metric in Rated)
            {
                double[][] scores = [.. answers.Select(a => metric.Score(Examples.Observation(a.Expected, a.Got), Examples.Label)).OfType<double[]>()];
                if (scores.Length > 1)
                {
                    var statistic = metric.Statistic(scores);
                    var sums = statistic.Totals();
                    statistic.Add(sums, 0, -1);
                    Assert.Equal(metric.Statistic(scores[1..]).Value(), statistic.Of(sums), 1e-9);
                }
            }
        },
        iter: 200);

    private static double Value(IMetric metric, (string Expected, string Got)[] answers)
    {
        double[][] scores = [.. answers.Select(a => metric.Score(Examples.Observation(a.Expected, a.Got), Examples.Label)).OfType<double[]>()];
        return scores.Length == 0 ? 0 : metric.Statistic(scores).Value();
    }
}
