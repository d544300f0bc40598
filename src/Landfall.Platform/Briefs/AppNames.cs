using System.Text;

namespace Landfall.Platform.Briefs;

/// <summary>Names of apps.</summary>
internal static class AppNames
{
    private const int Longest = 64;

    /// <summary>The name nearest to a text, or "" when nothing of it can be kept.</summary>
    public static string From(string text)
    {
        var name = new StringBuilder();
        foreach (var c in WellFormed.Mend(text).Normalize(NormalizationForm.FormKD))
        {
            if (name.Length == Longest)
            {
                break;
            }

            if (char.IsAsciiLetterOrDigit(c))
            {
                name.Append(char.ToLowerInvariant(c));
            }
            else if (name.Length > 0 && name[^1] != '-' && !char.IsLetterOrDigit(c) && char.GetUnicodeCategory(c) != System.Globalization.UnicodeCategory.NonSpacingMark)
            {
                name.Append('-');
            }
        }

        return name.ToString().TrimEnd('-');
    }
}
