using System.Text;

namespace Landfall.Inference.Tokenizers;

/// <summary>
/// Unicode's normalisation forms. In a program built with invariant globalisation the framework leaves every text as it is;
/// there a text passes that needs no change, and any other is refused rather than turned into wrong tokens.
/// </summary>
internal static class UnicodeForms
{
    /// <summary>Ranges of characters that NFC leaves alone, whatever stands beside them in these ranges.</summary>
    private static readonly (char First, char Last)[] Composed =
    [
        ('\0', '\u02FF'), ('\u0400', '\u0482'), ('\u2010', '\u2027'), ('\u3041', '\u3096'), ('\u30A1', '\u30FA'), ('\u3001', '\u3029'), ('\u4E00', '\u9FFF'), ('\uAC00', '\uD7A3'), ('\uFF01', '\uFF5E'),
        // Arrows, boxes, signs, and the halves and joints of emoji from U+1F000 to U+1FBFF.
        ('\u200D', '\u200D'), ('\u2190', '\u2199'), ('\u2500', '\u27BF'), ('\uD83C', '\uD83E'), ('\uDC00', '\uDFFF'), ('\uFE0F', '\uFE0F'),
    ];

    /// <summary>Ranges of characters that no form changes.</summary>
    private static readonly (char First, char Last)[] Plain = [('\0', '\u007F'), ('\u4E00', '\u9FFF')];

    private static readonly bool Works = "e\u0301".Normalize(NormalizationForm.FormC) == "\u00e9";

    /// <summary>A text in a form. The framework refuses U+FFFE, which normalisation leaves alone and nothing combines with.</summary>
    /// <exception cref="InferenceException">The text may need a change, and the program is built without normalisation.</exception>
    public static string Normalize(string text, NormalizationForm form) => Ascii.IsValid(text) ? text
        : !Works ? Unchanged(text, form)
        : text.Contains('\uFFFE') ? string.Join('\uFFFE', text.Split('\uFFFE').Select(part => part.Normalize(form)))
        : text.Normalize(form);

    /// <summary>The text, where it certainly is in a form already.</summary>
    /// <exception cref="InferenceException">It may not be.</exception>
    internal static string Unchanged(string text, NormalizationForm form)
    {
        var ranges = form == NormalizationForm.FormC ? Composed : Plain;
        foreach (var character in text)
        {
            if (!Array.Exists(ranges, range => character >= range.First && character <= range.Last))
            {
                throw new InferenceException(
                    $"The tokenizer normalises texts (Unicode's {form}), and this program is built with invariant globalisation; the character U+{(int)character:X4} cannot be normalised in it.");
            }
        }

        return text;
    }
}
