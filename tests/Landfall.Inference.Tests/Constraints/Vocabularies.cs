using System.Text;
using Landfall.Inference.Tokenizers;

namespace Landfall.Inference.Constraints;

/// <summary>Vocabularies of the two families, with tokens that span several elements of JSON and parts of characters.</summary>
internal static class Vocabularies
{
    private const string Sample =
        """
        {"name": "Müller", "age": 42, "tags": ["a", "b"], "nested": {"x": 1.5e-3, "y": null}, "ok": true, "no": false}
        [{"id":1,"text":"He said \"hi\"\n"},{"id":-20,"text":"\u00e9中文 данные 😀"}] "}}]}, ""},{"":0,"":"","abc":[[]],
          "date": "2024-02-29T23:59:59Z", "mail": "a.b@c.de", "uuid": "0f8fad5b-d9cb-469f-a165-70867728950e", "ip": "192.168.0.255"
        The quick brown fox_jumps over the lazy dog, 0123456789 times. required enum const items 10.00 -0.5 1e10 \\ \/ \t
        """;

    /// <summary>Byte-level: all 256 bytes, two end marks, and pieces of the sample cut at any byte.</summary>
    public static TokenVocabulary ByteLevel { get; } = Build(1, cutAnywhere: true, byteNames: false);

    /// <summary>SentencePiece: byte tokens beside pieces, some of which have the same bytes.</summary>
    public static TokenVocabulary SentencePiece { get; } = Build(2, cutAnywhere: false, byteNames: true);

    public static TokenVocabulary[] All { get; } = [ByteLevel, SentencePiece];

    private static TokenVocabulary Build(int seed, bool cutAnywhere, bool byteNames)
    {
        var random = new Random(seed);
        var tokens = new List<(byte[] Bytes, bool Special, string Text)> { ([], true, "<s>"), ([], true, "</s>") };
        for (var value = 0; value < 256; value++)
        {
            tokens.Add(([(byte)value], false, byteNames ? $"<0x{value:X2}>" : $"byte {value}"));
        }

        if (byteNames)
        {
            tokens.AddRange(Enumerable.Range(' ', '~' - ' ' + 1).Select(letter => (new[] { (byte)letter }, false, ((char)letter).ToString())));
        }

        var runes = Sample.EnumerateRunes().ToList();
        var bytes = Encoding.UTF8.GetBytes(Sample);
        var known = new HashSet<string>(StringComparer.Ordinal);
        while (known.Count < 2500)
        {
            var length = random.Next(1, 9);
            var piece = cutAnywhere
                ? bytes.AsSpan(random.Next(bytes.Length - length), length).ToArray()
                : Encoding.UTF8.GetBytes(string.Concat(runes.Skip(random.Next(runes.Count - length)).Take(length)));
            if (piece.Length > 1 && known.Add(Convert.ToHexString(piece)))
            {
                tokens.Add((piece, false, Encoding.UTF8.GetString(piece)));
            }
        }

        return new TokenVocabulary([.. tokens.Select(token => token.Bytes)], [.. tokens.Select(token => token.Special)], [.. tokens.Select(token => token.Text)]);
    }
}
