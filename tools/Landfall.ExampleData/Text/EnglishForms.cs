namespace Landfall.ExampleData.Text;

/// <summary>Regular English inflection, and the irregular words that the grammars use.</summary>
internal static class EnglishForms
{
    /// <summary>Past tense and past participle of verbs that are not regular.</summary>
    private static readonly Dictionary<string, string> s_past = new(StringComparer.Ordinal)
    {
        ["send"] = "sent",
        ["buy"] = "bought",
        ["pay"] = "paid",
        ["lose"] = "lost",
        ["find"] = "found",
        ["get"] = "got",
        ["make"] = "made",
        ["keep"] = "kept",
        ["leave"] = "left",
        ["meet"] = "met",
        ["read"] = "read",
        ["sell"] = "sold",
        ["build"] = "built",
        ["hold"] = "held",
        ["put"] = "put",
        ["cut"] = "cut",
        ["lend"] = "lent",
        ["hear"] = "heard",
        ["sweep"] = "swept",
        ["bring"] = "brought",
        ["catch"] = "caught",
        ["teach"] = "taught",
        ["spend"] = "spent",
        ["feed"] = "fed",
        ["hang"] = "hung",
        ["bend"] = "bent",
        ["set"] = "set",
        ["upset"] = "upset",
    };

    private static readonly Dictionary<string, string> s_plural = new(StringComparer.Ordinal)
    {
        ["child"] = "children",
        ["person"] = "people",
        ["man"] = "men",
        ["woman"] = "women",
        ["mouse"] = "mice",
        ["knife"] = "knives",
        ["shelf"] = "shelves",
        ["leaf"] = "leaves",
        ["loaf"] = "loaves",
        ["scarf"] = "scarves",
        ["sheep"] = "sheep",
        ["fish"] = "fish",
        ["tooth"] = "teeth",
        ["foot"] = "feet",
        ["wolf"] = "wolves",
        ["goose"] = "geese",
        ["potato"] = "potatoes",
        ["tomato"] = "tomatoes",
        ["half"] = "halves",
        ["deer"] = "deer",
    };

    /// <summary>A word, or the first word of a phrase for verbs and the last for nouns, in a form: s, es (third person), ed, ing.</summary>
    public static string Of(string phrase, string form) => form switch
    {
        "s" => OnLast(phrase, Plural),
        "es" => OnFirst(phrase, WithS),
        "ed" => OnFirst(phrase, Past),
        "ing" => OnFirst(phrase, Progressive),
        "cap" => char.ToUpperInvariant(phrase[0]) + phrase[1..],
        "up" => phrase.ToUpperInvariant(),
        "low" => phrase.ToLowerInvariant(),
        "join" => AfterComma(phrase),
        _ => throw new ArgumentException($"There is no form '{form}'; take s, es, ed, ing, cap, up, low or join.", nameof(form)),
    };

    /// <summary>A sentence as it goes on after a comma: without its capital, unless it begins with "I" or a number.</summary>
    private static string AfterComma(string sentence) =>
        sentence is ['I', ' ' or '\'', ..] ? sentence : char.ToLowerInvariant(sentence[0]) + sentence[1..];

    private static string OnFirst(string phrase, Func<string, string> change) =>
        phrase.IndexOf(' ', StringComparison.Ordinal) is > 0 and var space ? change(phrase[..space]) + phrase[space..] : change(phrase);

    private static string OnLast(string phrase, Func<string, string> change) =>
        phrase.LastIndexOf(' ') is > 0 and var space ? phrase[..(space + 1)] + change(phrase[(space + 1)..]) : change(phrase);

    private static string Plural(string word) => s_plural.GetValueOrDefault(word) ?? WithS(word);

    private static string WithS(string word) => word switch
    {
        "have" => "has",
        "be" => "is",
        [.., 's' or 'x' or 'z'] or [.., 's' or 'c', 'h'] or "go" or "do" => word + "es",
        [.., var before, 'y'] when !IsVowel(before) => word[..^1] + "ies",
        _ => word + "s",
    };

    private static string Past(string word) => s_past.GetValueOrDefault(word) ?? word switch
    {
        [.., 'e'] => word + "d",
        [.., var before, 'y'] when !IsVowel(before) => word[..^1] + "ied",
        _ => Doubled(word) + "ed",
    };

    private static string Progressive(string word) => word switch
    {
        [.., 'e', 'e'] or [.., 'y', 'e'] => word + "ing",
        [.., 'i', 'e'] => word[..^2] + "ying",
        [.., 'e'] => word[..^1] + "ing",
        _ => Doubled(word) + "ing",
    };

    /// <summary>A verb of one syllable that ends in consonant, vowel, consonant doubles the last, and so do some longer ones.</summary>
    private static string Doubled(string word) =>
        word is [.., var a, var b, var c] && !IsVowel(a) && IsVowel(b) && !IsVowel(c) && c is not ('w' or 'x' or 'y') && (word.Count(IsVowel) == 1 || word is "forget" or "refer" or "cancel" or "travel" or "begin")
            ? word + c
            : word;

    private static bool IsVowel(char letter) => "aeiou".Contains(letter, StringComparison.Ordinal);
}
