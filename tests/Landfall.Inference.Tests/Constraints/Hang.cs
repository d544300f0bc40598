using System.Diagnostics;
using System.Text.Json;

namespace Landfall.Inference.Constraints;

/// <summary>Input that is read or refused within a second, on a machine that is not busy with something else.</summary>
internal static class Hang
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    public static void Check(Action compile, string input)
    {
        // A pause of a busy machine does not come three times.
        var times = new List<TimeSpan>();
        do
        {
            var clock = Stopwatch.GetTimestamp();
            try
            {
                compile();
            }
            catch (Exception exception) when (exception is ConstraintException or JsonException)
            {
            }

            times.Add(Stopwatch.GetElapsedTime(clock));
        }
        while (times[^1] > Limit && times.Count < 3);
        Assert.True(times[^1] <= Limit, $"{string.Join(", ", times)} for {input}");
    }
}
