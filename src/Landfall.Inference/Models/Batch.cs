using Landfall.Inference.Formats;
using Landfall.Inference.Formats.Adapters;
using Landfall.Inference.Kernels;
using Landfall.Inference.Serving;

namespace Landfall.Inference.Models;

/// <summary>One sequence's keys and values: its pages, and how many positions of them are filled.</summary>
internal sealed class SequenceCache
{
    /// <summary>The pages, in order.</summary>
    public List<KeyValueCache.Page> Pages { get; } = [];

    /// <summary>Positions that are filled.</summary>
    public int Length { get; set; }

    /// <summary>Begins with learned keys and values; there must be pages for them.</summary>
    public void Begin(PrefixAdapter prefix, KeyValueLayout layout)
    {
        var width = layout.KeyValueHeads * layout.HeadSize;
        foreach (var (layer, learned) in prefix.Layers!.Index())
        {
            var pages = PagesOf(layer, layout);
            for (var position = 0; position < prefix.VirtualTokens; position++)
            {
                var (page, slot) = (pages[position / KeyValueLayout.PageLength], position % KeyValueLayout.PageLength);
                AttentionKernel.Store(layout, page, slot, learned.Keys.AsSpan(position * width, width), learned.Values.AsSpan(position * width, width));
            }
        }

        Length = prefix.VirtualTokens;
    }

    /// <summary>Where a layer's keys and values lie, page by page.</summary>
    public unsafe nint[] PagesOf(int layer, KeyValueLayout layout)
    {
        var pages = new nint[Pages.Count];
        for (var index = 0; index < pages.Length; index++)
        {
            pages[index] = (nint)Pages[index].Memory.Data + ((nint)layer * layout.PageBytes);
        }

        return pages;
    }
}

/// <summary>Tokens of one sequence within a step, at its next positions.</summary>
/// <param name="Cache">The sequence's keys and values, with pages enough for the tokens.</param>
/// <param name="Tokens">Token ids; a negative one, <c>-1 - i</c>, is row <c>i</c> of <see cref="VirtualTokens"/>.</param>
internal sealed record BatchPart(SequenceCache Cache, ReadOnlyMemory<int> Tokens)
{
    /// <summary>Which of the tokens' hidden states are wanted.</summary>
    public required BatchOutputs Outputs { get; init; }

    /// <summary>Added to the base's matrices.</summary>
    public LoraAdapter? Lora { get; init; }

    /// <summary>Prompt tuning's learned embeddings, <c>[virtual tokens, hidden]</c>.</summary>
    public float[]? VirtualTokens { get; init; }

    /// <summary>The whole prompt's length: dynamic rotary scaling depends on it.</summary>
    public int PlannedLength { get; init; }

    /// <summary>Rows of hidden states that it gives.</summary>
    public int OutputCount => Outputs switch { BatchOutputs.None => 0, BatchOutputs.Last => 1, _ => Tokens.Length };
}

/// <summary>Which hidden states of a part are wanted.</summary>
internal enum BatchOutputs
{
    None,
    Last,
    All,
}
