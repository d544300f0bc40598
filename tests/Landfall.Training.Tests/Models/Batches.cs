using static TorchSharp.torch;

namespace Landfall.Training.Models;

/// <summary>Batches for tests.</summary>
internal static class Batches
{
    /// <summary>Texts packed into rows of a length, one after another; each token's target is the next one of its text.</summary>
    public static TokenBatch Pack(int length, params int[][] texts)
    {
        var rows = new List<List<(int Token, int Position, int Segment, int Target)>> { new() };
        foreach (var (segment, text) in texts.Index())
        {
            if (rows[^1].Count + text.Length > length)
            {
                rows.Add([]);
            }

            rows[^1].AddRange(text.Select((token, position) => (token, position, segment, position + 1 < text.Length ? text[position + 1] : (int)TokenBatch.NoTarget)));
        }

        foreach (var row in rows)
        {
            row.AddRange(Enumerable.Repeat((0, 0, -1, (int)TokenBatch.NoTarget), length - row.Count));
        }

        var all = rows.SelectMany(row => row).ToArray();
        Tensor Values(Func<(int Token, int Position, int Segment, int Target), long> value) => tensor(all.Select(value).ToArray()).view(rows.Count, length);
        return new TokenBatch
        {
            Tokens = Values(place => place.Token),
            Positions = Values(place => place.Position),
            Segments = Values(place => place.Segment),
            Targets = Values(place => place.Target),
            SegmentCount = texts.Length,
            TargetCount = texts.Sum(text => text.Length - 1),
            TokenCount = texts.Sum(text => text.Length),
        };
    }

    /// <summary>One text in one row.</summary>
    public static TokenBatch Of(int[] text) => Pack(text.Length, text);
}
