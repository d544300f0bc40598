using System.Diagnostics;
using System.Globalization;

namespace Landfall.Inference.Tokenizers;

/// <summary>
/// Damages valid texts: cuts, doubles, moves and overwrites parts, and puts in what parsers trip over. What is made of them
/// may fail by a typed exception only, within a second, and on memory in proportion. <c>LANDFALL_SOAK_FUZZ=2000000</c> sets
/// how many inputs each parser gets.
/// </summary>
internal static class TextMutator
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private static readonly int Count = int.TryParse(Environment.GetEnvironmentVariable("LANDFALL_SOAK_FUZZ"), CultureInfo.InvariantCulture, out var count) ? count : 3000;

    /// <summary>Gives damaged texts to a reader.</summary>
    public static void Fuzz(string[] seeds, string[] fragments, long mostAllocated, Action<string> read)
    {
        var random = new Random(20_261);
        foreach (var seed in seeds)
        {
            One(-1, seed, mostAllocated, read);
        }

        for (var i = 0; i < Count; i++)
        {
            var text = seeds[random.Next(seeds.Length)];
            for (var change = random.Next(1, 5); change > 0; change--)
            {
                text = Change(random, text, seeds, fragments);
            }

            One(i, text, mostAllocated, read);
        }
    }

    private static void One(int number, string text, long mostAllocated, Action<string> read)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var elapsed = Time(number, text, read);
        var bytes = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Assert.True(bytes < mostAllocated, $"Input {number} allocated {bytes} bytes: {text}");

        // On a busy machine a thread may wait for seconds; what hangs does so again.
        for (var again = 0; again < 3 && elapsed > Longest; again++)
        {
            elapsed = Time(number, text, read);
        }

        Assert.True(elapsed < Longest, $"Input {number} took {elapsed}: {text}");
    }

    private static TimeSpan Time(int number, string text, Action<string> read)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            read(text);
        }
        catch (InferenceException)
        {
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"Input {number}: {exception.GetType().Name} {exception.Message}\n{text}", exception);
        }

        return Stopwatch.GetElapsedTime(start);
    }

    private static string Change(Random random, string text, string[] seeds, string[] fragments)
    {
        var at = random.Next(text.Length + 1);
        var length = Math.Min(text.Length - at, random.Next(3) == 0 ? random.Next(200) : random.Next(8));
        return random.Next(7) switch
        {
            0 => text.Remove(at, length),
            1 => text.Insert(at, text.Substring(at, length)),
            2 => text.Remove(at, length).Insert(at, fragments[random.Next(fragments.Length)]),
            3 => text.Insert(at, fragments[random.Next(fragments.Length)]),
            4 => text.Insert(random.Next(text.Length + 1), text.Substring(at, length)),
            5 => text.Remove(at, length).Insert(at, ((char)random.Next(random.Next(2) == 0 ? 128 : 65536)).ToString()),
            _ => text[..at] + Rest(random, seeds[random.Next(seeds.Length)]),
        };
    }

    private static string Rest(Random random, string text) => text[random.Next(text.Length)..];
}
