namespace Landfall.Platform.Evaluation.Statistics.Agreement;

/// <summary>Intervals of coefficients of agreement, by resampling items: annotators are taken as they are.</summary>
internal static class AgreementBootstrap
{
    private const double Tail = (1 - Estimator.Confidence) / 2;

    /// <summary>The coefficient over all items, with its interval.</summary>
    /// <param name="statistic">A function of sums over items; NaN for sums of which it is undefined.</param>
    /// <param name="seed">The seed of the resamples.</param>
    public static AgreementValue Of(AdditiveStatistic statistic, ulong seed)
    {
        var bootstrap = Bootstrap.Run(statistic, seed: seed);
        return bootstrap.HasWidth
            ? new AgreementValue(bootstrap.Estimate, bootstrap.Bound(Tail), bootstrap.Bound(1 - Tail), statistic.Count, WhyUndefined: null)
            : new AgreementValue(bootstrap.Estimate, Low: null, High: null, statistic.Count, WhyUndefined: null);
    }
}
