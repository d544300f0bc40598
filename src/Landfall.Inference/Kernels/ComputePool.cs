using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Landfall.Inference.Kernels;

/// <summary>A computation in parts that may run at once, in any order, each exactly once.</summary>
public interface IComputeJob
{
    /// <summary>Computes one part, 0 to the number of parts - 1.</summary>
    void Execute(int part);
}

/// <summary>
/// Threads that share one computation after another. A decoding step is hundreds of computations of some microseconds, so a
/// thread that has just worked looks for the next one for a moment before it sleeps; with no work it uses no processor time.
/// Any number of engines may share a pool, and a part may itself call <see cref="Run{TJob}"/>.
/// </summary>
public sealed unsafe class ComputePool : IDisposable
{
    /// <summary>Computations at once that are shared; more than that are computed by their callers alone.</summary>
    private const int SlotCount = 8;

    private static readonly long SpinTicks = Stopwatch.Frequency / 10_000;
    private readonly Slot[] _slots = new Slot[SlotCount];
    private readonly Thread[] _workers;
    private readonly SemaphoreSlim _wake = new(0);
    private int _sleeping;
    private int _open;
    private volatile bool _disposed;

    /// <summary>Starts the threads.</summary>
    /// <param name="threads">Threads that compute, the caller among them; null: one for each processor.</param>
    public ComputePool(int? threads = null)
    {
        Threads = threads ?? Environment.ProcessorCount;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Threads, nameof(threads));
        for (var index = 0; index < SlotCount; index++)
        {
            _slots[index] = new Slot();
        }

