using Landfall.Inference.Constraints.Grammars;
using Landfall.Inference.Tokenizers;

namespace Landfall.Inference.Constraints;

/// <summary>A constraint that is a grammar over bytes.</summary>
public abstract class GrammarConstraint : ITokenConstraint
{
    private readonly Grammar _grammar;

    private protected GrammarConstraint(Element root, TokenVocabulary vocabulary) => _grammar = new Grammar(root, VocabularyIndex.Of(vocabulary));

    /// <inheritdoc/>
    public ConstraintState Start() => new GrammarState(_grammar);

    /// <summary>Whether the bytes as a whole are an answer that the constraint allows, whatever the tokens.</summary>
    public bool Accepts(ReadOnlySpan<byte> text)
    {
        var state = new GrammarState(_grammar);
        return state.Follow(text) && state.CanEnd;
    }
}
