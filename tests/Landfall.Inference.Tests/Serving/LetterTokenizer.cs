using System.Text;
using Landfall.Inference.Tokenizers;

namespace Landfall.Inference.Serving;

/// <summary>Gives the fixtures' random vocabularies letters: token i is the character U+0100 + i.</summary>
internal sealed class LetterTokenizer(int count) : ITokenizer
{
    public TokenVocabulary Vocabulary { get; } = new(
        [.. Enumerable.Range(0, count).Select(i => Encoding.UTF8.GetBytes(Letter(i)))], new bool[count], [.. Enumerable.Range(0, count).Select(Letter)]);

    public int? BeginToken => null;

    public int? EndToken => null;

    public static string Letter(int token) => ((char)(0x100 + token)).ToString();

    public int[] Encode(string text, bool addSpecial = false, bool parseSpecial = false) => [.. text.Select(c => c - 0x100)];

    public string Decode(ReadOnlySpan<int> tokens, bool withSpecial = false) => string.Concat(tokens.ToArray().Select(Letter));

    public ITokenStream Stream(bool withSpecial = false) => new Letters();

    private sealed class Letters : ITokenStream
    {
        public string Append(int token) => Letter(token);

        public string Flush() => "";
    }
}
