using Landfall.Inference.Constraints;
using Landfall.Inference.Tokenizers;

namespace Landfall.Inference.Chat;

/// <summary>Which format a model writes calls of tools in.</summary>
public static class ToolCallFormats
{
    /// <summary>The format of a model.</summary>
    public static IToolCallFormat Of(LanguageModel model) => new PlainFormat();

    private sealed class PlainFormat : IToolCallFormat, IOutputParser
    {
        public string Name => "none";

        public bool HasSpecialMarks => false;

        public ITokenConstraint Force(IReadOnlyList<ToolSignature> tools, bool several, TokenVocabulary vocabulary) =>
            throw new InferenceException("The model's chat template has no tools.");

        public IOutputParser CreateParser() => this;

        public IReadOnlyList<OutputPiece> Append(string text) => [new TextPiece(text)];

        public IReadOnlyList<OutputPiece> Flush() => [];
    }
}
