using System.Text;
using Landfall.Inference.Constraints.Automata;

namespace Landfall.Inference.Constraints.Grammars;

/// <summary>JSON's marks with the white space that may stand beside them: bounded, so that no answer is lost in it.</summary>
internal sealed class JsonPunctuation
{
    /// <summary>Indentation that is taken after a line's end.</summary>
    private const int MaxIndent = 32;

    private JsonPunctuation(string[] around, string[] afterColon)
    {
        OpenObject = After("{", around);
        CloseObject = Before("}", around);
        OpenArray = After("[", around);
        CloseArray = Before("]", around);
        Comma = After(",", around);
        Colon = After(":", afterColon);
    }

    /// <summary>No white space.</summary>
    public static JsonPunctuation Compact { get; } = new([""], [""]);

    /// <summary>A space, or a line's end with indentation; after a colon a space.</summary>
    public static JsonPunctuation Spaced { get; } = new(["", " ", .. Enumerable.Range(0, MaxIndent + 1).Select(indent => "\n" + new string(' ', indent))], ["", " "]);

    public Element OpenObject { get; }

    public Element CloseObject { get; }

    public Element OpenArray { get; }

    public Element CloseArray { get; }

    public Element Comma { get; }

    public Element Colon { get; }

    private static Element.Terminal After(string mark, string[] spaces) => new(new TrieAutomaton(spaces.Select(space => Encoding.UTF8.GetBytes(mark + space))));

    private static Element.Terminal Before(string mark, string[] spaces) => new(new TrieAutomaton(spaces.Select(space => Encoding.UTF8.GetBytes(space + mark))));
}
