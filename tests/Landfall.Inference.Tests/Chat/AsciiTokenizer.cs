using System.Text;
using Landfall.Inference.Tokenizers;

namespace Landfall.Inference.Chat;

/// <summary>A vocabulary for the fixtures' random weights: a line feed, ChatML's marks (the fixtures end with token 2), printable ASCII.</summary>
internal sealed class AsciiTokenizer : ITokenizer
{
    public const int Start = 1;
    public const int End = 2;

    private static readonly string[] Texts = ["\n", "<|im_start|>", "<|im_end|>", .. Enumerable.Range(32, 95).Select(c => ((char)c).ToString())];

    public TokenVocabulary Vocabulary { get; } = new(
        [.. Texts.Select((t, i) => IsMark(i) ? [] : Encoding.UTF8.GetBytes(t))], [.. Texts.Select((_, i) => IsMark(i))], Texts);

    public int? BeginToken => null;

    public int? EndToken => End;

    public static bool IsMark(int token) => token is Start or End;

    public int[] Encode(string text, bool addSpecial = false, bool parseSpecial = false)
    {
        List<int> tokens = [];
        for (var index = 0; index < text.Length;)
        {
            var mark = parseSpecial ? Array.FindIndex(Texts, Start, 2, t => text.AsSpan(index).StartsWith(t)) : -1;
            tokens.Add(mark >= 0 ? mark : text[index] == '\n' ? 0 : text[index] - 29);
            index += mark >= 0 ? Texts[mark].Length : 1;
        }

        return [.. tokens];
    }

    public string Decode(ReadOnlySpan<int> tokens, bool withSpecial = false) => string.Concat(tokens.ToArray().Where(t => !IsMark(t) || withSpecial).Select(t => Texts[t]));

    public ITokenStream Stream(bool withSpecial = false) => new Characters(this, withSpecial);

    private sealed class Characters(AsciiTokenizer tokenizer, bool withSpecial) : ITokenStream
    {
        public string Append(int token) => tokenizer.Decode([token], withSpecial);

        public string Flush() => "";
    }
}
