using Landfall.Platform.Evaluation;
using Landfall.Platform.Evaluation.Statistics;
using Landfall.Protocol.Reports;

namespace Landfall.Platform.Briefs;

/// <summary>How many test rows a target needs: for proportions by exact binomial calculation, for quantiles by order statistics.</summary>
internal static class TestSizeRules
{
    /// <summary>The chance of proof that makes a test set large enough.</summary>
    public const double Power = 0.8;

    /// <summary>Fewer examples than this make a bootstrap interval too narrow (its coverage falls under its level).</summary>
    private const int LeastForBootstrap = 30;

    /// <summary>Beyond this many rows the normal approximation is exact enough, and the exact search slow.</summary>
    private const double LargestExact = 5_000;

    private const double LargestProvable = 1 - 1e-7;

    /// <summary>Checks one target against the rows it will rest on.</summary>
    public static void Check(TargetParts target, MetricFacts facts, long rows, int compared, BriefFindings findings)
    {
        switch (facts.Shape)
        {
            case MetricKind.Proportion:
                CheckProportion(target, rows, compared, findings);
                break;
            case MetricKind.Quantile:
                CheckQuantile(target, facts, rows, findings);
                break;
            case MetricKind.Mean or MetricKind.Corpus when rows < LeastForBootstrap:
                findings.Warn("test-small", target.Field, $"{Rows(rows)} to measure '{target.Words}' on: under {LeastForBootstrap}, a bootstrap interval is narrower than it should be. Add test rows.");
                break;
            default:
                break;
        }
    }

    /// <summary>The true rate for which the needed rows are named: two fifths of the way from the bound to perfection.</summary>
    public static double SupposedTruth(double bound) => Math.Round(bound + (0.4 * (1 - bound)), 10);

    /// <summary>Rows for an 80% chance of proof if the truth is <see cref="SupposedTruth"/>; beyond 5,000 by the normal approximation.</summary>
    public static double RowsForProof(double bound, double confidence)
    {
        var truth = SupposedTruth(bound);
        var estimate = NormalEstimate(bound, truth, confidence);
        return estimate > LargestExact ? estimate : SampleSize.RowsForPower(bound, truth, confidence, Power);
    }

    /// <summary>A figure to two significant digits.</summary>
    public static string About(double rows)
    {
        var unit = Math.Pow(10, Math.Max(0, Math.Floor(Math.Log10(Math.Max(1, rows))) - 1));
        return Shown.Count((long)(Math.Round(rows / unit, MidpointRounding.AwayFromZero) * unit));
    }

    private static void CheckProportion(TargetParts target, long rows, int compared, BriefFindings findings)
    {
        // "At most b of the rows" is "at least 1 - b of the rows are not".
        var bound = target.Direction == Direction.AtLeast ? target.Bound!.Value : Math.Round(1 - target.Bound!.Value, 12);
        var field = target.Field;
        if (bound <= 0)
        {
            findings.Warn("trivial-target", field, $"'{target.Words}' holds for every app. Choose a bound that can be missed.");
            return;
        }

        if (bound > LargestProvable)
        {
            var nearer = target.Direction == Direction.AtLeast ? 0.99 : 0.01;
            findings.Error("unprovable-target", field, $"No number of rows proves '{target.Words}'. Choose a bound that leaves room for an error, such as {Shown.Number(nearer)} ({Shown.Count(SampleSize.RowsIfAllRight(0.99, target.Confidence))} rows).");
            return;
        }

        var least = SampleSize.RowsIfAllRight(bound, target.Confidence);
        var likely = RowsForProof(bound, target.Confidence);
        if (rows >= likely)
        {
            return;
        }

        var message = $"{Rows(rows)} for '{target.Words}'. {Needs(target, bound, least, likely)}{Comparing(target, bound, compared)}";
        if (rows < least)
        {
            findings.Error("test-too-small", field, $"{message} Add test rows, or lower the bound or the confidence.");
        }
        else
        {
            findings.Warn("test-small", field, $"{message} With fewer, the verdict may stay undecided.");
        }
    }

    private static string Needs(TargetParts target, double bound, int least, double likely)
    {
        var isLeast = target.Direction == Direction.AtLeast;
        var shown = Shown.Number(isLeast ? bound : 1 - bound);
        var truth = SupposedTruth(bound);
        return $"Rows needed even if all are {(isLeast ? "right" : "free of it")}: {shown} at {Shown.Percent(target.Confidence)} confidence: {Shown.Count(least)} rows. "
            + $"Rows for an 80% chance of proof: if the truth is {Shown.Number(isLeast ? truth : Math.Round(1 - truth, 10))}: about {About(likely)}.";
    }

    /// <summary>Comparing several candidates divides the error among them (Bonferroni), so that each needs more rows.</summary>
    private static string Comparing(TargetParts target, double bound, int compared)
    {
        if (compared < 2)
        {
            return "";
        }

        var confidence = 1 - ((1 - target.Confidence) / compared);
        return $" Comparing {compared} techniques raises these to {Shown.Count(SampleSize.RowsIfAllRight(bound, confidence))} and about {About(RowsForProof(bound, confidence))}.";
    }

    /// <summary>With all values on the right side, a quantile's one-sided bound is proven once q^n &lt;= alpha.</summary>
    private static void CheckQuantile(TargetParts target, MetricFacts facts, long rows, BriefFindings findings)
    {
        var quantile = target.Direction == Direction.AtMost ? facts.Quantile : 1 - facts.Quantile;
        if (quantile is <= 0 or > LargestProvable)
        {
            return;
        }

        var least = SampleSize.RowsIfAllRight(quantile, target.Confidence);
        if (rows < least)
        {
            findings.Error("test-too-small", target.Field, $"{Rows(rows)} for '{target.Words}'. Even if every row is within the bound, {Shown.Count(least)} rows are needed at {Shown.Percent(target.Confidence)} confidence. Add test rows, or lower the confidence.");
        }
    }

    private static double NormalEstimate(double bound, double truth, double confidence)
    {
        var spread = (NormalQuantile(confidence) * Math.Sqrt(bound * (1 - bound))) + (NormalQuantile(Power) * Math.Sqrt(truth * (1 - truth)));
        return Math.Pow(spread / (truth - bound), 2);
    }

    /// <summary>The standard normal quantile for p in [0.5, 1): Abramowitz and Stegun 26.2.23, error under 4.5e-4.</summary>
    private static double NormalQuantile(double p)
    {
        var t = Math.Sqrt(-2 * Math.Log(1 - p));
        return t - ((2.515517 + (0.802853 * t) + (0.010328 * t * t)) / (1 + (1.432788 * t) + (0.189269 * t * t) + (0.001308 * t * t * t)));
    }

    private static string Rows(long rows) => rows == 1 ? "There is 1 test row" : $"There are {Shown.Count(rows)} test rows";
}
