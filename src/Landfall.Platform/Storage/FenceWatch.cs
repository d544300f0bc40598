using System.Data.Common;
using Microsoft.Extensions.Hosting;

namespace Landfall.Platform.Storage;

/// <summary>
/// Looks every second whether the data folder is still ours: a server that was paused and replaced, and has nothing to
/// write, would otherwise go on answering for its successor.
/// </summary>
internal sealed class FenceWatch(DatabaseConnections connections, ServerFence fence, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (!fence.Lost.IsCompleted && await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            await LookAsync(stoppingToken).ConfigureAwait(false);
        }
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        try
        {
            using var connection = await connections.OpenAsync(cancellation).ConfigureAwait(false);
            using var command = connection.CreateCommand("SELECT \"Epoch\" FROM server WHERE \"Id\" = 1");
            fence.Check(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false) as long?);
        }
        catch (FencedException)
        {
            // Noted by the fence, which ends the server.
        }
        catch (DbException error)
        {
            // Busy, away, or a full disk: nothing is known, and every write checks for itself.
            if (DatabaseOutage.Is(error))
            {
                connections.Forget();
            }
        }
    }
}
