using Landfall.Inference.Constraints;
using Landfall.Inference.Tokenizers;

namespace Landfall.Inference.Chat;

/// <summary>Calls between marks: Hermes and Qwen, Mistral, and models that have no calls at all.</summary>
internal sealed class MarkedFormat(string name, OutputMarks marks, ToolCallConstraint.Notation? notation, TokenVocabulary vocabulary) : IToolCallFormat
{
    /// <summary>Hermes (Nous Research) and Qwen 2.5 and 3: an object in tags per call.</summary>
    public static MarkedFormat Hermes(TokenVocabulary vocabulary) => new(
        "hermes",
        new OutputMarks("<tool_call>", "</tool_call>"),
        new ToolCallConstraint.Notation([""], "\n{\"name\": ", ", \"arguments\": ", "}\n</tool_call>", "\n<tool_call>", ""),
        vocabulary);

    /// <summary>Mistral: a mark and then a list of objects.</summary>
    public static MarkedFormat Mistral(TokenVocabulary vocabulary) => new(
        "mistral",
        new OutputMarks("[TOOL_CALLS]", null),
        new ToolCallConstraint.Notation(["[", " ["], "{\"name\": ", ", \"arguments\": ", "}", ", ", "]"),
        vocabulary);

    /// <summary>A template that has no tools.</summary>
    public static MarkedFormat Plain(TokenVocabulary vocabulary) => new("none", new OutputMarks(null, null), null, vocabulary);

    public string Name => name;

    // Looked for once: a vocabulary has a hundred thousand tokens and more.
    public bool HasSpecialMarks { get; } = new[] { marks.Call, marks.CallEnd, OutputMarks.Think, OutputMarks.ThinkEnd }.OfType<string>().Any(mark => SpecialToken.Find(vocabulary, mark) is not null);

    public ITokenConstraint Force(IReadOnlyList<ToolSignature> tools, bool several, TokenVocabulary vocabulary)
    {
        if (notation is null)
        {
            throw new InferenceException("The model's chat template has no tools.");
        }

        // A mark that is a special token is no text, so that it can stand at the beginning alone.
        if (SpecialToken.Find(vocabulary, marks.Call!) is { } token)
        {
            var one = ToolCallConstraint.Compile(notation, tools, several && !notation.Separator!.Contains(marks.Call!, StringComparison.Ordinal), vocabulary);
            return new LeadingTokenConstraint(token, one, vocabulary.Count);
        }

        var marked = notation with { Open = [.. notation.Open.Select(open => marks.Call + open)] };
        return ToolCallConstraint.Compile(marked, tools, several, vocabulary);
    }

    public IOutputParser CreateParser(IReadOnlyCollection<string> tools, bool beginsInThought = false) =>
        new MarkedOutputParser(tools.Count > 0 ? marks : new OutputMarks(null, null), tools, beginsInThought);
}
