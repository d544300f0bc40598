using Landfall.Inference.Models;
using Landfall.Inference.Tensors;

namespace Landfall.Inference.Formats.Export;

/// <summary>A weight under the name that the format to be written gives it.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="Matrix">A matrix where it lies, or null.</param>
/// <param name="Vector">A vector, or null.</param>
internal sealed record PlacedWeight(string Name, Tensor? Matrix, float[]? Vector)
{
    /// <summary>Whether its rows are in the order of the RoPE layout.</summary>
    public bool Turned { get; init; }

    /// <summary>Values.</summary>
    public long Count => Matrix is null ? Vector!.Length : (long)Matrix.Rows * Matrix.Columns;

    /// <summary>A model's weights, in the order that both formats' writers use.</summary>
    public static List<PlacedWeight> Of(ModelFiles model, DecoderNames decoder, EncoderNames encoder)
    {
        var list = new List<PlacedWeight>();
        if (model.Decoder is { } weights)
        {
            AddDecoder(list, model, weights, decoder);
        }
        else
        {
            AddEncoder(list, model.Encoder!, encoder);
        }

        return list;
    }

    private static void AddDecoder(List<PlacedWeight> list, ModelFiles model, ModelWeights weights, DecoderNames names)
    {
        list.Add(new($"{names.TokenEmbedding}.weight", weights.TokenEmbedding, null));
        for (var layer = 0; layer < weights.Layers.Count; layer++)
        {
            AddLayer(list, weights.Layers[layer], names, names.Layer(layer));
        }

        list.Add(new($"{names.OutputNorm}.weight", null, weights.OutputNorm));
        if (model.HasOutput && !ReferenceEquals(weights.Output, weights.TokenEmbedding))
        {
            list.Add(new($"{names.Output}.weight", weights.Output, null));
        }
    }

    private static void AddLayer(List<PlacedWeight> list, LayerWeights layer, DecoderNames names, string at)
    {
        list.Add(new($"{at}{names.AttentionNorm}.weight", null, layer.AttentionNorm));
        AddLinear(list, at + names.Query, layer.Query, turned: true);
        AddLinear(list, at + names.Key, layer.Key, turned: true);
        AddLinear(list, at + names.Value, layer.Value);
        AddLinear(list, at + names.AttentionOutput, layer.AttentionOutput);
        if (layer is { QueryNorm: { } query, KeyNorm: { } key })
        {
            list.Add(new($"{at}{names.QueryNorm}.weight", null, query) { Turned = true });
            list.Add(new($"{at}{names.KeyNorm}.weight", null, key) { Turned = true });
        }

        list.Add(new($"{at}{names.FeedForwardNorm}.weight", null, layer.FeedForwardNorm));
        AddLinear(list, at + names.Gate, layer.Gate);
        AddLinear(list, at + names.Up, layer.Up);
        AddLinear(list, at + names.Down, layer.Down);
    }

    private static void AddEncoder(List<PlacedWeight> list, EncoderWeights weights, EncoderNames names)
    {
        list.Add(new($"{names.TokenEmbedding}.weight", weights.TokenEmbedding, null));
        list.Add(new($"{names.PositionEmbedding}.weight", weights.PositionEmbedding, null));
        list.Add(new($"{names.TokenTypeEmbedding}.weight", weights.TokenTypeEmbedding, null));
        AddNorm(list, names.EmbeddingNorm, weights.EmbeddingNorm);
        for (var index = 0; index < weights.Layers.Count; index++)
        {
            var (layer, at) = (weights.Layers[index], names.Layer(index));
            AddLinear(list, at + names.Query, layer.Query);
            AddLinear(list, at + names.Key, layer.Key);
            AddLinear(list, at + names.Value, layer.Value);
            AddLinear(list, at + names.AttentionOutput, layer.AttentionOutput);
            AddNorm(list, at + names.AttentionNorm, layer.AttentionNorm);
            AddLinear(list, at + names.Up, layer.Up);
            AddLinear(list, at + names.Down, layer.Down);
            AddNorm(list, at + names.OutputNorm, layer.OutputNorm);
        }
    }

    private static void AddLinear(List<PlacedWeight> list, string name, Linear linear, bool turned = false)
    {
        list.Add(new($"{name}.weight", linear.Weight, null) { Turned = turned });
        if (linear.Bias is { } bias)
        {
            list.Add(new($"{name}.bias", null, bias) { Turned = turned });
        }
    }

    private static void AddNorm(List<PlacedWeight> list, string name, LayerNorm norm)
    {
        list.Add(new($"{name}.weight", null, norm.Weight));
        list.Add(new($"{name}.bias", null, norm.Bias));
    }
}
