using System.Numerics;
using System.Text;
using Landfall.Inference.Tokenizers;

namespace Landfall.Inference.Constraints;

/// <summary>Answers of a model that knows nothing: any token that the constraint allows.</summary>
internal static class RandomAnswer
{
    private const string Closing = "\"}]";

    /// <summary>The answer's bytes.</summary>
    /// <param name="constraint">What allows tokens.</param>
    /// <param name="vocabulary">The tokens.</param>
    /// <param name="random">What chooses.</param>
    /// <param name="patience">After so many tokens, marks that close something are preferred.</param>
    public static byte[] Write(ITokenConstraint constraint, TokenVocabulary vocabulary, Random random, int patience = 30) =>
        [.. WriteTokens(constraint, vocabulary, random, patience).SelectMany(token => vocabulary.Bytes(token).ToArray())];

    public static List<int> WriteTokens(ITokenConstraint constraint, TokenVocabulary vocabulary, Random random, int patience = 30)
    {
        var state = constraint.Start();
        var answer = new List<int>();
        for (var count = 0; !state.MustEnd; count++)
        {
            Assert.True(count < 3000, $"The answer does not end: {Encoding.UTF8.GetString([.. answer.SelectMany(token => vocabulary.Bytes(token).ToArray())])}");
            if (state.CanEnd && random.Next(count > patience ? 1 : 4) == 0)
            {
                break;
            }

            var token = Choose(state.Allowed(), vocabulary, random, hurry: count > patience);
            answer.Add(token);
            state.Accept(token);
        }

        Assert.True(state.CanEnd);
        return answer;
    }

    public static List<int> Tokens(ReadOnlySpan<ulong> bits)
    {
        var tokens = new List<int>();
        for (var word = 0; word < bits.Length; word++)
        {
            for (var left = bits[word]; left != 0; left &= left - 1)
            {
                tokens.Add((word * 64) + BitOperations.TrailingZeroCount(left));
            }
        }

        return tokens;
    }

    private static int Choose(ReadOnlySpan<ulong> bits, TokenVocabulary vocabulary, Random random, bool hurry)
    {
        var tokens = Tokens(bits);
        Assert.NotEmpty(tokens);
        if (hurry && random.Next(10) > 0)
        {
            foreach (var token in tokens)
            {
                if (vocabulary.Bytes(token) is [var only] && Closing.Contains((char)only, StringComparison.Ordinal))
                {
                    return token;
                }
            }
        }

        return tokens[random.Next(tokens.Count)];
    }
}
