namespace Landfall.Platform.Training;

/// <summary>How the worker is started: a program that reads orders on its standard input and writes events on its standard output.</summary>
/// <param name="FileName">The program.</param>
/// <param name="Arguments">Its arguments.</param>
public sealed record WorkerCommand(string FileName, IReadOnlyList<string> Arguments);

/// <summary>Where tuning works, and with what.</summary>
public sealed record TrainingOptions
{
    /// <summary>The worker; null: this server has none, and says so.</summary>
    public WorkerCommand? Worker { get; init; }

    /// <summary>The folder of rows, checkpoints and results of trainings that have not ended.</summary>
    public required string Folder { get; init; }

    /// <summary>A Hugging Face folder that is the base where none is named; it need not exist.</summary>
    public string? DefaultBase { get; init; }

    /// <summary>How long a worker may take to end once its work is done.</summary>
    public TimeSpan Farewell { get; init; } = TimeSpan.FromSeconds(10);
}
