namespace Landfall.Platform.Storage;

/// <summary>Thrown when a newer owner has taken over what this process was writing to.</summary>
public sealed class FencedException(string what)
    : Exception($"{what} has been taken over by a newer owner. This one writes nothing more; its work goes on there.");

/// <summary>
/// The server's claim on the database: each start raises the epoch in it, and a write that carries an older epoch is
/// refused. A server that was paused, replaced and woken can therefore change nothing.
/// </summary>
public sealed class ServerFence
{
    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The epoch of this server's claim; 0 before it is made.</summary>
    public long Epoch { get; internal set; }

    /// <summary>Completes when the claim is found to be lost.</summary>
    public Task Lost => _lost.Task;

    /// <summary>Compares the database's epoch with ours.</summary>
    /// <exception cref="FencedException">They differ.</exception>
    public void Check(long? owner)
    {
        if (owner != Epoch)
        {
            throw Report();
        }
    }

    /// <summary>Notes that the claim is lost, and gives the exception that says so.</summary>
    public FencedException Report()
    {
        _lost.TrySetResult();
        return new FencedException("The data folder");
    }
}
