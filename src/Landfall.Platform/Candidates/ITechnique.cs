using Landfall.Platform.Briefs;
using Landfall.Platform.Datasets;
using Landfall.Platform.Search;

namespace Landfall.Platform.Candidates;

/// <summary>A way to make a candidate from a brief and its data. One file each, registered by name.</summary>
public interface ITechnique
{
    /// <summary>The technique's name in briefs and reports.</summary>
    string Name { get; }

    /// <summary>Its place on the ladder: techniques with a lower rung cost less to make and to serve, and run first.</summary>
    int Rung { get; }

    /// <summary>Raised whenever the same data and settings would give another artifact: part of the candidate's hash.</summary>
    int Version { get; }

    /// <summary>The settings it takes, with what they mean. Anything else in a brief is an error.</summary>
    IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>The settings that are worth a search for this brief, with their values, for a search that names none; null: none are.</summary>
    SearchSpace? Space(Brief brief) => null;

    /// <summary>The setting that says how long training goes on, such as <c>epochs</c>, so that a search can try settings on a part of it; null: a search takes a part of the rows.</summary>
    string? BudgetSetting => null;

    /// <summary>Why it cannot serve this brief, or null.</summary>
    string? WhyUnfit(Brief brief);

    /// <summary>Why it cannot run on this server as it is now set up, or null.</summary>
    string? WhyUnavailable() => null;

    /// <summary>What its answers depend on besides settings and data, and why it cannot run with these settings now.</summary>
    ValueTask<Standing> StandAsync(Brief brief, IReadOnlyDictionary<string, string> settings, CancellationToken cancellation) =>
        ValueTask.FromResult(new Standing("", WhyUnavailable()));

    /// <summary>Predicts what training and measuring will take.</summary>
    CostForecast Forecast(long trainRows, long testRows, int labels);

    /// <summary>Trains. The same input gives the same artifact, byte by byte.</summary>
    Task<TrainedCandidate> TrainAsync(TrainingInput input, Stream artifact, IProgress<double> progress, CancellationToken cancellation);

    /// <summary>Loads what <see cref="TrainAsync"/> wrote.</summary>
    IPredictor Load(Stream artifact);
}

/// <summary>What a technique finds on this server.</summary>
/// <param name="Context">A hash of what its answers depend on besides settings and data; empty: nothing.</param>
/// <param name="WhyUnavailable">Why it cannot run; null: it can.</param>
public sealed record Standing(string Context, string? WhyUnavailable);

/// <summary>A forecast for <c>land --plan</c> and for the budget.</summary>
public sealed record CostForecast(TimeSpan Time, long MemoryBytes);

/// <summary>What a technique trains on.</summary>
public sealed record TrainingInput(
    Brief Brief,
    IReadOnlyDictionary<string, string> Settings,
    IReadOnlyList<Row> Train,
    IReadOnlyList<Row> Validation,
    int Seed)
{
    /// <summary>Whether it is a trial of a search: it leaves no trace but its artifact.</summary>
    public bool IsTrial { get; init; }

    /// <summary>The candidate's hash: what is kept of an unfinished training is found by it.</summary>
    public string CandidateHash { get; init; } = "";

    /// <summary>Hears what the worker says, where one trains; null: nobody listens.</summary>
    public Action<Protocol.Training.WorkerEvent>? Heard { get; init; }
}

/// <summary>What training made, besides the artifact.</summary>
/// <param name="TrainedParameters">Numbers that were fitted.</param>
/// <param name="CostUsd">Money spent.</param>
/// <param name="Notes">What was chosen on validation data, one sentence each.</param>
public sealed record TrainedCandidate(long TrainedParameters, decimal CostUsd, IReadOnlyList<string> Notes)
{
    /// <summary>Bytes of files that the artifact names and does not hold.</summary>
    public long FileBytes { get; init; }

    /// <summary>The highest working set of the process that trained, where it was not this one.</summary>
    public long? PeakMemoryBytes { get; init; }
}

/// <summary>A loaded candidate. Safe for concurrent use.</summary>
public interface IPredictor : IDisposable
{
    /// <summary>
    /// How many questions to ask at a time while measuring. 1: it computes here, so it is warmed up and timed one by one.
    /// More: it asks others, each question may cost money, and none is asked without need.
    /// </summary>
    int MaxParallel => 1;

    /// <summary>Whether the same question may get another answer. Where it cannot, a row is asked once however often the brief repeats it.</summary>
    bool Varies => MaxParallel > 1;

    ValueTask<Answer> AnswerAsync(Question question, CancellationToken cancellation);
}

/// <summary>A candidate's answer to one input.</summary>
/// <param name="Text">The label or the text.</param>
/// <param name="Confidence">0 to 1, when there is one.</param>
/// <param name="Alternatives">The next best labels, best first.</param>
/// <param name="PromptTokens">Tokens read (0 where nothing reads tokens).</param>
/// <param name="CompletionTokens">Tokens written.</param>
/// <param name="CostUsd">Money spent.</param>
/// <param name="LatencyMs">How long it took when it was given, where it may come from a store; null: as long as the call took.</param>
/// <param name="Call">The paid call that it came from, by which the exact request can be opened.</param>
public sealed record Answer(
    string Text,
    double? Confidence,
    IReadOnlyList<(string Label, double Confidence)> Alternatives,
    int PromptTokens = 0,
    int CompletionTokens = 0,
    decimal CostUsd = 0,
    double? LatencyMs = null,
    string? Call = null);
