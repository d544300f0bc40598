using static TorchSharp.torch;

namespace Landfall.Training.Tuning;

/// <summary>How a training goes.</summary>
public sealed record TrainerOptions
{
    /// <summary>Steps of the optimiser.</summary>
    public required int Steps { get; init; }

    /// <summary>Packed rows that one step learns from.</summary>
    public required int RowsPerStep { get; init; }

    /// <summary>Parts that a step's rows are computed in, to save memory: the gradient is the same.</summary>
    public int AccumulationSteps { get; init; } = 1;

    /// <summary>The highest learning rate.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Steps in which the learning rate rises.</summary>
    public int WarmUpSteps { get; init; }

    /// <summary>The share of the highest learning rate that it falls to.</summary>
    public double RateFloor { get; init; }

    /// <summary>The optimiser's numbers.</summary>
    public AdamWSettings Optimiser { get; init; } = new();

    /// <summary>The longest that a gradient may be; longer ones are shortened.</summary>
    public double ClipNorm { get; init; } = 1;

    /// <summary>Steps between evaluations; there is one at the end in any case.</summary>
    public required int EvaluateEvery { get; init; }

    /// <summary>Evaluations without a better one after which training ends; 0: it never ends early.</summary>
    public int Patience { get; init; }

    /// <summary>The same seed, data and threads give the same weights.</summary>
    public required int Seed { get; init; }

    /// <summary>Where batches are to be.</summary>
    public Device? Device { get; init; }

    /// <summary>The folder of checkpoints; it is made.</summary>
    public required string Checkpoints { get; init; }

    /// <summary>Tells trainings apart: only checkpoints of the same one are gone on with. Letters and digits.</summary>
    public required string Identity { get; init; }

    /// <summary>Time between checkpoints. They take longer steps where writing one takes more than a twentieth of it.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>What a training came to.</summary>
/// <param name="Steps">Steps done.</param>
/// <param name="BestStep">The step whose weights the model has.</param>
/// <param name="Tokens">Tokens learnt from.</param>
/// <param name="Seconds">Time spent, earlier processes' included.</param>
/// <param name="TrainLoss">The mean loss of the last tenth of the steps.</param>
/// <param name="Best">The best evaluation; null without validation rows.</param>
/// <param name="TrainedParameters">Numbers that were trained.</param>
/// <param name="OptimiserBytes">Bytes of the optimiser's state.</param>
public sealed record TrainingOutcome(
    int Steps, int BestStep, long Tokens, double Seconds, double TrainLoss, BestEvaluation? Best, long TrainedParameters, long OptimiserBytes);

/// <summary>An evaluation that none before was better than.</summary>
/// <param name="Step">After this step.</param>
/// <param name="Loss">Mean over the targets, in nats.</param>
/// <param name="Accuracy">With labels: the share of rows whose label is the most probable one.</param>
public sealed record BestEvaluation(int Step, double Loss, double? Accuracy)
{
    /// <summary>Whether this is better than another: by accuracy, where there are labels, then by loss.</summary>
    public bool IsBetterThan(BestEvaluation? other) =>
        other is null || (Accuracy ?? 0) > (other.Accuracy ?? 0) || ((Accuracy ?? 0) == (other.Accuracy ?? 0) && Loss < other.Loss);
}
