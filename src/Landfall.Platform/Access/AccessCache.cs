using System.Collections.Concurrent;

namespace Landfall.Platform.Access;

/// <summary>
/// What the database says about credentials, for a few seconds: the gateway must not read it for every request. Emptied by
/// each change that this server makes; the seconds are for changes of others.
/// </summary>
public sealed class AccessCache(TimeProvider time)
{
    private const int MostEntries = 10_000;
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(5);
    private volatile ConcurrentDictionary<string, (object? Value, DateTimeOffset Until)> _entries = new(StringComparer.Ordinal);

    public async ValueTask<T?> GetAsync<T>(string key, Func<Task<T?>> load)
        where T : class
    {
        var entries = _entries;
        if (entries.TryGetValue(key, out var entry) && entry.Until > time.GetUtcNow())
        {
            return (T?)entry.Value;
        }

        // A change while it is read replaces the dictionary, so that what was read before the change is not kept.
        var value = await load().ConfigureAwait(false);
        if (entries.Count >= MostEntries)
        {
            entries.Clear();
        }

        entries[key] = (value, time.GetUtcNow() + Life);
        return value;
    }

    public void Clear() => _entries = new(StringComparer.Ordinal);
}
