namespace Landfall.Inference.Formats.Adapters;

/// <summary>What an adapter adds to its base model.</summary>
public enum AdapterKind
{
    /// <summary>Products of two low-rank matrices, added to linear layers (arXiv 2106.09685).</summary>
    Lora,
    /// <summary>Keys and values before the prompt in each layer (arXiv 2101.00190).</summary>
    Prefix,

    /// <summary>Embeddings before the prompt's (arXiv 2104.08691).</summary>
    Prompt,
}

/// <summary>Tells adapters apart.</summary>
public static class AdapterKinds
{
    internal const string ConfigFile = "adapter_config.json";
    internal const string WeightsFile = "adapter_model.safetensors";

    /// <summary>The kind of adapter in a PEFT folder or a GGUF file.</summary>
    /// <exception cref="ModelFormatException">It is no adapter, or of a kind that is not read.</exception>
    public static AdapterKind Of(string path)
    {
        if (File.Exists(path))
        {
            return AdapterKind.Lora;
        }

        using var json = JsonFile.Open(Path.Combine(path, ConfigFile));
        return Of(json.Root);
    }

    internal static AdapterKind Of(JsonSettings settings) => settings.FindText("peft_type") switch
    {
        "LORA" => AdapterKind.Lora,
        "PREFIX_TUNING" => AdapterKind.Prefix,
        "PROMPT_TUNING" or "P_TUNING" => AdapterKind.Prompt,
        _ => throw settings.Wrong("peft_type", "LORA, PREFIX_TUNING, PROMPT_TUNING or P_TUNING"),
    };
}
