using Landfall.Inference.Models;

namespace Landfall.Inference.Formats;

/// <summary>A decoder layer's linear parts.</summary>
internal enum LinearPart
{
    Query,
    Key,
    Value,
    AttentionOutput,
    Gate,
    Up,
    Down,
}

/// <summary>Shapes and names of linear parts.</summary>
internal static class LinearParts
{
    /// <summary>Outputs and inputs.</summary>
    public static (int Rows, int Columns) Shape(this LinearPart part, ModelConfig config) => part switch
    {
        LinearPart.Query => (config.QueryWidth, config.HiddenSize),
        LinearPart.Key or LinearPart.Value => (config.KeyValueWidth, config.HiddenSize),
        LinearPart.AttentionOutput => (config.HiddenSize, config.QueryWidth),
        LinearPart.Down => (config.HiddenSize, config.IntermediateSize),
        _ => (config.IntermediateSize, config.HiddenSize),
    };

    /// <summary>The name within a layer.</summary>
    public static string Name(this LinearPart part, DecoderNames names) => part switch
    {
        LinearPart.Query => names.Query,
        LinearPart.Key => names.Key,
        LinearPart.Value => names.Value,
        LinearPart.AttentionOutput => names.AttentionOutput,
        LinearPart.Gate => names.Gate,
        LinearPart.Up => names.Up,
        _ => names.Down,
    };

    /// <summary>Layer and part of a name such as <c>layers.3.mlp.up_proj</c>, or null where it is none.</summary>
    public static (int Layer, LinearPart Part)? Parse(ReadOnlySpan<char> name, string layers, DecoderNames names)
    {
        if (!name.StartsWith(layers, StringComparison.Ordinal))
        {
            return null;
        }

        name = name[layers.Length..];
        var dot = name.IndexOf('.');
        if (dot < 0 || !int.TryParse(name[..dot], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var layer))
        {
            return null;
        }

        foreach (var part in Enum.GetValues<LinearPart>())
        {
            if (name[(dot + 1)..].SequenceEqual(part.Name(names)))
            {
                return (layer, part);
            }
        }

        return null;
    }
}
