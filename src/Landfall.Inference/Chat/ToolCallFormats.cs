using Landfall.Inference.Tokenizers;

namespace Landfall.Inference.Chat;

/// <summary>Which format a model writes calls of tools in.</summary>
public static class ToolCallFormats
{
    /// <summary>The format of a model, by the marks in its chat template.</summary>
    /// <param name="template">The template's source; null: the model brings none and is given ChatML with Hermes' tools.</param>
    /// <param name="vocabulary">The model's tokens.</param>
    public static IToolCallFormat Of(string? template, TokenVocabulary vocabulary)
    {
        if (template is null)
        {
            return MarkedFormat.Hermes(vocabulary);
        }

        if (template.Contains("[TOOL_CALLS]", StringComparison.Ordinal))
        {
            return MarkedFormat.Mistral(vocabulary);
        }

        if (template.Contains("<tool_call>", StringComparison.Ordinal))
        {
            return MarkedFormat.Hermes(vocabulary);
        }

        var isLlama = template.Contains("<|start_header_id|>", StringComparison.Ordinal) && template.Contains("tools", StringComparison.Ordinal);
        return isLlama || template.Contains("<|python_tag|>", StringComparison.Ordinal) ? new LlamaFormat(vocabulary) : MarkedFormat.Plain(vocabulary);
    }
}
