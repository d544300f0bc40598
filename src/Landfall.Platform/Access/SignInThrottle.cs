using System.Collections.Concurrent;

namespace Landfall.Platform.Access;

/// <summary>
/// Slows guessing down: after some failures a wait, doubled by each further one up to a quarter of an hour. Counted by
/// name and address together (5 failures), by address (20) and by name (50): a stranger cannot lock a user out at once,
/// and many strangers cannot guess without end.
/// </summary>
public sealed class SignInThrottle(TimeProvider time)
{
    private const int MostEntries = 10_000;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Forgotten = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<string, Failures> _failures = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How many counters there are.</summary>
    internal int Count => _failures.Count;

    /// <summary>How long the next attempt has to wait; zero when it need not.</summary>
    public TimeSpan Wait(string name, string address)
    {
        var now = time.GetUtcNow();
        var longest = Keys(name, address).Select(k => _failures.TryGetValue(k.Key, out var f) ? f.Until - now : TimeSpan.Zero).Max();
        return longest > TimeSpan.Zero ? longest : TimeSpan.Zero;
    }

    /// <summary>Notes a wrong password.</summary>
    public void Fail(string name, string address)
    {
        var now = time.GetUtcNow();
        Forget(now);
        foreach (var (key, free) in Keys(name, address))
        {
            _failures.AddOrUpdate(key, _ => new Failures(1, now, now), (_, f) => Next(f, free, now));
        }
    }

    /// <summary>Notes a right one.</summary>
    public void Succeed(string name, string address) => _failures.TryRemove(Keys(name, address)[0].Key, out _);

    private static Failures Next(Failures before, int free, DateTimeOffset now)
    {
        var count = now - before.Last > Forgotten ? 1 : before.Count + 1;
        var wait = count < free ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Pow(2, Math.Min(count - free, 12)));
        return new Failures(count, now, now + (wait < LongestWait ? wait : LongestWait));
    }

    private static (string Key, int Free)[] Keys(string name, string address) => [($"both {address} {name}", 5), ($"from {address}", 20), ($"name {name}", 50)];

    private void Forget(DateTimeOffset now)
    {
        if (_failures.Count < MostEntries - 3)
        {
            return;
        }

        foreach (var (key, failures) in _failures.OrderBy(f => f.Value.Last).Take(MostEntries / 10).Concat(_failures.Where(f => now - f.Value.Last > Forgotten)))
        {
            _failures.TryRemove(key, out _);
        }
    }

    private sealed record Failures(int Count, DateTimeOffset Last, DateTimeOffset Until);
}
