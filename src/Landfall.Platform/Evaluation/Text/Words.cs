using System.Text;
using Landfall.Platform.Briefs;

namespace Landfall.Platform.Evaluation.Text;

/// <summary>The words that ROUGE counts: lower-case runs of letters and digits; each Chinese character is one.</summary>
internal static class Words
{
    public static List<string> Of(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var rune in WellFormed.Mend(text).Normalize(NormalizationForm.FormC).EnumerateRunes())
        {
            if (Han.Is(rune))
            {
                End(words, word);
                words.Add(rune.ToString());
            }
            else if (Rune.IsLetterOrDigit(rune))
            {
                word.Append(Rune.ToLowerInvariant(rune));
            }
            else
            {
                End(words, word);
            }
        }

        End(words, word);
        return words;
    }

    private static void End(List<string> words, StringBuilder word)
    {
        if (word.Length > 0)
        {
            words.Add(word.ToString());
            word.Clear();
        }
    }
}
