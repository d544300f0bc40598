using Landfall.Platform.Briefs;
using Landfall.Platform.Evaluation.Text;

namespace Landfall.Platform.Evaluation.Metrics;

/// <summary>
/// The mean F1 of answer tokens against expected tokens, as bags (SQuAD; Rajpurkar et al., EMNLP 2016). Two answers without
/// tokens agree; one without and one with do not.
/// </summary>
public sealed class TokenF1 : IMetric
{
    public string Name => "token-f1";

    public MetricKind Kind => MetricKind.Mean;

    public ValueRange Range => ValueRange.Fraction;

    public IReadOnlyList<OutputKind> Outputs => OutputKinds.Texts;

    public double[]? Score(Observation observation, MetricContext context) => [F1(observation.Row.Expected, observation.Got)];

    internal static double F1(string expected, string got)
    {
        List<string> reference = SquadTokens.Of(expected), answer = SquadTokens.Of(got);
        if (reference.Count == 0 || answer.Count == 0)
        {
            return reference.Count == answer.Count ? 1 : 0;
        }

        var left = reference.CountBy(token => token, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var common = answer.CountBy(token => token, StringComparer.Ordinal).Sum(token => Math.Min(token.Value, left.GetValueOrDefault(token.Key)));
        return 2.0 * common / (reference.Count + answer.Count);
    }
}
