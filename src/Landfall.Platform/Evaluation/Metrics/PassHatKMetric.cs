using Landfall.Platform.Briefs;
using Landfall.Platform.Evaluation.Statistics;

namespace Landfall.Platform.Evaluation.Metrics;

/// <summary>
/// pass^k: the chance that k attempts at a row are all right, estimated for each row from its repeats and averaged over
/// rows. Rows are what is resampled: repeats of one row are no further rows.
/// </summary>
public sealed class PassHatKMetric : IMetric
{
    public string Name => "pass-hat-k";

    public MetricKind Kind => MetricKind.Mean;

    public ValueRange Range => ValueRange.Fraction;

    public IReadOnlyList<OutputKind> Outputs => OutputKinds.All;

    public bool Fits(Brief brief) => brief.Repeats is not null;

    public string CacheKey(MetricContext context) =>
        $"{Name}/1/{context.Repeats?.K}/{context.Repeats?.Of}/{context.Repeats?.By}{context.ScopeKey}/{(context.Repeats is { } r && BriefJudge.IsMetric(r.By) ? context.JudgeKeys.GetValueOrDefault(r.By[BriefJudge.MetricPrefix.Length..], "") : "")}";

    public double[]? Score(Observation observation, MetricContext context)
    {
        if (context.Repeats is not { } repeats || observation.Attempts.Count < repeats.K)
        {
            return null;
        }

        // An attempt that nobody could judge has not been seen to succeed.
        var by = context.RightBy!;
        var right = observation.Attempts.Count(attempt => by.Score(attempt, context) is { } score && score[0] > 0.5);
        return [PassHatK.Of(right, observation.Attempts.Count, repeats.K)];
    }
}
