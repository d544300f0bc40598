using System.Runtime.CompilerServices;

namespace Landfall.Inference.Kernels;

/// <summary>How keys and values of a layer lie in a page: positions of one sequence, for all key-value heads.</summary>
/// <remarks>
/// First the keys as <c>[key-value head][head size][position]</c>, so that scores of neighbouring positions are made at once,
/// then the values as <c>[key-value head][position][head size]</c>.
/// </remarks>
/// <param name="KeyValueHeads">Heads of keys and values.</param>
/// <param name="HeadSize">Width of a head.</param>
/// <param name="Half">Whether values are IEEE halves, which take half the memory, or singles.</param>
public readonly record struct KeyValueLayout(int KeyValueHeads, int HeadSize, bool Half)
{
    /// <summary>Positions in a page.</summary>
    public const int PageLength = 64;

    /// <summary>Bytes of one page of one layer, keys and values.</summary>
    public int PageBytes => 2 * KeyValueHeads * HeadSize * PageLength * (Half ? 2 : 4);
}

/// <summary>What attention needs to know besides the pages.</summary>
/// <param name="Layout">How the pages lie.</param>
/// <param name="Heads">Query heads; a multiple of the key-value heads.</param>
/// <param name="Scale">Scores are multiplied by it, usually 1 / sqrt(head size).</param>
/// <param name="Window">Positions that a query sees, its own included; null: all up to its own.</param>
/// <param name="Causal">False: all positions see all (an encoder).</param>
public readonly record struct AttentionShape(KeyValueLayout Layout, int Heads, float Scale, int? Window = null, bool Causal = true);

/// <summary>Attention of query heads over paged keys and values.</summary>
public static unsafe class AttentionKernel
{
    /// <summary>Writes one position's keys and values into its page.</summary>
    /// <param name="layout">How the page lies.</param>
    /// <param name="page">The page's first byte; aligned to 64.</param>
    /// <param name="slot">The position's place in the page.</param>
    /// <param name="keys"><c>[key-value heads * head size]</c>, already turned by their position.</param>
    /// <param name="values"><c>[key-value heads * head size]</c></param>
    public static void Store(KeyValueLayout layout, nint page, int slot, ReadOnlySpan<float> keys, ReadOnlySpan<float> values)
    {
        var width = layout.KeyValueHeads * layout.HeadSize;
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)slot, (uint)KeyValueLayout.PageLength, nameof(slot));
        ArgumentOutOfRangeException.ThrowIfNotEqual(keys.Length, width, nameof(keys));
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, width, nameof(values));
        if (layout.Half)
        {
            KeyValuePages.StoreHalf(layout, (ushort*)page, slot, keys, values);
        }
        else
        {
            KeyValuePages.StoreSingle(layout, (float*)page, slot, keys, values);
        }
    }

    /// <summary>
    /// Attention of the query heads that share one key-value head, for consecutive positions. Positions up to the last query's
    /// (up to <paramref name="length"/>, where not causal) must have been stored.
    /// </summary>
    /// <param name="shape">Heads, scale and mask.</param>
    /// <param name="pages">The layer's pages of this sequence: page i holds positions 64 i to 64 i + 63. Pages before the window are not read.</param>
    /// <param name="keyValueHead">Which key-value head.</param>
    /// <param name="queries"><c>[tokens, heads * head size]</c>, all heads; only those of the key-value head are read.</param>
    /// <param name="firstPosition">The first query's position.</param>
    /// <param name="tokens">How many queries.</param>
    /// <param name="output"><c>[tokens, heads * head size]</c>; only what belongs to the key-value head is written.</param>
    /// <param name="length">Stored positions, where not causal; otherwise not looked at.</param>
    public static void Attend(
        in AttentionShape shape,
        ReadOnlySpan<nint> pages,
        int keyValueHead,
        ReadOnlySpan<float> queries,
        int firstPosition,
        int tokens,
        Span<float> output,
        int length = 0) => Attend(KernelPaths.Best, shape, pages, keyValueHead, queries, firstPosition, tokens, output, length);

    internal static void Attend(
        KernelPath path,
        in AttentionShape shape,
        ReadOnlySpan<nint> pages,
        int keyValueHead,
        ReadOnlySpan<float> queries,
        int firstPosition,
        int tokens,
        Span<float> output,
        int length)
    {
        var width = tokens * shape.Heads * shape.Layout.HeadSize;
        var positions = shape.Causal ? firstPosition + tokens : length;
        ArgumentOutOfRangeException.ThrowIfLessThan(queries.Length, width, nameof(queries));
        ArgumentOutOfRangeException.ThrowIfLessThan(output.Length, width, nameof(output));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(positions, pages.Length * KeyValueLayout.PageLength, nameof(length));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)keyValueHead, (uint)shape.Layout.KeyValueHeads, nameof(keyValueHead));
        fixed (float* query = queries, target = output)
        fixed (nint* page = pages)
        {
            var call = new AttentionCall(shape, page, keyValueHead, query, firstPosition, tokens, target, length);
            switch (path)
            {
                case KernelPath.Avx512: AttentionLoops<Float16>.Attend(call); break;
                case KernelPath.Avx2: AttentionLoops<Float8>.Attend(call); break;
                default: AttentionLoops<Float4>.Attend(call); break;
            }
        }
    }
}

/// <summary>The arguments of <see cref="AttentionKernel.Attend(in AttentionShape, ReadOnlySpan{nint}, int, ReadOnlySpan{float}, int, int, Span{float}, int)"/>, as pointers.</summary>
internal readonly unsafe struct AttentionCall(
    in AttentionShape shape, nint* pages, int keyValueHead, float* queries, int firstPosition, int tokens, float* output, int length)
{
    public readonly AttentionShape Shape = shape;
    public readonly nint* Pages = pages;
    public readonly float* Queries = queries;
    public readonly float* Output = output;
    public readonly int KeyValueHead = keyValueHead;
    public readonly int FirstPosition = firstPosition;
    public readonly int Tokens = tokens;
    public readonly int Length = length;

    public int Group => Shape.Heads / Shape.Layout.KeyValueHeads;

    public int HeadSize => Shape.Layout.HeadSize;

    /// <summary>Where a row's query lies, and its output; a row is one query head of one token.</summary>
    public nint Offset(int row) =>
        ((nint)(row / Group) * Shape.Heads * HeadSize) + (((KeyValueHead * Group) + (row % Group)) * HeadSize);

    /// <summary>The first position that a row sees.</summary>
    public int Begin(int row) => Shape.Window is { } window ? Math.Max(0, FirstPosition + (row / Group) - window + 1) : 0;

    /// <summary>The first position that a row does not see any more.</summary>
    public int End(int row) => Shape.Causal ? FirstPosition + (row / Group) + 1 : Length;

    /// <summary>The keys of a page for this head: <c>[head size][position]</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Keys(int page) => (byte*)Pages[page] + ((nint)KeyValueHead * HeadSize * KeyValueLayout.PageLength * (Shape.Layout.Half ? 2 : 4));

    /// <summary>The values of a page for this head: <c>[position][head size]</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Values(int page) => Keys(page) + (Shape.Layout.PageBytes / 2);
}
