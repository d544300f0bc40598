namespace Landfall.Platform.Evaluation.Statistics.Agreement;

/// <summary>Kappa of two annotators.</summary>
public sealed record PairAgreement(string First, string Second, AgreementValue Kappa);

/// <summary>What a labelling page or a judge's report says of agreement.</summary>
/// <param name="LabelCounts">How many items each annotator labelled; 0 for one who labelled nothing.</param>
/// <param name="Agreeing">Of the pairs of labels given to the same item, the share that agree; null without a pair.</param>
/// <param name="Pairs">Cohen's kappa of every two annotators; weighted (quadratic) for ordered labels.</param>
/// <param name="Fleiss">Fleiss' kappa.</param>
/// <param name="Alpha">Krippendorff's alpha.</param>
public sealed record AgreementSummary(
    IReadOnlyDictionary<string, int> LabelCounts, double? Agreeing, IReadOnlyList<PairAgreement> Pairs, AgreementValue Fleiss, AgreementValue Alpha)
{
    /// <summary>All coefficients of a table. A coefficient that is undefined says why.</summary>
    public static AgreementSummary Of(RatingTable table, MeasurementLevel level = MeasurementLevel.Nominal)
    {
        var annotators = Enumerable.Range(0, table.Annotators.Count).ToArray();
        var weights = level == MeasurementLevel.Nominal ? KappaWeights.None : KappaWeights.Quadratic;
        return new AgreementSummary(
            annotators.ToDictionary(annotator => table.Annotators[annotator], table.CountOf, StringComparer.Ordinal),
            ShareAgreeing(table),
            [.. from first in annotators
                from second in annotators
                where first < second
                select new PairAgreement(table.Annotators[first], table.Annotators[second], CohenKappa.Of(table, first, second, weights))],
            FleissKappa.Of(table),
            KrippendorffAlpha.Of(table, level));
    }

    private static double? ShareAgreeing(RatingTable table)
    {
        long agreeing = 0, pairs = 0;
        for (var item = 0; item < table.Items.Count; item++)
        {
            var counts = table.CountsOf(item);
            long given = counts.Sum();
            agreeing += counts.Sum(count => (long)count * (count - 1));
            pairs += given * (given - 1);
        }

        return pairs == 0 ? null : (double)agreeing / pairs;
    }
}