        _workers = new Thread[Threads - 1];
        for (var index = 0; index < _workers.Length; index++)
        {
            _workers[index] = new Thread(Work) { IsBackground = true, Name = $"landfall-compute-{index + 1}" };
            _workers[index].Start();
        }
    }

    /// <summary>Threads that compute, the caller among them.</summary>
    public int Threads { get; }

    /// <summary>Computes all parts, the calling thread among those that do, and returns when all are done. Allocates nothing.</summary>
    /// <param name="parts">How many parts; up to a million.</param>
    /// <param name="job">The computation. Its fields are read by all threads.</param>
    /// <exception cref="Exception">What a part threw first; other parts are computed nevertheless.</exception>
    public void Run<TJob>(int parts, TJob job)
        where TJob : struct, IComputeJob, allows ref struct
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(parts, Slot.MostParts);
        ObjectDisposedException.ThrowIf(_disposed, this);
        var slot = parts > 1 && _workers.Length > 0 ? Open(parts, &Execute<TJob>, Unsafe.AsPointer(ref job)) : null;
        if (slot is null)
        {
            for (var part = 0; part < parts; part++)
            {
                job.Execute(part);
            }

            return;
        }

        while (slot.TryExecute())
        {
        }

        slot.WaitUntilDone();
        Interlocked.Decrement(ref _open);
        slot.Close()?.Throw();
    }

    /// <summary>Calls <paramref name="part"/> with 0 to <paramref name="parts"/> - 1, in parallel, and returns when all are done.</summary>
    public void Run(int parts, Action<int> part) => Run(parts, new ActionJob(part));

    /// <summary>Ends the threads once they have done what they are at.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _wake.Release(_workers.Length + 1);
        foreach (var worker in _workers)
        {
            worker.Join();
        }

        _wake.Dispose();
    }

    private static void Execute<TJob>(void* job, int part)
        where TJob : struct, IComputeJob, allows ref struct => Unsafe.AsRef<TJob>(job).Execute(part);

    private Slot? Open(int parts, delegate*<void*, int, void> execute, void* job)
    {
        foreach (var slot in _slots)
        {
            if (slot.TryOpen(parts, execute, job))
            {
                Interlocked.Increment(ref _open);
                Wake(Math.Min(parts - 1, _workers.Length));
                return slot;
            }
        }

        return null;
    }

    // Who wakes a thread takes it off the count, so that the next computation does not wake it again.
    private void Wake(int most)
    {
        var sleeping = Volatile.Read(ref _sleeping);
        while (sleeping > 0)
        {
            var woken = Math.Min(sleeping, most);
            var seen = Interlocked.CompareExchange(ref _sleeping, sleeping - woken, sleeping);
            if (seen == sleeping)
            {
                _wake.Release(woken);
                return;
            }

            sleeping = seen;
        }
    }

    private void Work()
    {
        var idleSince = Stopwatch.GetTimestamp();
        while (!_disposed)
        {
            if (TryExecuteAny())
            {
                idleSince = Stopwatch.GetTimestamp();
            }
            else if (Stopwatch.GetTimestamp() - idleSince < SpinTicks)
            {
                Thread.SpinWait(4);
            }
            else
            {
                Sleep();
                idleSince = Stopwatch.GetTimestamp();
            }
        }
    }

    private bool TryExecuteAny()
    {
        if (Volatile.Read(ref _open) == 0)
        {
            return false;
        }

        var any = false;
        foreach (var slot in _slots)
        {
            while (slot.TryExecute())
            {
                any = true;
            }
        }

        return any;
    }

    private void Sleep()
    {
        Interlocked.Increment(ref _sleeping);
        if (!_slots.Any(static slot => slot.HasParts))
        {
            _wake.Wait();
            return;
        }

        // A computation began meanwhile. If it has taken this thread off the count, it has also given it a turn, to be used up.
        var sleeping = Volatile.Read(ref _sleeping);
        while (sleeping > 0)
        {
            var seen = Interlocked.CompareExchange(ref _sleeping, sleeping - 1, sleeping);
            if (seen == sleeping)
            {
                return;
            }

            sleeping = seen;
        }

        _wake.Wait();
    }

    private readonly struct ActionJob(Action<int> part) : IComputeJob
    {
        public void Execute(int part1) => part(part1);
    }

    /// <summary>One computation that is shared.</summary>
    private sealed class Slot
    {
        public const int MostParts = 1 << 20;
        private static readonly long SpinTicks = Stopwatch.Frequency / 20_000;
        private readonly SemaphoreSlim _done = new(0);
        private readonly Lock _failureLock = new();

        // Generation (22 bits), parts (21), next part (21) in one word: a part can only be claimed of the computation that was seen.
        private long _word;
        private int _taken;
        private int _completed;
        private int _waiting;
        private int _parts;
        private delegate*<void*, int, void> _execute;
        private void* _job;
        private ExceptionDispatchInfo? _failure;

        public bool HasParts => Left(Interlocked.Read(ref _word));

        public bool TryOpen(int parts, delegate*<void*, int, void> execute, void* job)
        {
            if (Volatile.Read(ref _taken) != 0 || Interlocked.CompareExchange(ref _taken, 1, 0) != 0)
            {
                return false;
            }

            _completed = 0;
            _parts = parts;
            _execute = execute;
            _job = job;
            var generation = (ulong)Interlocked.Read(ref _word) >> 42;
            Interlocked.Exchange(ref _word, (long)(((generation + 1) << 42) | ((ulong)parts << 21)));
            return true;
        }

        public bool TryExecute()
        {
            var word = Volatile.Read(ref _word);
            while (Left(word))
            {
                var seen = Interlocked.CompareExchange(ref _word, word + 1, word);
                if (seen == word)
                {
                    Execute((int)(word & 0x1FFFFF));
                    return true;
                }

                word = seen;
            }

            return false;
        }

        public void WaitUntilDone()
        {
            var since = Stopwatch.GetTimestamp();
            while (Volatile.Read(ref _completed) != _parts)
            {
                if (Stopwatch.GetTimestamp() - since < SpinTicks)
                {
                    Thread.SpinWait(4);
                    continue;
                }

                Interlocked.Exchange(ref _waiting, 1);
                if (Volatile.Read(ref _completed) != _parts)
                {
                    _done.Wait();
                }
            }
        }

        public ExceptionDispatchInfo? Close()
        {
            var failure = _failure;
            _failure = null;
            _waiting = 0;
            Volatile.Write(ref _taken, 0);
            return failure;
        }

        private static bool Left(long word) => (word & 0x1FFFFF) < ((word >> 21) & 0x1FFFFF);

        private void Execute(int part)
        {
            var parts = _parts;
            try
            {
                _execute(_job, part);
            }
            catch (Exception exception)
            {
                lock (_failureLock)
                {
                    _failure ??= ExceptionDispatchInfo.Capture(exception);
                }
            }

            // The slot may serve another computation from here on: waking its caller for nothing does no harm, as it looks again.
            if (Interlocked.Increment(ref _completed) == parts && Interlocked.Exchange(ref _waiting, 0) == 1)
            {
                _done.Release();
            }
        }
    }
}
