using Landfall.Inference.Formats.Adapters;
using Landfall.Inference.Tokenizers;
using Landfall.Protocol.Models;
using Microsoft.Extensions.AI;

namespace Landfall.Platform.Models;

/// <summary>A model in memory. It answers many requests at once.</summary>
public interface ILoadedModel : IAsyncDisposable
{
    /// <summary>Answers messages.</summary>
    IChatClient Chat { get; }

    /// <summary>Makes embeddings.</summary>
    IEmbeddingGenerator<string, Embedding<float>> Embeddings { get; }

    /// <summary>Its tokens.</summary>
    TokenVocabulary Vocabulary { get; }

    /// <summary>An adapter for it. The same content is read once, and kept while there is room for it or a request uses it.</summary>
    /// <param name="path">A GGUF file or a PEFT folder.</param>
    /// <param name="hash">What identifies the content.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="Inference.InferenceException">It cannot be read, or is for another base.</exception>
    Task<LoadedAdapter> AdaptAsync(string path, string hash, CancellationToken cancellation);

    /// <summary>Times one answer to a prompt of made-up tokens.</summary>
    /// <param name="promptTokens">Tokens read.</param>
    /// <param name="answerTokens">Tokens written.</param>
    /// <param name="cancellation">Ends the work.</param>
    Task<ModelTiming> MeasureAsync(int promptTokens, int answerTokens, CancellationToken cancellation);
}

/// <summary>An adapter in memory: one of the two.</summary>
/// <param name="Lora">What it adds to the base's matrices.</param>
/// <param name="Prefix">What it puts before the prompt.</param>
public sealed record LoadedAdapter(LoraAdapter? Lora, PrefixAdapter? Prefix)
{
    /// <summary>What it takes in memory.</summary>
    public long Bytes { get; } =
        (Lora?.Layers.SelectMany(l => l.Pairs).Sum(p => p.A.Bytes + p.B.Bytes) ?? 0)
        + (sizeof(float) * ((Prefix?.Embeddings?.LongLength ?? 0) + (Prefix?.Layers?.Sum(l => l.Keys.LongLength + l.Values.LongLength) ?? 0)));
}

/// <summary>Loads models.</summary>
public interface IModelLoader
{
    /// <summary>Loads a model.</summary>
    /// <param name="path">A GGUF file or a Hugging Face folder.</param>
    /// <param name="model">What it is.</param>
    /// <exception cref="Inference.InferenceException">It cannot be loaded.</exception>
    ILoadedModel Load(string path, ModelSummary model);
}
