namespace Landfall.Protocol.Reports;

/// <summary>A coefficient of agreement.</summary>
/// <param name="Coefficient">Which: <c>cohen-kappa</c>, <c>krippendorff-alpha-nominal</c>, <c>krippendorff-alpha-interval</c>.</param>
/// <param name="Value">1: always agreed; 0: as often as chance would. Null when undefined.</param>
/// <param name="Low">Lower end of the 95% interval; null when there is none.</param>
/// <param name="High">Upper end.</param>
/// <param name="Items">Items that it rests on.</param>
/// <param name="WhyUndefined">Why there is no value, with what to do.</param>
public sealed record AgreementReport(string Coefficient, double? Value, double? Low, double? High, long Items, string? WhyUndefined);

/// <summary>A judge of the brief: whom it asks, and how far it can be trusted.</summary>
public sealed record JudgeReport
{
    /// <summary>Its name; its metric is <c>judge:NAME</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Names its rubric, scale, votes and models: verdicts under the same key can be compared.</summary>
    public required string Key { get; init; }

    /// <summary><c>pass-fail</c>, <c>one-to-five</c> or <c>pairwise</c>.</summary>
    public required string Scale { get; init; }

    /// <summary>The endpoints that it asks.</summary>
    public required IReadOnlyList<string> Endpoints { get; init; }

    /// <summary>How often each is asked about an answer.</summary>
    public required int Votes { get; init; }

    /// <summary>Answers that it was to judge, of all candidates.</summary>
    public required long Judged { get; init; }

    /// <summary>Those that it gave no readable verdict of.</summary>
    public required long Unjudged { get; init; }

    /// <summary>Answers with human labels that it was held against; 0: none.</summary>
    public required long CalibrationRows { get; init; }

    /// <summary>With pass and fail: the share of answers that humans passed and the judge too.</summary>
    public MetricValue? Sensitivity { get; init; }

    /// <summary>With pass and fail: the share of answers that humans failed and the judge too.</summary>
    public MetricValue? Specificity { get; init; }

    /// <summary>Agreement with the human labels.</summary>
    public AgreementReport? AgreementWithHumans { get; init; }

    /// <summary>With several endpoints: their agreement with each other.</summary>
    public AgreementReport? AgreementAmongJudges { get; init; }

    /// <summary>With pairs: of the verdicts that prefer one answer, the share that prefer the one shown first. One half is no bias.</summary>
    public MetricValue? FirstPreferred { get; init; }

    /// <summary>What to beware of, in a sentence.</summary>
    public string? Warning { get; init; }
}
