using Landfall.Inference.Models;
using Landfall.Inference.Tensors;

namespace Landfall.Inference.Formats;

/// <summary>Puts a decoder's tensors in their places.</summary>
internal sealed class DecoderReader(ModelConfig config, WeightReader weights, DecoderNames names, HuggingFaceConfig.Biases? biases)
{
    /// <param name="output">Whether the model has an output projection; without one the token embedding stands in its place.</param>
    public ModelWeights Read(bool output)
    {
        var embedding = weights.Matrix($"{names.TokenEmbedding}.weight", config.VocabularySize, config.HiddenSize);
        var layers = new List<LayerWeights>();
        for (var layer = 0; layer < config.LayerCount; layer++)
        {
            layers.Add(Layer(names.Layer(layer)));
        }

        return new ModelWeights
        {
            TokenEmbedding = embedding,
            Layers = layers,
            OutputNorm = weights.Vector($"{names.OutputNorm}.weight", config.HiddenSize),
            Output = output ? weights.Matrix($"{names.Output}.weight", config.VocabularySize, config.HiddenSize) : embedding,
        };
    }

    private LayerWeights Layer(string layer)
    {
        var headNorms = config.Family == ModelFamily.Qwen3;
        return new LayerWeights
        {
            AttentionNorm = weights.Vector($"{layer}{names.AttentionNorm}.weight", config.HiddenSize),
            Query = weights.Linear(layer + names.Query, config.QueryWidth, config.HiddenSize, biases?.QueryKeyValue),
            Key = weights.Linear(layer + names.Key, config.KeyValueWidth, config.HiddenSize, biases?.QueryKeyValue),
            Value = weights.Linear(layer + names.Value, config.KeyValueWidth, config.HiddenSize, biases?.QueryKeyValue),
            AttentionOutput = weights.Linear(layer + names.AttentionOutput, config.HiddenSize, config.QueryWidth, biases?.AttentionOutput),
            QueryNorm = headNorms ? weights.Vector($"{layer}{names.QueryNorm}.weight", config.HeadSize) : null,
            KeyNorm = headNorms ? weights.Vector($"{layer}{names.KeyNorm}.weight", config.HeadSize) : null,
            FeedForwardNorm = weights.Vector($"{layer}{names.FeedForwardNorm}.weight", config.HiddenSize),
            Gate = weights.Linear(layer + names.Gate, config.IntermediateSize, config.HiddenSize, biases?.FeedForward),
            Up = weights.Linear(layer + names.Up, config.IntermediateSize, config.HiddenSize, biases?.FeedForward),
            Down = weights.Linear(layer + names.Down, config.HiddenSize, config.IntermediateSize, biases?.FeedForward),
        };
    }
}
