namespace Landfall.Platform.Evaluation.Reports;

/// <summary>The words of a report page in one language. Places such as <c>{0}</c> are filled by the page.</summary>
public sealed partial record ReportTexts
{
    /// <summary>The texts for a language tag: Chinese for <c>zh</c> and its subtags, else English.</summary>
    public static ReportTexts For(string language)
    {
        ArgumentNullException.ThrowIfNull(language);
        return language.Equals("zh", StringComparison.OrdinalIgnoreCase) || language.StartsWith("zh-", StringComparison.OrdinalIgnoreCase) ? Chinese : English;
    }

    /// <summary>The language tag of the page.</summary>
    public required string Language { get; init; }

    public required string PageTitle { get; init; }

    public required string LandingReport { get; init; }

    public required string OnThisPage { get; init; }

    public required string ReleaseHeading { get; init; }

    public required string Released { get; init; }

    public required string ReleasedWhy { get; init; }

    public required string ReleasedUnproven { get; init; }

    public required string NothingReleased { get; init; }

    public required string NoCandidateMeets { get; init; }

    public required string ObstacleHeading { get; init; }

    public required string ObstacleIs { get; init; }

    public required string ObstacleNearest { get; init; }

    public required string ObstacleNobody { get; init; }

    public required string NextAction { get; init; }

    public required string CheaperHeading { get; init; }

    public required string CheaperUnmet { get; init; }

    public required string CheaperSkipped { get; init; }

    public required string CheaperFailed { get; init; }

    public required string ServedAs { get; init; }

    public required string WarningsLink { get; init; }

    public required string LadderHeading { get; init; }

    public required string LadderNote { get; init; }

    public required string Candidate { get; init; }

    public required string Technique { get; init; }

    public required string Status { get; init; }

    public required string Time { get; init; }

    public required string Memory { get; init; }

    public required string Money { get; init; }

    public required string Parameters { get; init; }

    public required string Artifact { get; init; }

    public required string ReleaseMark { get; init; }

    public required string Measured { get; init; }

    public required string Skipped { get; init; }

    public required string Failed { get; init; }

    public required string Met { get; init; }

    public required string Missed { get; init; }

    public required string Undecided { get; init; }

    public required string AtLeast { get; init; }

    public required string AtMost { get; init; }

    public required string ConfidenceIs { get; init; }

    public required string OnData { get; init; }

    public required string MoreExamples { get; init; }

    public required string ChartsHeading { get; init; }

    public required string ChartTitle { get; init; }

    public required string ChartPoint { get; init; }

    public required string ChartBound { get; init; }

    public required string ChartLogScale { get; init; }

    public required string ChartLegend { get; init; }

    public required string MetricsHeading { get; init; }

    public required string MetricsNote { get; init; }

    public required string Metric { get; init; }

    public required string ExamplesCount { get; init; }

    public required string NotMeasured { get; init; }

    public required string NothingMeasured { get; init; }

    public required string JudgesHeading { get; init; }

    public required string JudgesNote { get; init; }

    public required string JudgeAsks { get; init; }

    public required string JudgeScale { get; init; }

    public required string JudgedAnswers { get; init; }

    public required string UnjudgedAnswers { get; init; }

    public required string CalibrationRows { get; init; }

    public required string Sensitivity { get; init; }

    public required string Specificity { get; init; }

    public required string AgreementWithHumans { get; init; }

    public required string AgreementAmongJudges { get; init; }

    public required string FirstPreferred { get; init; }

    public required string ComparisonsHeading { get; init; }

    public required string ComparisonsNote { get; init; }

    public required string FirstCandidate { get; init; }

    public required string SecondCandidate { get; init; }

    public required string Difference { get; init; }

    public required string PValue { get; init; }

    public required string Reading { get; init; }

    public required string Differs { get; init; }

    public required string MayBeChance { get; init; }

    public required string NoComparisons { get; init; }

    public required string ErrorsHeading { get; init; }

    public required string Settings { get; init; }

    public required string Hash { get; init; }

    public required string Notes { get; init; }

    public required string NoErrorGroups { get; init; }

    public required string ExpectedGot { get; init; }

    public required string CountOf { get; init; }

    public required string ShowExamples { get; init; }

    public required string ShowOthers { get; init; }

    public required string ShownHere { get; init; }

    public required string Expected { get; init; }

    public required string Got { get; init; }

    public required string ConfidenceWord { get; init; }

    public required string Empty { get; init; }

    public required string DataHeading { get; init; }

    public required string TrainRows { get; init; }

    public required string ValidationRows { get; init; }

    public required string TestRows { get; init; }

    public required string DroppedTestCopies { get; init; }

    public required string DroppedDuplicates { get; init; }

    public required string UnseenLabelRows { get; init; }

    public required string EarlierLooks { get; init; }

    public required string TestVersion { get; init; }

    public required string WarningsHeading { get; init; }

    public required string NoWarnings { get; init; }

    public required string BriefHeading { get; init; }

    public required string HowToHeading { get; init; }

    public required string HowToIntervals { get; init; }

    public required string HowToVerdicts { get; init; }
}
