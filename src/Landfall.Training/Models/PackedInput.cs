using TorchSharp;
using static TorchSharp.torch;

namespace Landfall.Training.Models;

/// <summary>A batch as the decoder takes it: its tokens in one row, virtual tokens of prompt tuning among them.</summary>
internal sealed class PackedInput
{
    /// <summary>For each row of the input, one of the virtual tokens' embeddings or of the batch's tokens', counted in this order; null: the tokens as they are.</summary>
    public Tensor? Order { get; private init; }

    /// <summary>Where the segments are.</summary>
    public required BatchLayout Layout { get; init; }

    /// <summary>Cosines of the tokens' positions, <c>[rows, 1, head / 2]</c>.</summary>
    public required Tensor Cosines { get; init; }

    /// <summary>Sines of the tokens' positions, <c>[rows, 1, head / 2]</c>.</summary>
    public required Tensor Sines { get; init; }

    /// <summary>The row of each of the batch's tokens.</summary>
    public required long[] Rows { get; init; }

    /// <summary>Makes the input.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="rotation">The model's rotary positions.</param>
    /// <param name="virtualTokens">Virtual tokens before each segment.</param>
    /// <param name="inserted">Whether they are rows of the input (prompt tuning), not only keys and values (prefix tuning).</param>
    public static PackedInput Of(TokenBatch batch, Rotation rotation, int virtualTokens, bool inserted)
    {
        var segments = batch.Segments.cpu().data<long>().ToArray();
        var positions = batch.Positions.cpu().data<long>().ToArray();
        var runs = Runs(segments, (int)batch.Segments.shape[1]);
        var added = inserted ? virtualTokens : 0;
        var order = new List<long>(segments.Length + (added * runs.Count));
        var places = new List<long>(order.Capacity);
        var lengths = new List<int>(order.Capacity);
        var rows = new long[segments.Length];
        foreach (var (first, length) in runs)
        {
            for (var index = 0; index < added; index++)
            {
                order.Add(index);
                places.Add(index);
            }

            for (var token = first; token < first + length; token++)
            {
                rows[token] = order.Count;
                order.Add(added + token);
                places.Add(virtualTokens + positions[token]);
            }

            lengths.AddRange(Enumerable.Repeat(virtualTokens + length, added + length));
        }

        var device = batch.Tokens.device;
        var (cosines, sines) = rotation.Of(places, lengths, device);
        return new PackedInput
        {
            Order = added == 0 ? null : tensor(order.ToArray(), device: device),
            Layout = BatchLayout.Of([.. runs.Select(run => added + run.Length)], device),
            Cosines = cosines,
            Sines = sines,
            Rows = rows,
        };
    }

    /// <summary>One text of so many tokens.</summary>
    public static PackedInput Of(int length, Rotation rotation, Device device)
    {
        var (cosines, sines) = rotation.Of([.. Enumerable.Range(0, length).Select(position => (long)position)], [.. Enumerable.Repeat(length, length)], device);
        return new PackedInput { Layout = BatchLayout.Of([length], device), Cosines = cosines, Sines = sines, Rows = [.. Enumerable.Range(0, length).Select(row => (long)row)] };
    }

    /// <summary>Tokens of one segment in a row; padding is a segment of its own, which nothing looks at.</summary>
    private static List<(int First, int Length)> Runs(long[] segments, int width)
    {
        var runs = new List<(int First, int Length)>();
        for (var first = 0; first < segments.Length;)
        {
            var end = first + 1;
            while (end % width != 0 && segments[end] == segments[first])
            {
                end++;
            }

            runs.Add((first, end - first));
            first = end;
        }

        return runs;
    }
}
