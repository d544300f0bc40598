using Landfall.Platform.Evaluation.Statistics.Agreement;

namespace Landfall.Platform.Tests.Evaluation.Statistics.Agreement;

/// <summary>Tables of the papers that the coefficients come from.</summary>
internal static class PublishedRatings
{
    /// <summary>Cohen 1960, table 2, and Cohen 1968, table 1: 200 patients, two clinicians.</summary>
    public static int[,] Cohen { get; } = { { 88, 14, 18 }, { 10, 40, 10 }, { 2, 6, 12 } };

    /// <summary>The disagreement weights of Cohen 1968, table 1.</summary>
    public static double[,] CohenWeights { get; } = { { 0, 1, 3 }, { 1, 0, 6 }, { 3, 6, 0 } };

    /// <summary>Fleiss 1971, table 1: 30 patients, six psychiatrists each, five diagnoses (as in R's package irr).</summary>
    public static IReadOnlyList<int[]> Fleiss { get; } = Counted(
        "444444 222555 233335 555555 222444 113333 333355 113334 114444 555555 144444 124444 222333 144444 224445 " +
        "333335 111455 111112 224444 133555 555555 244444 224555 114444 144445 222224 111155 224444 133333 555555");

    /// <summary>The worked example of the article "Fleiss' kappa" in Wikipedia: ten subjects, fourteen raters each.</summary>
    public static IReadOnlyList<int[]> FourteenRaters { get; } =
    [
        [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
    ];

    /// <summary>Krippendorff 2011, section A: two observers, binary.</summary>
    public static RatingTable Binary { get; } = Of("0100000010", "1110010000");

    /// <summary>Krippendorff 2011, section B: two observers, five labels.</summary>
    public static RatingTable TwoObservers { get; } = Of("aabbdcccedda", "babbbccceddd");

    /// <summary>Krippendorff 2011, section C: four observers, any number of labels, some missing.</summary>
    public static RatingTable FourObservers { get; } = Of("123321412...", "1233224125.3", ".3332342251.", "12332441251.");

    /// <summary>The example <c>anxiety</c> of R's package irr: its second and third rater.</summary>
    public static RatingTable Anxiety { get; } = Of("36462424332333221334", "21443216111233113322");

    public static RatingTable Of(params string[] annotators) => RatingTable.Of(
        [.. annotators.SelectMany((labels, a) => labels.Select((label, item) => (label, Rating: new Rating($"{item:d3}", $"annotator {a}", $"{label}"))))
            .Where(cell => cell.label != '.').Select(cell => cell.Rating)],
        annotators: [.. annotators.Select((_, a) => $"annotator {a}")]);

    private static IReadOnlyList<int[]> Counted(string rows) =>
        [.. rows.Split(' ').Select(row => Enumerable.Range(1, 5).Select(label => row.Count(c => c == (char)('0' + label))).ToArray())];
}
