using Landfall.Inference.Formats;
using Landfall.Inference.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Landfall.Training.Models;

/// <summary>Puts a decoder together from its weights.</summary>
/// <param name="config">The shape.</param>
/// <param name="source">The weights.</param>
/// <param name="lora">What stands beside linear layers.</param>
internal sealed class DecoderBuilder(ModelConfig config, WeightSource source, LoraTuning? lora = null)
{
    private readonly DecoderNames _names = DecoderNames.HuggingFace();

    public Decoder Build(ScalarType productType) => new()
    {
        Config = config,
        ProductType = productType,
        TokenEmbedding = source.TakeMatrix($"{_names.TokenEmbedding}.weight", config.VocabularySize, config.HiddenSize),
        Layers = [.. Enumerable.Range(0, config.LayerCount).Select(layer => Layer(_names.Layer(layer)))],
        OutputNorm = source.TakeVector($"{_names.OutputNorm}.weight", config.HiddenSize),
        Output = config.TiedEmbeddings ? null : source.TakeMatrix($"{_names.Output}.weight", config.VocabularySize, config.HiddenSize),
    };

    private DecoderLayer Layer(string layer)
    {
        var headNorms = config.Family == ModelFamily.Qwen3;
        return new DecoderLayer
        {
            AttentionNorm = source.TakeVector($"{layer}{_names.AttentionNorm}.weight", config.HiddenSize),
            Query = Linear(layer, LinearPart.Query),
            Key = Linear(layer, LinearPart.Key),
            Value = Linear(layer, LinearPart.Value),
            AttentionOutput = Linear(layer, LinearPart.AttentionOutput),
            QueryNorm = headNorms ? source.TakeVector($"{layer}{_names.QueryNorm}.weight", config.HeadSize) : null,
            KeyNorm = headNorms ? source.TakeVector($"{layer}{_names.KeyNorm}.weight", config.HeadSize) : null,
            FeedForwardNorm = source.TakeVector($"{layer}{_names.FeedForwardNorm}.weight", config.HiddenSize),
            Gate = Linear(layer, LinearPart.Gate),
            Up = Linear(layer, LinearPart.Up),
            Down = Linear(layer, LinearPart.Down),
        };
    }

    private LinearLayer Linear(string layer, LinearPart part)
    {
        var (rows, columns) = part.Shape(config);
        var name = layer + part.Name(_names);
        var linear = source.TakeLinear(name, rows, columns);
        return lora?.Wrap(name, part, linear, rows, columns) ?? linear;
    }
}
