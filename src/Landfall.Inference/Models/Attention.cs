using Landfall.Inference.Kernels;

namespace Landfall.Inference.Models;

/// <summary>
/// Causal grouped-query attention (arXiv 2305.13245) of a step's sequences, each over its own pages. The work is shared by
/// sequence, key-value head and block of queries.
/// </summary>
internal static unsafe class Attention
{
    /// <summary>Queries of one part of the work: enough to read pages seldom, few enough to share a prompt among threads.</summary>
    private const int QueryBlock = 32;

    /// <summary>Writes the parts' keys and values into their pages, and attends to them and to all before.</summary>
    /// <param name="shape">Heads, scale and window.</param>
    /// <param name="layer">Which layer's pages.</param>
    /// <param name="parts">Tokens of sequences.</param>
    /// <param name="query"><c>[tokens, heads * head]</c>, turned.</param>
    /// <param name="key"><c>[tokens, key-value heads * head]</c>, turned.</param>
    /// <param name="value"><c>[tokens, key-value heads * head]</c></param>
    /// <param name="output"><c>[tokens, heads * head]</c></param>
    /// <param name="pool">Shares the work.</param>
    public static void Run(
        in AttentionShape shape, int layer, IReadOnlyList<BatchPart> parts, ReadOnlySpan<float> query, ReadOnlySpan<float> key, ReadOnlySpan<float> value, Span<float> output, ComputePool pool)
    {
        var layout = shape.Layout;
        var width = layout.KeyValueHeads * layout.HeadSize;
        var works = new List<Work>();
        var row = 0;
        foreach (var part in parts)
        {
            var pages = part.Cache.PagesOf(layer, layout);
            for (var token = 0; token < part.Tokens.Length; token++)
            {
                var position = part.Cache.Length + token;
                var (page, slot) = (pages[position / KeyValueLayout.PageLength], position % KeyValueLayout.PageLength);
                AttentionKernel.Store(layout, page, slot, key.Slice((row + token) * width, width), value.Slice((row + token) * width, width));
            }

            for (var first = 0; first < part.Tokens.Length; first += QueryBlock)
            {
                for (var head = 0; head < layout.KeyValueHeads; head++)
                {
                    works.Add(new Work(pages, head, row + first, part.Cache.Length + first, Math.Min(QueryBlock, part.Tokens.Length - first)));
                }
            }

            row += part.Tokens.Length;
        }

        fixed (float* queries = query, outputs = output)
        {
            pool.Run(works.Count, new Job(shape, works, queries, outputs));
        }
    }

    /// <summary>Queries of one sequence and one key-value head.</summary>
    /// <param name="Pages">The sequence's pages of the layer.</param>
    /// <param name="Head">The key-value head.</param>
    /// <param name="Row">The first query's row in the step.</param>
    /// <param name="Position">Its position in the sequence.</param>
    /// <param name="Count">Queries.</param>
    private readonly record struct Work(nint[] Pages, int Head, int Row, int Position, int Count);

    private readonly struct Job(AttentionShape shape, List<Work> works, float* queries, float* outputs) : IComputeJob
    {
        public void Execute(int part)
        {
            var work = works[part];
            var width = shape.Heads * shape.Layout.HeadSize;
            var query = new ReadOnlySpan<float>(queries + ((long)work.Row * width), work.Count * width);
            var output = new Span<float>(outputs + ((long)work.Row * width), work.Count * width);
            AttentionKernel.Attend(shape, work.Pages, work.Head, query, work.Position, work.Count, output);
        }
    }
}
