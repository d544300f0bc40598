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

    /// <summary>Times one answer to a prompt of made-up tokens.</summary>
    /// <param name="promptTokens">Tokens read.</param>
    /// <param name="answerTokens">Tokens written.</param>
    /// <param name="cancellation">Ends the work.</param>
    Task<ModelTiming> MeasureAsync(int promptTokens, int answerTokens, CancellationToken cancellation);
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
