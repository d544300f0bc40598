using Landfall.Protocol.Models;

namespace Landfall.Platform.Models;

/// <summary>How much of the machine models may take.</summary>
public sealed record ModelHostOptions
{
    /// <summary>Threads that a model computes with; default: all cores.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Bytes that all loaded models may take together; default: three quarters of the memory that the process may use.</summary>
    public long MemoryBytes { get; init; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 * 3;

    /// <summary>Models that are loaded at the same time; default 4.</summary>
    public int MaxModels { get; init; } = 4;

    /// <summary>The longest prompt with its answer, in tokens; the model's own context where that is shorter. Default 8192.</summary>
    public int ContextLength { get; init; } = 8192;

    /// <summary>Bytes for the keys and values of a model's requests; at least one context. Default 1 GB. What does not fit waits.</summary>
    public long CacheBytes { get; init; } = 1_000_000_000;

    /// <summary>Answers that a model writes at the same time; default 16.</summary>
    public int MaxAnswers { get; init; } = 16;

    /// <summary>Requests that may wait for a model; one more is refused. Default 64.</summary>
    public int QueueLength { get; init; } = 64;

    /// <summary>How long a request waits for other models to become idle and make room; default 60 s.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest prompt with its answer for a model.</summary>
    public int ContextOf(ModelSummary model) => Math.Min(ContextLength, model.ContextLength);

    /// <summary>Bytes for the keys and values of a model's requests: no more than all answers could need, no less than one context.</summary>
    public long CacheOf(ModelSummary model)
    {
        var context = ContextOf(model) * model.CacheBytesPerToken;
        return Math.Max(context, Math.Min(CacheBytes, context * MaxAnswers));
    }

    /// <summary>What a model takes when it is loaded.</summary>
    public ModelMemory MemoryOf(ModelSummary model) =>
        new(model.Types.Sum(t => t.Bytes), CacheOf(model)) { LimitBytes = MemoryBytes };
}
