using System.Text;
using Landfall.Inference.Constraints.Grammars;

namespace Landfall.Inference.Constraints;

/// <summary>
/// Masks against the definition: a token is allowed if and only if the constraint can follow its bytes. But for one case: a token
/// that ends the key of a further property and goes on beyond its value is left out, as the key is known only when it is taken.
/// </summary>
internal static class MaskOracle
{
    /// <summary>Writes a random answer and compares the mask of every step.</summary>
    public static void Check(GrammarConstraint constraint, Tokenizers.TokenVocabulary vocabulary, Random random, int steps)
    {
        var state = (GrammarState)constraint.Start();
        var path = new List<byte>();
        for (var step = 0; step < steps && !state.MustEnd; step++)
        {
            var allowed = RandomAnswer.Tokens(state.Allowed());
            var expected = Enumerable.Range(0, vocabulary.Count).Where(token => Follows(constraint, path, vocabulary.Bytes(token).ToArray())).ToList();
            var differing = allowed.Except(expected).Concat(expected.Except(allowed).Where(token => !GoesBeyondValue(vocabulary.Bytes(token)))).ToList();
            Assert.True(differing.Count == 0, $"After '{Encoding.UTF8.GetString([.. path])}' the mask differs for: {string.Join(" | ", differing.Select(vocabulary.Text))}");

            var choice = allowed[random.Next(allowed.Count)];
            path.AddRange(vocabulary.Bytes(choice));
            state.Accept(choice);
        }
    }

    private static bool GoesBeyondValue(ReadOnlySpan<byte> token) =>
        token.IndexOf("\":"u8) is var colon and >= 0 && token[colon..].Contains((byte)',');

    private static bool Follows(GrammarConstraint constraint, List<byte> path, byte[] token)
    {
        var state = (GrammarState)constraint.Start();
        return token.Length > 0 && state.Follow([.. path]) && state.Follow(token);
    }
}
