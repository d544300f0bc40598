using System.Text;
using System.Text.RegularExpressions;
using Landfall.Platform.Briefs;

namespace Landfall.Platform.Evaluation.Text;

/// <summary>
/// The answer tokens of SQuAD (Rajpurkar et al., EMNLP 2016, evaluation script): lower case, without ASCII punctuation and
/// without the articles a, an, the; split at white space. Where Chinese characters occur, all punctuation goes and each
/// such character is a token, as in CMRC 2018.
/// </summary>
internal static partial class SquadTokens
{
    public static List<string> Of(string text)
    {
        var chinese = Han.In(text);
        var kept = new StringBuilder(text.Length);
        foreach (var rune in WellFormed.Mend(text).Normalize(NormalizationForm.FormC).EnumerateRunes())
        {
            if (Han.Is(rune))
            {
                kept.Append(' ').Append(rune).Append(' ');
            }
            else if (!IsPunctuation(rune, chinese))
            {
                kept.Append(Rune.ToLowerInvariant(rune));
            }
        }

        return [.. Article().Replace(kept.ToString(), " ").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)];
    }

    private static bool IsPunctuation(Rune rune, bool chinese) =>
        (rune.IsAscii && (char.IsPunctuation((char)rune.Value) || char.IsSymbol((char)rune.Value)))
        || (chinese && (Rune.IsPunctuation(rune) || Rune.IsSymbol(rune)));

    [GeneratedRegex(@"\b(a|an|the)\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: -1)]
    private static partial Regex Article();
}
