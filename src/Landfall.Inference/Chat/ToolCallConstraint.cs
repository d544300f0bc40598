using System.Text;
using System.Text.Json;
using Landfall.Inference.Constraints;
using Landfall.Inference.Constraints.Automata;
using Landfall.Inference.Constraints.Grammars;
using Landfall.Inference.Tokenizers;

namespace Landfall.Inference.Chat;

/// <summary>The answer is one call or several, each of a tool that is there and with arguments that its schema allows.</summary>
internal sealed class ToolCallConstraint : GrammarConstraint
{
    private ToolCallConstraint(Element root, TokenVocabulary vocabulary)
        : base(root, vocabulary)
    {
    }

    /// <summary>How a family writes calls.</summary>
    /// <param name="Open">Before the first call: one of these.</param>
    /// <param name="Call">A call's beginning, up to the tool's name as a JSON string.</param>
    /// <param name="Arguments">Between the name and the arguments.</param>
    /// <param name="CallEnd">After the arguments.</param>
    /// <param name="Separator">Between two calls; null: there is only one.</param>
    /// <param name="Close">After the last call.</param>
    public sealed record Notation(string[] Open, string Call, string Arguments, string CallEnd, string? Separator, string Close);

    public static ToolCallConstraint Compile(Notation notation, IReadOnlyList<ToolSignature> tools, bool several, TokenVocabulary vocabulary)
    {
        var call = new Element.Sequence(Literal(notation.Call), Measured(new Element.Choice([.. tools.Select(tool => Tool(notation, tool))])), Literal(notation.CallEnd));
        call.Measure();
        var calls = Calls(call, several ? notation.Separator : null);
        return new ToolCallConstraint(new Element.Sequence(Literal(notation.Open), calls, Literal(notation.Close)), vocabulary);
    }

    private static Element Calls(Element call, string? separator)
    {
        if (separator is null)
        {
            return call;
        }

        // One call, and then either nothing or a separator and the same again.
        var calls = new Element.Rule("tools");
        var more = new Element.Sequence(Literal(separator), calls);
        var rest = new Element.Choice(Literal(""), more);
        calls.Body = new Element.Sequence(call, rest);
        Element[] elements = [more, rest, calls.Body, calls];
        while (elements.Select(element => element.Measure()).ToList().Contains(true))
        {
        }

        return calls;
    }

    private static Element Tool(Notation notation, ToolSignature tool)
    {
        var name = Literal(Encoding.UTF8.GetString(Constraints.Schemas.JsonText.Write(tool.Name)) + notation.Arguments);
        return Measured(new Element.Sequence(name, Arguments(tool)));
    }

    private static Element Arguments(ToolSignature tool)
    {
        try
        {
            using var any = JsonDocument.Parse("""{"type": "object", "additionalProperties": false}""");
            return tool.Parameters.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null
                ? JsonSchemaConstraint.Grammar(any.RootElement, JsonWhiteSpace.Bounded)
                : JsonSchemaConstraint.Grammar(tool.Parameters, JsonWhiteSpace.Bounded);
        }
        catch (ConstraintException exception)
        {
            throw new ConstraintException($"tool '{tool.Name}', {exception.Place}", exception.Message[(exception.Place.Length + 2)..]);
        }
    }

    private static Element Literal(params string[] texts) => Measured(new Element.Terminal(new TrieAutomaton(texts.Select(Encoding.UTF8.GetBytes))));

    private static Element Measured(Element element)
    {
        element.Measure();
        return element;
    }
}
