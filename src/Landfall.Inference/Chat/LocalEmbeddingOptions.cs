using Landfall.Inference.Formats.Adapters;
using Microsoft.Extensions.AI;

namespace Landfall.Inference.Chat;

/// <summary>What a local model can do beyond <see cref="EmbeddingGenerationOptions"/>.</summary>
public sealed class LocalEmbeddingOptions : EmbeddingGenerationOptions
{
    /// <summary>Options with nothing set.</summary>
    public LocalEmbeddingOptions()
    {
    }

    private LocalEmbeddingOptions(LocalEmbeddingOptions other)
        : base(other) => (Lora, Owner) = (other.Lora, other.Owner);

    /// <summary>An adapter of a decoder's matrices.</summary>
    public LoraAdapter? Lora { get; set; }

    /// <summary>On whose behalf: owners share the engine equally.</summary>
    public string Owner { get; set; } = "";

    /// <summary>A copy.</summary>
    public override EmbeddingGenerationOptions Clone() => new LocalEmbeddingOptions(this);
}
