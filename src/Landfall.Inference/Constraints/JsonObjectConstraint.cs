using System.Text.Json;
using Landfall.Inference.Tokenizers;

namespace Landfall.Inference.Constraints;

/// <summary>The answer is a JSON object, whichever (OpenAI's <c>json_object</c>).</summary>
public static class JsonObjectConstraint
{
    /// <summary>Prepares it for a vocabulary.</summary>
    public static JsonSchemaConstraint Compile(TokenVocabulary vocabulary, JsonWhiteSpace whiteSpace = JsonWhiteSpace.Bounded)
    {
        using var schema = JsonDocument.Parse("""{"type": "object"}""");
        return JsonSchemaConstraint.Compile(schema.RootElement, vocabulary, whiteSpace);
    }
}
