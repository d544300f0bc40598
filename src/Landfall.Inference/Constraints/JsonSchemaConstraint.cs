using System.Text.Json;
using Landfall.Inference.Constraints.Grammars;
using Landfall.Inference.Constraints.Schemas;
using Landfall.Inference.Tokenizers;

namespace Landfall.Inference.Constraints;

/// <summary>White space between the marks of a JSON answer.</summary>
public enum JsonWhiteSpace
{
    /// <summary>A space, or a line's end with up to 32 spaces of indentation, after opening marks and commas and before closing ones; a space after a colon.</summary>
    Bounded,

    /// <summary>None.</summary>
    None,
}

/// <summary>
/// The answer is a JSON value that a JSON Schema (2020-12) allows. What is not supported is refused, never ignored: see
/// docs/decisions/0026.
/// </summary>
/// <remarks>
/// Properties come in the order of the schema, and no key twice. Properties beyond the stated ones are written only where
/// <c>additionalProperties</c> or <c>patternProperties</c> says so, or nothing is stated. Integers have up to 15 digits, unless a
/// bound has more.
/// </remarks>
public sealed class JsonSchemaConstraint : GrammarConstraint
{
    private JsonSchemaConstraint(Element root, TokenVocabulary vocabulary)
        : base(root, vocabulary)
    {
    }

    /// <summary>Prepares a schema for a vocabulary.</summary>
    /// <param name="schema">An object or a boolean.</param>
    /// <param name="vocabulary">The model's tokens.</param>
    /// <param name="whiteSpace">What may stand between the marks.</param>
    /// <exception cref="ConstraintException">The schema is malformed, impossible, or uses what is not supported; with its JSON pointer.</exception>
    public static JsonSchemaConstraint Compile(JsonElement schema, TokenVocabulary vocabulary, JsonWhiteSpace whiteSpace = JsonWhiteSpace.Bounded) =>
        new(Grammar(schema, whiteSpace), vocabulary);

    internal static Element Grammar(JsonElement schema, JsonWhiteSpace whiteSpace) =>
        SchemaCompiler.Compile(schema, whiteSpace == JsonWhiteSpace.None ? JsonPunctuation.Compact : JsonPunctuation.Spaced);
}
