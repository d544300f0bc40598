using System.Collections.Frozen;
using System.Text;

namespace Landfall.Platform.Datasets.Cleaning;

/// <summary>A text's language.</summary>
/// <param name="Code">ISO 639-1, such as <c>en</c>; <c>und</c> where nothing tells.</param>
/// <param name="Confidence">0 to 1.</param>
public sealed record DetectedLanguage(string Code, double Confidence);

/// <summary>
/// Tells languages apart by script and, within the Latin and Cyrillic scripts, by their commonest short words and their own
/// letters. That is enough to find rows that do not belong: it needs no model, says <c>und</c> rather than guess, and costs
/// a pass over the text. It does not tell languages of one script apart that it has no words of.
/// </summary>
public static class LanguageDetector
{
    /// <summary>Nothing tells.</summary>
    public const string Undetermined = "und";

    private const double LeastShare = 0.5;

    private static readonly (string Code, string Words, string Letters)[] Latin =
    [
        ("en", "the is are was a an and to of in on for with my your i it this that not do does did how what why when can could please have has be been you we they me there from still would will at but if or so just no get as like by into up out about need want am i'm i'd don't can't cannot only our his her any after before more than now then who whose which does did should", ""),
        ("de", "der die das und ist nicht ich ein eine mit für auf den dem des zu von im wie was warum kann bitte habe hat sind war sie wir es mein meine noch aber auch wenn oder mir mich", "äöüß"),
        ("fr", "le la les un une des et est ne pas je tu il elle nous vous ils de du en dans pour avec mon ma mes votre comment pourquoi quand que qui sur ce cette j'ai puis peut être mais ou où", "çœêèàùîôû"),
        ("es", "el la los las un una y es no que de en por para con mi mis su como cómo qué cuándo dónde puedo está estoy tengo pero porque se lo me del al muy ya", "ñ¿¡"),
        ("it", "il lo la gli le un una e è non che di in per con mio mia come perché quando dove posso ho sono ma della del nel alla al anche si mi ci", "ìò"),
        ("pt", "o a os as um uma e é não que de em por para com meu minha como quando onde posso está estou tenho mas do da no na se eu você muito já", "ãõ"),
        ("nl", "de het een en is niet ik je mijn van in op voor met hoe wat waarom kan heb heeft zijn was wij er maar ook als of aan nog naar dat dit", ""),
        ("tr", "bir ve bu için ile ne nasıl neden var yok değil mi ben benim çok ama da de daha olarak", "ğışİ"),
        ("vi", "là và của không tôi có một cho được với như này các trong", "ạảấầẩẫậắằẳẵặẹẻẽếềểễệơưđ"),
        ("pl", "i w na nie jest to z się do że jak co mam mój moja czy dla o po ale", "ąęłńśźż"),
    ];

    private static readonly FrozenDictionary<string, string[]> LanguagesOfWords = Latin
        .SelectMany(l => l.Words.Split(' ').Select(word => (word, l.Code)))
        .GroupBy(w => w.word, StringComparer.Ordinal)
        .ToFrozenDictionary(g => g.Key, g => g.Select(w => w.Code).ToArray(), StringComparer.Ordinal);

    /// <summary>The language of most of the text.</summary>
    public static DetectedLanguage Detect(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var scripts = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var rune in text.EnumerateRunes())
        {
            if (ScriptOf(rune) is { } script)
            {
                // A Chinese character says about as much as three letters.
                scripts[script] = scripts.GetValueOrDefault(script) + (script is "han" or "kana" or "ko" ? 3 : 1);
            }
        }

        var all = scripts.Values.Sum();
        if (all == 0)
        {
            return new DetectedLanguage(Undetermined, 0);
        }

        var (best, weight) = scripts.MaxBy(s => s.Value);
        return best switch
        {
            "kana" => new DetectedLanguage("ja", weight / all),
            // Japanese is written with both, Chinese without kana.
            "han" when scripts.GetValueOrDefault("kana") > 0.1 * weight => new DetectedLanguage("ja", (weight + scripts["kana"]) / all),
            "han" => new DetectedLanguage("zh", weight / all),
            "latin" => OfLatin(text, weight / all),
            "cyrillic" => new DetectedLanguage(text.AsSpan().ContainsAny("іїєґІЇЄҐ") ? "uk" : "ru", 0.9 * weight / all),
            _ => new DetectedLanguage(best, weight / all),
        };
    }

    private static DetectedLanguage OfLatin(string text, double share)
    {
        var scores = new Dictionary<string, double>(StringComparer.Ordinal);
        var words = Words(text);
        foreach (var codes in words.Select(w => LanguagesOfWords.GetValueOrDefault(w)).OfType<string[]>())
        {
            foreach (var code in codes)
            {
                scores[code] = scores.GetValueOrDefault(code) + (1.0 / codes.Length);
            }
        }

        foreach (var (code, _, letters) in Latin)
        {
            var own = text.Count(c => letters.Contains(char.ToLowerInvariant(c), StringComparison.Ordinal));
            if (own > 0)
            {
                scores[code] = scores.GetValueOrDefault(code) + Math.Min(2, own);
            }
        }

        if (scores.Count == 0)
        {
            return new DetectedLanguage(Undetermined, 0);
        }

        var (best, score) = scores.OrderByDescending(s => s.Value).ThenBy(s => s.Key, StringComparer.Ordinal).First();
        var certainty = score / scores.Values.Sum();
        return certainty < LeastShare && score < 2
            ? new DetectedLanguage(Undetermined, certainty)
            : new DetectedLanguage(best, Math.Min(0.99, share * certainty * Math.Min(1, (score + 1) / 3)));
    }

    private static List<string> Words(string text)
    {
        var words = new List<string>();
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            var isPart = i < text.Length && (char.IsLetter(text[i]) || text[i] is '\'' or '’');
            if (isPart && start < 0)
            {
                start = i;
            }
            else if (!isPart && start >= 0)
            {
                words.Add(text[start..i].Replace('’', '\'').ToLowerInvariant());
                start = -1;
            }
        }

        return words;
    }

    private static string? ScriptOf(Rune rune) => !Rune.IsLetter(rune) ? null : rune.Value switch
    {
        < 0x250 or (>= 0x1E00 and <= 0x1EFF) => "latin",
        (>= 0x370 and <= 0x3FF) or (>= 0x1F00 and <= 0x1FFF) => "el",
        >= 0x400 and <= 0x52F => "cyrillic",
        >= 0x530 and <= 0x58F => "hy",
        >= 0x590 and <= 0x5FF => "he",
        (>= 0x600 and <= 0x6FF) or (>= 0x750 and <= 0x77F) => "ar",
        >= 0x900 and <= 0x97F => "hi",
        >= 0x980 and <= 0x9FF => "bn",
        >= 0xB80 and <= 0xBFF => "ta",
        >= 0xE00 and <= 0xE7F => "th",
        >= 0x10A0 and <= 0x10FF => "ka",
        (>= 0x3040 and <= 0x30FF) or (>= 0x31F0 and <= 0x31FF) => "kana",
        (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF) => "han",
        (>= 0x1100 and <= 0x11FF) or (>= 0xAC00 and <= 0xD7AF) => "ko",
        _ => "other",
    };
}
