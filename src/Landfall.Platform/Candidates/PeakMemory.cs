namespace Landfall.Platform.Candidates;

/// <summary>Watches the process's working set while something runs.</summary>
public sealed class PeakMemory : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private readonly Timer _timer;
    private long _bytes = Environment.WorkingSet;

    public PeakMemory() => _timer = new Timer(_ => Sample(), state: null, Interval, Interval);

    /// <summary>The highest working set seen.</summary>
    public long Bytes
    {
        get
        {
            Sample();
            return Interlocked.Read(ref _bytes);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Sample()
    {
        var now = Environment.WorkingSet;
        long seen;
        while (now > (seen = Interlocked.Read(ref _bytes)) && Interlocked.CompareExchange(ref _bytes, now, seen) != seen)
        {
            // Another sample came in between; compare again.
        }
    }
}
