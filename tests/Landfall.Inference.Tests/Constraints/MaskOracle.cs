using System.Text;
using Landfall.Inference.Constraints.Grammars;

namespace Landfall.Inference.Constraints;

/// <summary>Masks against the definition: a token is allowed if and only if the constraint can follow its bytes.</summary>
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
            if (!expected.SequenceEqual(allowed))
            {
                var missing = expected.Except(allowed).Concat(allowed.Except(expected)).Select(vocabulary.Text);
                Assert.Fail($"After '{Encoding.UTF8.GetString([.. path])}' the mask differs for: {string.Join(" | ", missing)}");
            }

            var choice = allowed[random.Next(allowed.Count)];
            path.AddRange(vocabulary.Bytes(choice));
            state.Accept(choice);
        }
    }

    private static bool Follows(GrammarConstraint constraint, List<byte> path, byte[] token)
    {
        var state = (GrammarState)constraint.Start();
        return token.Length > 0 && state.Follow([.. path]) && state.Follow(token);
    }
}
