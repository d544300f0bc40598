namespace Landfall.Platform.Candidates;

/// <summary>What training a candidate reported and took.</summary>
public sealed record TrainingRecord(
    double Seconds,
    long PeakMemoryBytes,
    long TrainedParameters,
    long ArtifactBytes,
    decimal CostUsd,
    IReadOnlyList<string> Notes);
