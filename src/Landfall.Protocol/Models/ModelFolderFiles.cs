namespace Landfall.Protocol.Models;

/// <summary>Which files of a Hugging Face folder belong to a model, beside its weights.</summary>
public static class ModelFolderFiles
{
    /// <summary>Names the files that hold the weights.</summary>
    public const string Index = "model.safetensors.index.json";

    /// <summary>The weights, where they are one file.</summary>
    public const string Weights = "model.safetensors";

    /// <summary>How tokens become one vector in sentence-transformers models.</summary>
    public const string Pooling = "1_Pooling/config.json";

    /// <summary>Says what an adapter is.</summary>
    public const string AdapterConfig = "adapter_config.json";

    /// <summary>The weights of an adapter.</summary>
    public const string AdapterWeights = "adapter_model.safetensors";

    private static readonly HashSet<string> Companions = new(StringComparer.Ordinal)
    {
        "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json", "merges.txt",
        "tokenizer.model", "chat_template.jinja", "chat_template.json", Index, "modules.json", "sentence_bert_config.json", "config_sentence_transformers.json", "README.md",
    };

    /// <summary>Whether a file of this name belongs to a model beside its weights.</summary>
    public static bool Belongs(string name) => Companions.Contains(name) || name.StartsWith("LICENSE", StringComparison.Ordinal);

    /// <summary>Whether a file of this name belongs to an adapter.</summary>
    public static bool BelongsToAdapter(string name) =>
        name is AdapterConfig or AdapterWeights or "README.md" || name.StartsWith("LICENSE", StringComparison.Ordinal);
}
