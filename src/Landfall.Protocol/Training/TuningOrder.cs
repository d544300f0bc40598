using System.Text.Json.Serialization;

namespace Landfall.Protocol.Training;

/// <summary>How weights are changed.</summary>
[JsonConverter(typeof(KebabEnumConverter<TuningMethod>))]
public enum TuningMethod
{
    /// <summary>All weights.</summary>
    Full,

    /// <summary>Low-rank matrices beside frozen ones (Hu et al., arXiv 2106.09685).</summary>
    Lora,

    /// <summary>Keys and values before each layer's own (Li and Liang, arXiv 2101.00190).</summary>
    Prefix,

    /// <summary>Embeddings before the prompt's own (Lester et al., arXiv 2104.08691).</summary>
    Prompt,

    /// <summary>Low-rank matrices beside frozen ones of four bits (Dettmers et al., arXiv 2305.14314).</summary>
    Qlora,
}

/// <summary>Where a training computes.</summary>
[JsonConverter(typeof(KebabEnumConverter<TrainingDevice>))]
public enum TrainingDevice
{
    /// <summary>On a GPU where one is usable.</summary>
    Auto,

    /// <summary>On the processor.</summary>
    Cpu,

    /// <summary>On an NVIDIA GPU.</summary>
    Cuda,
}

/// <summary>The numbers that a training computes with.</summary>
[JsonConverter(typeof(KebabEnumConverter<TrainingPrecision>))]
public enum TrainingPrecision
{
    /// <summary>32-bit floats.</summary>
    F32,

    /// <summary>Matrix products in bfloat16, weights and sums in 32 bits.</summary>
    Bf16,
}

/// <summary>What the worker is asked to tune: one line of JSON on its standard input.</summary>
public sealed record TuningOrder
{
    /// <summary>The base: a Hugging Face folder.</summary>
    public required string Base { get; init; }

    /// <summary>How.</summary>
    public required TuningMethod Method { get; init; }

    /// <summary>With what settings.</summary>
    public TuningSettings Settings { get; init => field = value ?? new(); } = new();

    /// <summary>JSON lines of <see cref="TuningExample"/>.</summary>
    public required string Train { get; init; }

    /// <summary>The same, to choose the best checkpoint by; null: the last one is taken.</summary>
    public string? Validation { get; init; }

    /// <summary>The labels of a classification head; empty: the model learns to write the answer.</summary>
    public IReadOnlyList<string> Labels { get; init => field = value ?? []; } = [];

    /// <summary>The folder that the result is written to: a model, or a PEFT adapter, and <c>classifier.safetensors</c> where there are labels.</summary>
    public required string Output { get; init; }

    /// <summary>The folder of checkpoints. What is there is gone on with.</summary>
    public required string Checkpoints { get; init; }

    /// <summary>The same seed, data and threads give the same weights.</summary>
    public required int Seed { get; init; }

    /// <summary>Where.</summary>
    public TrainingDevice Device { get; init; }

    /// <summary>Threads; null: one for each core.</summary>
    public int? Threads { get; init; }
}

/// <summary>A training's settings; null: chosen from the method and the data.</summary>
public sealed record TuningSettings
{
    /// <summary>LoRA: the rank.</summary>
    public int? Rank { get; init; }

    /// <summary>LoRA: the scale is alpha / rank, or alpha / sqrt(rank) with <see cref="RankStabilised"/>.</summary>
    public double? Alpha { get; init; }

    /// <summary>LoRA: the share of inputs that are dropped.</summary>
    public double? Dropout { get; init; }

    /// <summary>LoRA: matrices, such as <c>q_proj</c>; null: all linear ones of the layers.</summary>
    public IReadOnlyList<string>? TargetModules { get; init; }

    /// <summary>LoRA: rsLoRA (Kalajdzievski, arXiv 2312.03732).</summary>
    public bool? RankStabilised { get; init; }

    /// <summary>Prefix and prompt tuning: how many virtual tokens.</summary>
    public int? VirtualTokens { get; init; }

    /// <summary>Passes over the training rows.</summary>
    public double? Epochs { get; init; }

    /// <summary>The highest learning rate.</summary>
    public double? LearningRate { get; init; }

    /// <summary>Tokens of one step, padding included.</summary>
    public int? BatchTokens { get; init; }

    /// <summary>Parts that a step's tokens are computed in.</summary>
    public int? AccumulationSteps { get; init; }

    /// <summary>The share of steps in which the learning rate rises.</summary>
    public double? WarmUp { get; init; }

    /// <summary>AdamW's decoupled decay of matrices (Loshchilov and Hutter, arXiv 1711.05101).</summary>
    public double? WeightDecay { get; init; }

    /// <summary>The longest that a gradient may be.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>Whether layers are computed again instead of kept for the backward pass.</summary>
    public bool? GradientCheckpointing { get; init; }

    /// <summary>The numbers of matrix products.</summary>
    public TrainingPrecision? Precision { get; init; }

    /// <summary>Steps between evaluations on the validation rows.</summary>
    public int? EvaluateEvery { get; init; }

    /// <summary>Evaluations without a better one after which training ends; 0: it never ends early.</summary>
    public int? Patience { get; init; }

    /// <summary>The longest example in tokens.</summary>
    public int? MaxLength { get; init; }
}

/// <summary>A row to learn from.</summary>
/// <param name="Messages">The conversation. Without <paramref name="Label"/> its last message is the answer to learn.</param>
/// <param name="Label">An index into <see cref="TuningOrder.Labels"/>.</param>
public sealed record TuningExample(IReadOnlyList<TuningMessage> Messages, int? Label = null);

/// <summary>One message of a conversation.</summary>
public sealed record TuningMessage(string Role, string Content);
