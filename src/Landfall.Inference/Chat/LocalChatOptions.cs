using System.Text.Json;
using Landfall.Inference.Formats.Adapters;
using Microsoft.Extensions.AI;

namespace Landfall.Inference.Chat;

/// <summary>What a local model can do beyond <see cref="ChatOptions"/>.</summary>
public sealed class LocalChatOptions : ChatOptions
{
    /// <summary>Options with nothing set.</summary>
    public LocalChatOptions()
    {
    }

    private LocalChatOptions(LocalChatOptions other)
        : base(other)
    {
        MinP = other.MinP;
        TypicalP = other.TypicalP;
        RepetitionPenalty = other.RepetitionPenalty;
        LogitBias = other.LogitBias;
        TopLogProbabilities = other.TopLogProbabilities;
        Regex = other.Regex;
        Choices = other.Choices;
        Lora = other.Lora;
        Prefix = other.Prefix;
        Owner = other.Owner;
        TemplateVariables = other.TemplateVariables;
    }

    /// <summary>Tokens of at least this share of the likeliest one's probability.</summary>
    public float? MinP { get; set; }

    /// <summary>Locally typical sampling.</summary>
    public float? TypicalP { get; set; }

    /// <summary>Divides the logits of tokens that occurred.</summary>
    public float? RepetitionPenalty { get; set; }

    /// <summary>Added to logits by token id.</summary>
    public IReadOnlyDictionary<int, float>? LogitBias { get; set; }

    /// <summary>Likeliest tokens to report with each token, 0 to 20; they come with the update's raw representation.</summary>
    public int? TopLogProbabilities { get; set; }

    /// <summary>A regular expression that the whole answer matches.</summary>
    public string? Regex { get; set; }

    /// <summary>The texts of which the answer is one.</summary>
    public IReadOnlyList<string>? Choices { get; set; }

    /// <summary>An adapter of the base's matrices.</summary>
    public LoraAdapter? Lora { get; set; }

    /// <summary>Learned keys and values, or embeddings, before the prompt.</summary>
    public PrefixAdapter? Prefix { get; set; }

    /// <summary>On whose behalf: owners share the engine equally.</summary>
    public string Owner { get; set; } = "";

    /// <summary>Variables for the chat template, such as <c>enable_thinking</c>.</summary>
    public IReadOnlyDictionary<string, JsonElement>? TemplateVariables { get; set; }

    /// <summary>A copy.</summary>
    public override ChatOptions Clone() => new LocalChatOptions(this);
}
