using Landfall.Training.Models;
using static TorchSharp.torch;

namespace Landfall.Training.Tuning;

/// <summary>
/// Puts examples one after another into rows of one length, so that little is computed for padding. Examples in a row do
/// not see each other: each is a segment of its own, with positions from 0.
/// </summary>
public static class Packer
{
    /// <summary>The most padding that <see cref="FindRowLength"/> takes a short row for.</summary>
    public const double MostPadding = 0.02;

    private const int Multiple = 16;

    /// <summary>First-fit decreasing: the longest first, each into the first row that has room for it.</summary>
    /// <param name="lengths">Positions that each example takes.</param>
    /// <param name="rowLength">Positions of a row; no example may be longer.</param>
    /// <returns>For each row the indices of its examples.</returns>
    public static List<int[]> Pack(IReadOnlyList<int> lengths, int rowLength)
    {
        List<List<int>> rows = [];
        List<int> free = [];
        var firstOpen = 0;
        foreach (var index in Enumerable.Range(0, lengths.Count).OrderByDescending(i => lengths[i]).ThenBy(i => i))
        {
            if (lengths[index] > rowLength)
            {
                throw new ArgumentException($"An example of {lengths[index]} positions does not fit into a row of {rowLength}.", nameof(lengths));
            }

            var row = firstOpen;
            while (row < rows.Count && free[row] < lengths[index])
            {
                row++;
            }

            if (row == rows.Count)
            {
                rows.Add([]);
                free.Add(rowLength);
            }

            rows[row].Add(index);
            free[row] -= lengths[index];
            while (firstOpen < rows.Count && free[firstOpen] == 0)
            {
                firstOpen++;
            }
        }

        return [.. rows.Select(r => r.ToArray())];
    }

    /// <summary>
    /// The shortest row, in steps of half of the longest example, with at most <see cref="MostPadding"/> of its positions
    /// empty: attention costs the square of a row's length.
    /// </summary>
    /// <param name="rows">The examples.</param>
    /// <param name="most">The longest row that may be chosen, but for an example that is longer.</param>
    /// <param name="seed">The seed of their order.</param>
    public static int FindRowLength(TokenRows rows, int most, int seed)
    {
        var step = Math.Max(RoundUp(rows.Longest) / 2, Multiple);
        var best = RoundUp(rows.Longest);
        var least = double.MaxValue;
        for (var length = best; length <= Math.Max(most, best); length = RoundUp(length + step))
        {
            var padding = new DataOrder(rows, length, seed).PaddingShare;
            if (padding < least)
            {
                (best, least) = (length, padding);
            }

            if (padding <= MostPadding || length >= rows.TokenCount)
            {
                break;
            }
        }

        return best;
    }

    /// <summary>The tensors of rows.</summary>
    /// <param name="rows">Each row's examples.</param>
    /// <param name="rowLength">Positions of a row.</param>
    /// <param name="device">Where the tensors are to be.</param>
    public static TokenBatch Batch(IReadOnlyList<IReadOnlyList<TokenRow>> rows, int rowLength, Device? device = null)
    {
        var size = rows.Count * rowLength;
        var (tokens, positions, segments, targets) = (new long[size], new long[size], new long[size], new long[size]);
        Array.Fill(segments, -1);
        Array.Fill(targets, TokenBatch.NoTarget);
        var segment = 0;
        for (var row = 0; row < rows.Count; row++)
        {
            var place = row * rowLength;
            foreach (var example in rows[row])
            {
                for (var position = 0; position < example.Length; position++, place++)
                {
                    tokens[place] = example.Tokens[position];
                    positions[place] = position;
                    segments[place] = segment;
                    targets[place] = example.Label is null && position + 1 >= example.AnswerBegin ? example.Tokens[position + 1] : TokenBatch.NoTarget;
                }

                segment++;
            }
        }

        var examples = rows.SelectMany(r => r).ToList();
        var labels = examples is [{ Label: not null }, ..] ? examples.Select(e => (long)e.Label!.Value).ToArray() : null;
        return new TokenBatch
        {
            Tokens = tensor(tokens, [rows.Count, rowLength], device: device),
            Positions = tensor(positions, [rows.Count, rowLength], device: device),
            Segments = tensor(segments, [rows.Count, rowLength], device: device),
            Targets = tensor(targets, [rows.Count, rowLength], device: device),
            Labels = labels is null ? null : tensor(labels, device: device),
            SegmentCount = segment,
            TargetCount = examples.Sum(e => e.TargetCount),
            TokenCount = examples.Sum(e => e.Length),
        };
    }

    private static int RoundUp(int length) => Math.Max((length + Multiple - 1) / Multiple * Multiple, Multiple);
}
