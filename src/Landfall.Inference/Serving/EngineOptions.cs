using Landfall.Inference.Tensors;

namespace Landfall.Inference.Serving;

/// <summary>How much an engine may use.</summary>
public sealed record EngineOptions
{
    /// <summary>Threads that compute; default: the machine's processors.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Answers at the same time, 1 to 256; default 16.</summary>
    public int MaxSequences { get; init; } = 16;

    /// <summary>Requests that may wait; more are refused (<see cref="EngineBusyException"/>). Default 64.</summary>
    public int MaxWaiting { get; init; } = 64;

    /// <summary>Tokens of prompts and answers in one step; default 512. Less makes answers flow more evenly while long prompts are read.</summary>
    public int StepTokens { get; init; } = 512;

    /// <summary>Most tokens of a prompt with its answer; null: what the model was made for.</summary>
    public int? ContextLength { get; init; }

    /// <summary>Memory for keys and values in bytes; default 1 GiB. It is taken when needed. At least one whole context is kept possible.</summary>
    public long CacheBytes { get; init; } = 1L << 30;

    /// <summary>How keys and values are kept: F16 (default) or F32.</summary>
    public TensorType CacheType { get; init; } = TensorType.F16;

    /// <summary>Whether prompts that begin as earlier ones do are computed from where they differ; default true.</summary>
    public bool ReusePrefixes { get; init; } = true;

    /// <summary>What is out of range, one sentence each.</summary>
    public IReadOnlyList<string> Problems()
    {
        List<string> problems = [];
        Check(Threads is >= 1 and <= 1024, nameof(Threads), Threads, "1 to 1024");
        Check(MaxSequences is >= 1 and <= 256, nameof(MaxSequences), MaxSequences, "1 to 256");
        Check(MaxWaiting is >= 0 and <= 100_000, nameof(MaxWaiting), MaxWaiting, "0 to 100000");
        Check(StepTokens is >= 1 and <= 8192, nameof(StepTokens), StepTokens, "1 to 8192");
        Check(ContextLength is null or >= 2, nameof(ContextLength), ContextLength, "2 or more");
        Check(CacheBytes >= 0, nameof(CacheBytes), CacheBytes, "0 or more");
        Check(CacheType is TensorType.F16 or TensorType.F32, nameof(CacheType), CacheType, "F16 or F32");
        return problems;

        void Check<T>(bool holds, string name, T found, string range)
        {
            if (!holds)
            {
                problems.Add($"{name} is {found}; it must be {range}.");
            }
        }
    }
}

/// <summary>As many requests wait as may: try again later, or allow more.</summary>
public sealed class EngineBusyException(int waiting) : InferenceException($"The model is busy: {waiting} requests wait already. Try again later.")
{
    /// <summary>Requests that wait.</summary>
    public int Waiting { get; } = waiting;
}

/// <summary>A prompt does not fit the context.</summary>
public sealed class PromptTooLongException(int tokens, int context) : InferenceException($"The prompt has {tokens} tokens; the context holds {context}, one of them for the answer. Shorten it.")
{
    /// <summary>Tokens of the prompt.</summary>
    public int Tokens { get; } = tokens;

    /// <summary>Tokens of the context.</summary>
    public int Context { get; } = context;
}
