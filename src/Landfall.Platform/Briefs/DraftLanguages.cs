using System.Text;

namespace Landfall.Platform.Briefs;

/// <summary>The languages that texts seem to be in, by their script, and by common words where the script is Latin.</summary>
internal sealed class DraftLanguages
{
    private const int MostTexts = 2_000;

    private static readonly (string Language, HashSet<string> Words)[] s_words =
    [
        ("English", ["the", "is", "my", "i", "to", "a", "how", "what", "do", "you", "can", "of", "and", "it", "for"]),
        ("German", ["der", "die", "das", "ist", "ich", "mein", "meine", "nicht", "wie", "und", "zu", "ein", "eine", "was", "kann"]),
        ("French", ["le", "la", "les", "est", "je", "mon", "ma", "pas", "comment", "et", "un", "une", "de", "que", "puis"]),
        ("Spanish", ["el", "los", "es", "mi", "no", "como", "cómo", "y", "un", "una", "de", "que", "qué", "puedo", "para"]),
    ];

    private readonly Dictionary<string, int> _texts = new(StringComparer.Ordinal);
    private int _total;

    public void Add(string text)
    {
        if (_total < MostTexts && Of(text) is { } language)
        {
            _total++;
            _texts[language] = _texts.GetValueOrDefault(language) + 1;
        }
    }

    /// <summary>Languages of at least a twentieth of the texts, most frequent first, with their share.</summary>
    public IReadOnlyList<(string Language, double Share)> Found() =>
        [.. _texts.Where(t => t.Value >= 0.05 * _total).OrderByDescending(t => t.Value).ThenBy(t => t.Key, StringComparer.Ordinal).Select(t => (t.Key, (double)t.Value / _total))];

    private static string? Of(string text)
    {
        int latin = 0, han = 0, kana = 0, hangul = 0, cyrillic = 0, arabic = 0;
        foreach (var rune in text.EnumerateRunes().Take(500))
        {
            switch (rune.Value)
            {
                case >= 0x3040 and <= 0x30FF:
                    kana++;
                    break;
                case (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2FFFF):
                    han++;
                    break;
                case >= 0xAC00 and <= 0xD7AF:
                    hangul++;
                    break;
                case >= 0x0400 and <= 0x04FF:
                    cyrillic++;
                    break;
                case >= 0x0600 and <= 0x06FF:
                    arabic++;
                    break;
                default:
                    latin += Rune.IsLetter(rune) ? 1 : 0;
                    break;
            }
        }

        // A Chinese character says about as much as three letters.
        var scores = new[] { ("Japanese", kana > 0 ? 3 * (kana + han) : 0), ("Chinese", kana > 0 ? 0 : 3 * han), ("Korean", 3 * hangul), ("Russian or another in Cyrillic", cyrillic), ("Arabic", arabic), ("", latin) };
        var best = scores.MaxBy(s => s.Item2);
        return best.Item2 == 0 ? null : best.Item1.Length > 0 ? best.Item1 : OfLatin(text);
    }

    private static string? OfLatin(string text)
    {
        var words = text.ToLowerInvariant().Split([' ', ',', '.', '?', '!', ';', ':', '\n', '\t', '\''], StringSplitOptions.RemoveEmptyEntries);
        var best = s_words.Select(l => (l.Language, Hits: words.Count(l.Words.Contains))).MaxBy(l => l.Hits);
        return best.Hits == 0 ? null : best.Language;
    }
}
