namespace Landfall.Inference.Formats;

/// <summary>An architecture's settings in a GGUF file's metadata, with errors that name the file and the key.</summary>
internal sealed class GgufSettings(GgufMetadata metadata, string architecture)
{
    public string File => metadata.File;

    public int Int(string name, int least, int most) => FindInt(name, least, most) ?? throw Wrong(name, $"a whole number from {least} to {most}");

    public int? FindInt(string name, int least, int most)
    {
        var key = $"{architecture}.{name}";

        // Some settings may be given per layer; they are read where all layers have the same.
        var value = metadata.Values.GetValueOrDefault(key) is long[] { Length: > 0 } perLayer && Array.TrueForAll(perLayer, number => number == perLayer[0])
            ? perLayer[0]
            : metadata.FindValue<long>(key);
        return value is null ? null : value >= least && value <= most ? (int)value : throw Wrong(name, $"a whole number from {least} to {most}");
    }

    public float Float(string name, double least, double most) => FindFloat(name, least, most) ?? throw Wrong(name, $"a number from {least} to {most}");

    public float? FindFloat(string name, double least, double most)
    {
        var value = metadata.FindValue<double>($"{architecture}.{name}");
        return value is null ? null : value >= least && value <= most ? (float)value : throw Wrong(name, $"a number from {least} to {most}");
    }

    public string? FindText(string name) => metadata.Find<string>($"{architecture}.{name}");

    /// <summary>A whole number of the tokenizer's settings.</summary>
    public int? FindToken(string name)
    {
        var value = metadata.FindValue<long>($"tokenizer.ggml.{name}");
        return value is null ? null : value is >= 0 and < ConfigLimits.Vocabulary ? (int)value
            : throw new ModelFormatException(File, $"the metadata 'tokenizer.ggml.{name}' is {value}, which no vocabulary has.");
    }

    public bool? FindTokenizerBool(string name) => metadata.FindValue<bool>($"tokenizer.ggml.{name}");

    /// <summary>Settings that change the computation in a way that is not done.</summary>
    public void Refuse(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (metadata.Values.TryGetValue($"{architecture}.{name}", out var value) && value is not (0L or 0d))
            {
                throw Wrong(name, "none, for such models are not read,");
            }
        }
    }

    public ModelFormatException Wrong(string name, string expected)
    {
        var key = $"{architecture}.{name}";
        var found = !metadata.Values.TryGetValue(key, out var value) ? "missing" : value is Array ? "an array" : Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!;
        return new ModelFormatException(File, $"the metadata '{key}' is {(found.Length > 80 ? found[..80] + "..." : found)}, where {expected} is expected.");
    }
}
