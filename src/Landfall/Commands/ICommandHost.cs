using Landfall.Protocol;

namespace Landfall.Commands;

/// <summary>What the commands need of the executable: a server to speak to, or to be one.</summary>
public interface ICommandHost
{
    /// <summary>Connects to the server that runs on a data folder, or hosts one in-process on a free port.</summary>
    /// <param name="options">Where, and as whom.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="CommandException">No server can be started or reached; the message says why and what to do.</exception>
    Task<IServerSession> ConnectAsync(ConnectOptions options, CancellationToken cancellation);

    /// <summary>Serves until cancelled.</summary>
    /// <param name="options">What to serve, and where.</param>
    /// <param name="cancellation">Ends the server.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    /// <exception cref="CommandException">The server cannot be started; the message says why and what to do.</exception>
    Task<int> ServeAsync(ServeOptions options, CancellationToken cancellation);

    /// <summary>Trains what is ordered on standard input, until it ends.</summary>
    /// <param name="cancellation">Ends the work, with a checkpoint.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    Task<int> WorkAsync(CancellationToken cancellation);
}

/// <summary>Where a command finds its server, and as whom it speaks to it.</summary>
/// <param name="DataFolder">The full path of the data folder; it need not exist.</param>
/// <param name="ApiKey">An API key; null: as the owner of the data folder, who is admin of every team.</param>
/// <param name="Team">The team to work in; null: the key's, or <c>default</c>.</param>
public sealed record ConnectOptions(string DataFolder, string? ApiKey = null, string? Team = null)
{
    /// <summary>The data folder with its database, for a server that is hosted for the command.</summary>
    public ServerPlace Place { get; init; } = new(DataFolder);
}

/// <summary>A server for the life of a command.</summary>
public interface IServerSession : IAsyncDisposable
{
    /// <summary>Speaks to it. Its HTTP client must not time out: uploads and runs take as long as they take.</summary>
    LandfallClient Client { get; }

    /// <summary>Where it listens, for people and for clients of <c>/v1</c>.</summary>
    Uri Url { get; }

    /// <summary>Whether it ends with this command.</summary>
    bool IsInProcess { get; }

    /// <summary>Waits until the server stops or the wait is cancelled (which is no error).</summary>
    /// <param name="cancellation">Ends the wait.</param>
    Task WaitForShutdownAsync(CancellationToken cancellation);
}

/// <summary>Where a server keeps what it knows.</summary>
/// <param name="DataFolder">The full path of the data folder.</param>
/// <param name="Database">The database's address. A password may be in it: it is never printed.</param>
/// <param name="DatabaseWait">How long runs wait for a database that has gone away.</param>
public sealed record ServerPlace(string DataFolder, string Database = "sqlite", TimeSpan? DatabaseWait = null)
{
    /// <summary>How much of the machine local models may take.</summary>
    public ModelLimits Models { get; init; } = new();

    /// <summary>The data folder alone.</summary>
    public override string ToString() => DataFolder;
}

/// <summary>How much of the machine local models may take; null: the server's own defaults.</summary>
public sealed record ModelLimits
{
    /// <summary>Threads that a model computes with.</summary>
    public int? Threads { get; init; }

    /// <summary>Bytes that all loaded models may take together.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Models that are loaded at the same time.</summary>
    public int? Count { get; init; }

    /// <summary>Tokens of a prompt with its answer.</summary>
    public int? ContextLength { get; init; }

    /// <summary>Bytes for the keys and values of a model's requests.</summary>
    public long? CacheBytes { get; init; }

    /// <summary>Answers that a model writes at the same time.</summary>
    public int? Answers { get; init; }

    /// <summary>Requests that may wait for a model.</summary>
    public int? Queue { get; init; }
}

/// <summary>The options of <c>landfall serve</c>.</summary>
/// <param name="Place">What to serve.</param>
/// <param name="Urls">Addresses to listen on, separated by semicolons.</param>
/// <param name="TakeOver">Fence off and replace the server that holds the data folder.</param>
public sealed record ServeOptions(ServerPlace Place, string Urls, bool TakeOver);

/// <summary>Ends a command with one clear message on standard error.</summary>
/// <param name="exitCode">One of <see cref="ExitCodes"/>.</param>
/// <param name="message">What was found, where, and what to do.</param>
/// <param name="inner">The cause, shown with <c>--verbose</c>.</param>
public sealed class CommandException(int exitCode, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>One of <see cref="ExitCodes"/>.</summary>
    public int ExitCode { get; } = exitCode;
}
