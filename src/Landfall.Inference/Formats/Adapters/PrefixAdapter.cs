using Landfall.Inference.Formats.Quantisation;
using Landfall.Inference.Models;
using Landfall.Inference.Tensors;

namespace Landfall.Inference.Formats.Adapters;

/// <summary>
/// Virtual tokens before a prompt, as PEFT saves them in <c>prompt_embeddings</c>: keys and values of each layer (prefix
/// tuning; the keys are not turned by their positions), or embeddings (prompt tuning). The prompt's positions follow on
/// theirs.
/// </summary>
public sealed class PrefixAdapter
{
    private const string Name = "prompt_embeddings";

    private PrefixAdapter(string path, int virtualTokens) => (Path, VirtualTokens) = (path, virtualTokens);

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Virtual tokens.</summary>
    public int VirtualTokens { get; }

    /// <summary>Keys and values by layer; null for prompt tuning.</summary>
    public IReadOnlyList<PrefixLayer>? Layers { get; private init; }

    /// <summary><c>[virtual tokens, hidden]</c>; null for prefix tuning.</summary>
    public float[]? Embeddings { get; private init; }

    /// <summary>Opens a PEFT folder.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="config">The base model's configuration.</param>
    /// <exception cref="ModelFormatException">It is damaged, of another base, or no such adapter.</exception>
    public static PrefixAdapter Open(string path, ModelConfig config)
    {
        using var json = JsonFile.Open(System.IO.Path.Combine(path, AdapterKinds.ConfigFile));
        var kind = AdapterKinds.Of(json.Root);
        var width = kind switch
        {
            AdapterKind.Prefix => checked(config.LayerCount * 2L * config.KeyValueWidth),
            AdapterKind.Prompt => config.HiddenSize,
            _ => throw json.Root.Wrong("peft_type", "PREFIX_TUNING, PROMPT_TUNING or P_TUNING"),
        };
        if (json.Root.FindInt("num_transformer_submodules", 1, 2) is 2)
        {
            throw json.Root.Wrong("num_transformer_submodules", "1");
        }

        var tokens = json.Root.Int("num_virtual_tokens", 1, ConfigLimits.Width);
        using var file = SafetensorsFile.Open(System.IO.Path.Combine(path, AdapterKinds.WeightsFile));
        var tensor = file.Tensors.Get(Name);
        if (tensor.Shape is not [var rows, var columns] || rows != tokens || columns != width)
        {
            throw new ModelFormatException(
                file.Tensors.File, $"the tensor '{Name}' has the shape [{string.Join(", ", tensor.Shape)}], where its configuration and the base ask for [{tokens}, {width}].")
            {
                Tensor = Name,
            };
        }

        return kind == AdapterKind.Prefix
            ? new PrefixAdapter(path, tokens) { Layers = Split(tensor, config) }
            : new PrefixAdapter(path, tokens) { Embeddings = Decode(tensor) };
    }

    private static float[] Decode(Tensor tensor)
    {
        var values = new float[checked(tensor.Rows * tensor.Columns)];
        for (var row = 0; row < tensor.Rows; row++)
        {
            BlockCodec.Decode(tensor, row, values.AsSpan(row * tensor.Columns, tensor.Columns));
        }

        return values;
    }

    /// <summary>A row is <c>[layers, key | value, key-value heads * head]</c>.</summary>
    private static PrefixLayer[] Split(Tensor tensor, ModelConfig config)
    {
        var width = config.KeyValueWidth;
        var layers = Enumerable.Range(0, config.LayerCount).Select(_ => new PrefixLayer(new float[tensor.Rows * width], new float[tensor.Rows * width])).ToArray();
        var row = new float[tensor.Columns];
        for (var token = 0; token < tensor.Rows; token++)
        {
            BlockCodec.Decode(tensor, token, row);
            for (var layer = 0; layer < layers.Length; layer++)
            {
                var keys = row.AsSpan(layer * 2 * width, width);
                for (var index = 0; index < width; index++)
                {
                    var from = config.Rope.Layout == RopeLayout.Interleaved ? RotaryPermutation.SourceRow(index, config.HeadSize, RopeLayout.Interleaved) : index;
                    layers[layer].Keys[(token * width) + index] = keys[from];
                }

                row.AsSpan(((layer * 2) + 1) * width, width).CopyTo(layers[layer].Values.AsSpan(token * width));
            }
        }

        return layers;
    }
}

/// <summary>One layer's keys and values, both <c>[virtual tokens, key-value heads * head]</c>.</summary>
public sealed record PrefixLayer(float[] Keys, float[] Values);
