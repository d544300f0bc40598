using Landfall.Inference.Models;

namespace Landfall.Inference.Formats;

/// <summary>
/// The order of a head's values in the two RoPE layouts: <c>[2, head / 2]</c> half-split, <c>[head / 2, 2]</c> interleaved.
/// Rows of query and key matrices are reordered by it between Hugging Face's files and llama.cpp's.
/// </summary>
internal static class RotaryPermutation
{
    /// <summary>Where the row of the one layout is found in the other.</summary>
    /// <param name="row">A row in the layout wanted.</param>
    /// <param name="headSize">Rows of one head.</param>
    /// <param name="wanted">The layout wanted; the source has the other.</param>
    public static int SourceRow(int row, int headSize, RopeLayout wanted)
    {
        var (head, within) = (row / headSize, row % headSize);
        var source = wanted == RopeLayout.Interleaved
            ? (within % 2 * (headSize / 2)) + (within / 2)
            : (within % (headSize / 2) * 2) + (within / (headSize / 2));
        return (head * headSize) + source;
    }
}
