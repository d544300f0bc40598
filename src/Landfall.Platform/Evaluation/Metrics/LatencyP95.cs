namespace Landfall.Platform.Evaluation.Metrics;

/// <summary>The wall time, in milliseconds, that 95 of 100 answers do not exceed.</summary>
public sealed class LatencyP95() : Latency("latency-p95-ms", 0.95);
