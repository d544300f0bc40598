using System.Text;
using Landfall.Inference.Constraints.Automata;
using Landfall.Inference.Constraints.Grammars;
using Landfall.Inference.Tokenizers;

namespace Landfall.Inference.Constraints;

/// <summary>The answer is one of a list of texts.</summary>
public sealed class ChoiceConstraint : GrammarConstraint
{
    private ChoiceConstraint(Element root, TokenVocabulary vocabulary)
        : base(root, vocabulary)
    {
    }

    /// <summary>Prepares the choices for a vocabulary.</summary>
    /// <param name="choices">At least one; none empty.</param>
    /// <param name="vocabulary">The model's tokens.</param>
    /// <exception cref="ConstraintException">There is no choice, or an empty one.</exception>
    public static ChoiceConstraint Compile(IReadOnlyList<string> choices, TokenVocabulary vocabulary)
    {
        if (choices.Count == 0)
        {
            throw new ConstraintException("choices", "there are none; give at least one text.");
        }

        for (var index = 0; index < choices.Count; index++)
        {
            if (choices[index].Length == 0)
            {
                throw new ConstraintException($"choices[{index}]", "the text is empty; leave it out or give it a name.");
            }
        }

        return new ChoiceConstraint(new Element.Terminal(new TrieAutomaton(choices.Select(Encoding.UTF8.GetBytes))), vocabulary);
    }
}
