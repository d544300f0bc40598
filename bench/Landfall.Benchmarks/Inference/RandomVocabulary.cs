using Landfall.Inference.Formats;

namespace Landfall.Benchmarks.Inference;

/// <summary>A byte-level BPE vocabulary of a common size: all bytes, then every two letters and most of three, with and without a space before them.</summary>
internal static class RandomVocabulary
{
    public const int Size = 32_000;
    public const int BeginToken = 0;
    public const int EndToken = 1;
    private const long Normal = 1;
    private const long Control = 3;
    private const string Space = "Ġ";

    /// <summary>The tokenizer's keys of a GGUF file.</summary>
    public static IEnumerable<GgufEntry> Entries()
    {
        string[] letters = [.. "abcdefghijklmnopqrstuvwxyz".Select(letter => letter.ToString())];
        string[] pairs = [.. letters.SelectMany(a => letters.Select(b => a + b))];
        IEnumerable<(string Left, string Right)> merges =
        [
            .. letters.SelectMany(a => letters.Select(b => (a, b))),
            .. letters.Select(letter => (Space, letter)),
            .. pairs.SelectMany(pair => letters.Select(letter => (pair, letter))),
            .. letters.SelectMany(letter => pairs.Select(pair => (Space + letter, pair))),
        ];
        string[] marks = ["<|begin|>", "<|end|>"];
        string[] bytes = [.. ByteCharacters()];
        var kept = merges.Take(Size - marks.Length - bytes.Length).ToList();
        return
        [
            GgufEntry.Of("tokenizer.ggml.model", "gpt2"),
            GgufEntry.Of("tokenizer.ggml.pre", "gpt-2"),
            GgufEntry.Of("tokenizer.ggml.tokens", [.. marks, .. bytes, .. kept.Select(merge => merge.Left + merge.Right)]),
            GgufEntry.Of("tokenizer.ggml.token_type", [.. Enumerable.Range(0, Size).Select(token => token < marks.Length ? Control : Normal)]),
            GgufEntry.Of("tokenizer.ggml.merges", [.. kept.Select(merge => $"{merge.Left} {merge.Right}")]),
            GgufEntry.Of("tokenizer.ggml.bos_token_id", BeginToken),
            GgufEntry.Of("tokenizer.ggml.eos_token_id", EndToken),
            GgufEntry.Of("tokenizer.ggml.add_bos_token", value: false),
        ];
    }

    /// <summary>A printable character for each byte, as GPT-2 has them: the byte's own where it is printable, else one from U+0100 on.</summary>
    private static IEnumerable<string> ByteCharacters()
    {
        var next = 256;
        for (var value = 0; value < 256; value++)
        {
            var printable = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE;
            yield return ((char)(printable ? value : next++)).ToString();
        }
    }
}
