using Landfall.Inference.Constraints.Grammars;
using Landfall.Inference.Constraints.Patterns;
using Landfall.Inference.Tokenizers;

namespace Landfall.Inference.Constraints;

/// <summary>
/// The whole answer matches a regular expression: literals, classes (<c>[a-z]</c>, <c>\d \w \s</c> as far as ECMA-262, .NET
/// and Python agree on them, <c>\p{L}</c>), groups, alternatives, quantifiers, and anchors at the ends of the outermost alternatives. A character is a
/// Unicode code point. No backreferences, lookaround or word boundaries.
/// </summary>
public sealed class RegexConstraint : GrammarConstraint
{
    private RegexConstraint(Element root, TokenVocabulary vocabulary)
        : base(root, vocabulary)
    {
    }

    /// <summary>Prepares a pattern for a vocabulary.</summary>
    /// <exception cref="ConstraintException">The pattern is malformed, matches nothing, is too large, or uses what is not supported.</exception>
    public static RegexConstraint Compile(string pattern, TokenVocabulary vocabulary)
    {
        const string place = "pattern";
        var dfa = CharacterDfa.Of(PatternParser.Parse(pattern, place, PatternReading.Whole), place);
        return dfa.Empty
            ? throw new ConstraintException(place, "no text matches it; check its classes.")
            : new RegexConstraint(new Element.Terminal(new TextAutomaton(dfa, json: false)), vocabulary);
    }
}
