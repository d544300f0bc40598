namespace Landfall.Platform.Evaluation.Metrics;

/// <summary>The median wall time of an answer, in milliseconds.</summary>
public sealed class LatencyP50() : Latency("latency-p50-ms", 0.50);
