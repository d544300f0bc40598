using Landfall.Platform.Runs;
using Landfall.Protocol.Errors;
using Microsoft.Extensions.Logging;

namespace Landfall.Platform.Training;

/// <summary>
/// Starts the worker when a run needs it, and gives it one order at a time; others wait for their turn. Each order has a
/// process of its own: its memory is measured from nothing, and what it breaks is gone with it.
/// </summary>
public sealed class WorkerHost(TrainingOptions options, ILogger<WorkerHost> logger) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Whether this server can train at all.</summary>
    public bool IsAvailable => options.Worker is not null;

    /// <summary>Waits until nobody else has the worker; it is the caller's until the turn is disposed of.</summary>
    /// <exception cref="RunFailedException">This server has no worker.</exception>
    public async Task<WorkerTurn> TakeAsync(CancellationToken cancellation)
    {
        var command = options.Worker ?? throw new RunFailedException("This server has no worker that could train.", ErrorCodes.TrainingFailed);
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        return new WorkerTurn(command, options.Farewell, logger, () => _turn.Release());
    }

    public void Dispose() => _turn.Dispose();
}
