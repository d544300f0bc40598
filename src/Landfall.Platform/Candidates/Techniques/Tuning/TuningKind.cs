using Landfall.Protocol.Training;

namespace Landfall.Platform.Candidates.Techniques.Tuning;

/// <summary>One way to change a model, as a technique.</summary>
/// <param name="Name">The technique's name.</param>
/// <param name="Rung">Its place on the ladder.</param>
/// <param name="Method">What the worker is asked for.</param>
/// <param name="Work">A training step's work against that of all weights.</param>
internal sealed record TuningKind(string Name, int Rung, TuningMethod Method, double Work)
{
    private static readonly (string Name, string Help)[] Shared =
    [
        ("base", "the model of the registry that is changed; the one that comes with Landfall when left out"),
        ("epochs", "passes over the training rows; chosen from their number by default"),
        ("learning-rate", "the highest learning rate; chosen from the technique by default"),
        ("batch-tokens", "tokens of one step, 16 to 1048576"),
        ("max-length", "the longest row in tokens; longer ones are left out; the base's context by default"),
        ("precision", "f32 or bf16"),
        ("device", "auto (the default), cpu or cuda"),
        ("head", "for labels: classifier (the default) puts a classification head on the model, text teaches it to write the label"),
        ("threshold", ClassifierSettings.ThresholdHelp),
    ];

    private static readonly (string Name, string Help)[] LowRank =
    [
        ("rank", "the rank of the added matrices, 1 to 4096"),
        ("alpha", "what their product is scaled by: alpha / rank"),
        ("dropout", "the share of their inputs that is dropped while training, 0 to 0.9"),
        ("target-modules", "the matrices that get one, such as q_proj+v_proj; all linear ones of the layers by default"),
        ("rs-lora", "true scales by alpha / sqrt(rank) instead"),
    ];

    private static readonly (string Name, string Help)[] Virtual = [("virtual-tokens", "how many are learnt, 1 to 4096")];

    /// <summary>All of them. A prompt or prefix is served with the fewest numbers, all weights with the most.</summary>
    public static IReadOnlyList<TuningKind> All { get; } =
    [
        new("prompt-tuning", 40, TuningMethod.Prompt, Work: 0.8),
        new("prefix", 42, TuningMethod.Prefix, Work: 0.8),
        new("lora", 44, TuningMethod.Lora, Work: 0.8),
        new("qlora", 46, TuningMethod.Qlora, Work: 1.0),
        new("full", 48, TuningMethod.Full, Work: 1.0),
    ];

    /// <summary>The settings that it takes.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; } = Shared
        .Concat(Method is TuningMethod.Lora or TuningMethod.Qlora ? LowRank : Method is TuningMethod.Full ? [] : Virtual)
        .ToDictionary(s => s.Name, s => s.Help, StringComparer.Ordinal);
}
