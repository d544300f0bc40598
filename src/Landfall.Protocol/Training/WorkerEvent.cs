namespace Landfall.Protocol.Training;

/// <summary>
/// What the worker says: one line of JSON on its standard output for each event. One member is set, but for
/// <see cref="Error"/>, which ends the work as <see cref="Done"/> does.
/// </summary>
public sealed record WorkerEvent
{
    /// <summary>What will be done.</summary>
    public TrainingPlan? Plan { get; init; }

    /// <summary>A step is done.</summary>
    public TrainingStep? Step { get; init; }

    /// <summary>The validation rows were measured.</summary>
    public TrainingEvaluation? Evaluation { get; init; }

    /// <summary>The step of a checkpoint that is on disk.</summary>
    public int? Checkpoint { get; init; }

    /// <summary>All is done, and the result is in the output folder.</summary>
    public TrainingResult? Done { get; init; }

    /// <summary>It cannot be done.</summary>
    public WorkerError? Error { get; init; }

    /// <summary>A sentence for the log.</summary>
    public string? Note { get; init; }
}

/// <summary>What a training will do, said before weights are loaded.</summary>
/// <param name="Rows">Rows to learn from.</param>
/// <param name="LeftOut">Rows that are longer than the context and left out.</param>
/// <param name="Tokens">Tokens of one epoch.</param>
/// <param name="PaddingShare">The share of computed positions that hold no token.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="MemoryBytes">Memory that it will take: weights, gradients, optimiser, activations.</param>
/// <param name="Settings">All settings, those that were chosen too.</param>
public sealed record TrainingPlan(int Rows, int LeftOut, long Tokens, double PaddingShare, int Steps, long MemoryBytes, TuningSettings Settings);

/// <summary>One step of the optimiser.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="Loss">Mean over the step's targets, in nats.</param>
/// <param name="LearningRate">The learning rate.</param>
/// <param name="GradientNorm">The gradient's length before it was clipped.</param>
/// <param name="TokensPerSecond">Tokens (not padding) per second, since the start or the last resumption.</param>
/// <param name="MemoryBytes">The process's working set.</param>
/// <param name="SecondsLeft">Time left, as it goes now.</param>
public sealed record TrainingStep(int Number, int Steps, double Loss, double LearningRate, double GradientNorm, double TokensPerSecond, long MemoryBytes, double SecondsLeft);

/// <summary>A measuring on the validation rows.</summary>
/// <param name="Step">After this step.</param>
/// <param name="Loss">Mean over the targets, in nats.</param>
/// <param name="Accuracy">With labels: the share of rows whose label is the most probable one.</param>
/// <param name="IsBest">Whether none before was better.</param>
public sealed record TrainingEvaluation(int Step, double Loss, double? Accuracy, bool IsBest);

/// <summary>What a training made.</summary>
/// <param name="TrainedParameters">Numbers that were trained.</param>
/// <param name="OptimiserBytes">Bytes of the optimiser's state.</param>
/// <param name="PeakMemoryBytes">The process's highest working set.</param>
/// <param name="Seconds">Time spent, earlier processes' included.</param>
/// <param name="Steps">Steps done.</param>
/// <param name="Tokens">Tokens learnt from.</param>
/// <param name="BestStep">The step whose weights were kept.</param>
/// <param name="TrainLoss">The mean loss of the last tenth of the steps.</param>
/// <param name="ValidationLoss">The best one; null: there were no validation rows.</param>
/// <param name="Files">Names of the files in the output folder.</param>
public sealed record TrainingResult(
    long TrainedParameters, long OptimiserBytes, long PeakMemoryBytes, double Seconds, int Steps, long Tokens, int BestStep, double TrainLoss, double? ValidationLoss, IReadOnlyList<string> Files);

/// <summary>Why the worker could not do it.</summary>
/// <param name="Code">One of <see cref="Errors.ErrorCodes"/>.</param>
/// <param name="Message">For people.</param>
public sealed record WorkerError(string Code, string Message);
