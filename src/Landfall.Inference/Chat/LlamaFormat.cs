using Landfall.Inference.Constraints;
using Landfall.Inference.Tokenizers;

namespace Landfall.Inference.Chat;

/// <summary>Llama 3.1 and later: the answer as a whole is one JSON object, with or without a mark before it.</summary>
internal sealed class LlamaFormat(TokenVocabulary vocabulary) : IToolCallFormat
{
    private const string Mark = "<|python_tag|>";

    public string Name => "llama";

    public bool HasSpecialMarks { get; } = SpecialToken.Find(vocabulary, Mark) is not null;

    /// <summary>One call, even where several may be made: the family's templates take one per answer.</summary>
    public ITokenConstraint Force(IReadOnlyList<ToolSignature> tools, bool several, TokenVocabulary vocabulary) =>
        ToolCallConstraint.Compile(new ToolCallConstraint.Notation([""], "{\"name\": ", ", \"parameters\": ", "}", Separator: null, ""), tools, several, vocabulary);

    public IOutputParser CreateParser(IReadOnlyCollection<string> tools, bool beginsInThought = false) =>
        tools.Count > 0 && !beginsInThought ? new JsonOutputParser(Mark, tools) : new MarkedOutputParser(new OutputMarks(null, null), tools, beginsInThought);
}
