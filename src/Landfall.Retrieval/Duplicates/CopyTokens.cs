using System.Collections.Frozen;
using System.Runtime.InteropServices;
using Landfall.Retrieval.Classification;
using Landfall.Retrieval.Text;

namespace Landfall.Retrieval.Duplicates;

/// <summary>A word of a text that is compared with others.</summary>
/// <param name="Key">Its hash.</param>
/// <param name="Text">The word.</param>
/// <param name="Share">How much of its weight it counts with.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CopyWord(uint Key, string Text, float Share);

/// <summary>
/// A text's words without courtesies. A Chinese run gives its characters and its pairs of characters, each with half of its
/// weight: characters alone would make one message of all orders of the same ones.
/// </summary>
internal sealed record CopyTokens(IReadOnlyList<CopyWord> Words)
{
    private const int MostTrigrams = 600;

    private static readonly FrozenSet<string> Courtesies = FrozenSet.ToFrozenSet(
    [
        "please", "pls", "plz", "kindly", "hi", "hello", "hey", "dear", "thanks", "thank", "thx", "you", "cheers", "regards", "sorry", "excuse", "me",
        "there", "could", "can", "would", "just", "so", "much", "advance", "good", "morning", "afternoon", "team", "appreciate", "many", "ok",
    ], StringComparer.Ordinal);

    private static readonly string[] ChineseCourtesies =
        ["非常感谢", "麻烦你们", "麻烦您", "麻烦了", "谢谢您", "谢谢你", "请问一下", "想问一下", "不好意思", "辛苦了", "打扰了", "多谢", "谢谢", "感谢", "请问", "您好", "你好", "麻烦", "拜托", "一下", "请", "哈"];

    public static CopyTokens Of(string text)
    {
        var segmented = SegmentedText.Of(WithoutChineseCourtesies(text));
        var words = new List<CopyWord>();
        foreach (var segment in segmented.Segments)
        {
            if (segment.IsUnspaced)
            {
                AddCharacters(segmented[segment].ToString(), words);
            }
            else if (segmented[segment].ToString() is var word && !Courtesies.Contains(word))
            {
                words.Add(Word(word, 1));
            }
        }

        return new CopyTokens(words.Count > 0 ? words : [.. segmented.Segments.Select(s => Word(segmented[s].ToString(), 1))]);
    }

    /// <summary>Character trigrams of the words, each once.</summary>
    public uint[] Trigrams()
    {
        var keys = new HashSet<uint>();
        foreach (var word in Words)
        {
            var padded = word.Share < 1 ? word.Text : $" {word.Text} ";
            for (var i = 0; i == 0 || i + 3 <= padded.Length; i++)
            {
                keys.Add(TokenHash.Of(padded.AsSpan(i, Math.Min(3, padded.Length - i)), seed: 3));
                if (keys.Count >= MostTrigrams)
                {
                    return [.. keys];
                }
            }
        }

        return [.. keys];
    }

    private static string WithoutChineseCourtesies(string text)
    {
        foreach (var courtesy in ChineseCourtesies)
        {
            text = text.Replace(courtesy, "", StringComparison.Ordinal);
        }

        return text;
    }

    private static void AddCharacters(string run, List<CopyWord> words)
    {
        for (var i = 0; i < run.Length; i++)
        {
            words.Add(Word(run[i].ToString(), 0.5f));
            if (i + 1 < run.Length)
            {
                words.Add(Word(run.Substring(i, 2), 0.5f));
            }
        }
    }

    private static CopyWord Word(string text, float share) => new(TokenHash.Of(text, seed: 1), text, share);
}
