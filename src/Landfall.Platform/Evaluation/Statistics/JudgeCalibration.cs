namespace Landfall.Platform.Evaluation.Statistics;

/// <summary>A judge of pass or fail against human labels of the same answers.</summary>
/// <param name="HumanPass">Answers that humans passed.</param>
/// <param name="BothPass">Of them, those that the judge passed too.</param>
/// <param name="HumanFail">Answers that humans failed.</param>
/// <param name="BothFail">Of them, those that the judge failed too.</param>
public sealed record JudgeCalibration(int HumanPass, int BothPass, int HumanFail, int BothFail)
{
    /// <summary>The share of good answers that the judge passes; null without good answers.</summary>
    public double? Sensitivity => HumanPass == 0 ? null : (double)BothPass / HumanPass;

    /// <summary>The share of bad answers that the judge fails; null without bad answers.</summary>
    public double? Specificity => HumanFail == 0 ? null : (double)BothFail / HumanFail;

    /// <summary>Why nothing can be corrected by it, or null.</summary>
    public string? WhyUseless =>
        HumanPass == 0 || HumanFail == 0 ? "the calibration rows have human labels of one kind only; label good and bad answers"
        : Sensitivity + Specificity <= 1 ? "the judge does not tell good answers from bad ones: on the calibration rows it passes bad answers as often as good ones"
        : null;
}

/// <summary>
/// The true share of good answers behind a judge's verdicts: the estimate of Rogan and Gladen (American Journal of
/// Epidemiology 107, 1978) with bounds that carry the error of the judge's sensitivity and specificity as well as that of
/// the verdicts. The bounds invert the score test of "the share is p", whose variance is taken at p (the three samples
/// are independent), with half a row added to each cell of the calibration (Jeffreys). Of the methods tried, this one's
/// coverage stays nearest to its level; docs/benchmarks.md has the figures.
/// </summary>
public static class CorrectedShare
{
    /// <summary>(q + specificity - 1) / (sensitivity + specificity - 1), cut to 0..1; the judge's own share when it cannot be corrected.</summary>
    public static double Estimate(long passed, long judged, JudgeCalibration calibration) =>
        judged == 0 ? 0
        : calibration.WhyUseless is not null ? (double)passed / judged
        : Math.Clamp((((double)passed / judged) + calibration.Specificity!.Value - 1) / (calibration.Sensitivity!.Value + calibration.Specificity.Value - 1), 0, 1);

    /// <summary>The one-sided lower bound at level 1 - alpha; 0 when the judge says nothing.</summary>
    public static double LowerBound(long passed, long judged, JudgeCalibration calibration, double alpha) =>
        judged == 0 || calibration.WhyUseless is not null ? 0 : Bound(new Score(passed, judged, calibration), -Normal.Quantile(alpha), high: false);

    /// <summary>The one-sided upper bound; 1 when the judge says nothing.</summary>
    public static double UpperBound(long passed, long judged, JudgeCalibration calibration, double alpha) =>
        judged == 0 || calibration.WhyUseless is not null ? 1 : Bound(new Score(passed, judged, calibration), Normal.Quantile(alpha), high: true);

    /// <summary>Where the score falls to z: below, every share is refused as too low; above, as too high.</summary>
    private static double Bound(Score score, double z, bool high)
    {
        if (high ? score.At(1) >= z : score.At(0) <= z)
        {
            return high ? 1 : 0;
        }

        double low = 0, top = 1;
        while (top - low > 1e-12)
        {
            var middle = (low + top) / 2;
            (low, top) = score.At(middle) > z ? (middle, top) : (low, middle);
        }

        return low;
    }

    /// <summary>How far the verdicts lie above what a share would give, in standard errors at that share.</summary>
    private readonly struct Score(long passed, long judged, JudgeCalibration calibration)
    {
        private readonly double _sensitivity = (calibration.BothPass + 0.5) / (calibration.HumanPass + 1);
        private readonly double _specificity = (calibration.BothFail + 0.5) / (calibration.HumanFail + 1);

        public double At(double share)
        {
            var expected = (share * _sensitivity) + ((1 - share) * (1 - _specificity));
            var variance = (expected * (1 - expected) / judged)
                + (share * share * _sensitivity * (1 - _sensitivity) / (calibration.HumanPass + 1))
                + ((1 - share) * (1 - share) * _specificity * (1 - _specificity) / (calibration.HumanFail + 1));
            return (((double)passed / judged) - expected) / Math.Sqrt(variance);
        }
    }
}

/// <summary>
/// The mean of human scores behind a judge's scores: the judge's mean on the test rows, plus how far humans differ from it
/// on the calibration rows (prediction-powered inference; Angelopoulos et al., Science 382, 2023). It takes calibration
/// rows to be like test rows.
/// </summary>
public static class CorrectedMean
{
    /// <param name="judged">The judge's scores of test rows.</param>
    /// <param name="differences">Human less judge on each calibration row.</param>
    public static double Estimate(IReadOnlyCollection<double> judged, IReadOnlyCollection<double> differences) => judged.Average() + differences.Average();

    /// <summary>The standard error from both samples; infinite where one has fewer than two rows.</summary>
    public static double StandardError(IReadOnlyCollection<double> judged, IReadOnlyCollection<double> differences) =>
        judged.Count < 2 || differences.Count < 2 ? double.PositiveInfinity
            : Math.Sqrt((Variance(judged) / judged.Count) + (Variance(differences) / differences.Count));

    private static double Variance(IReadOnlyCollection<double> values)
    {
        var mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1);
    }
}
