using System.Globalization;
using System.Text;

namespace Landfall.Platform.Briefs;

/// <summary>Puts what was found into messages: short, quoted, on one line.</summary>
internal static class Shown
{
    private const int Longest = 60;

    public static string Text(string text)
    {
        var shown = new StringBuilder("'");
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length > Longest)
            {
                return shown.Append("...'").ToString();
            }

            shown.Append(Rune.IsControl(rune) ? " " : rune.ToString());
        }

        return shown.Append('\'').ToString();
    }

    /// <summary>Up to five names, then how many more.</summary>
    public static string Names(IReadOnlyCollection<string> names, int most = 5)
    {
        var shown = string.Join(", ", names.Order(StringComparer.Ordinal).Take(most).Select(Text));
        return names.Count > most ? $"{shown} and {Count(names.Count - most)} more" : shown;
    }

    public static string Number(double value) => value.ToString("0.##########", CultureInfo.InvariantCulture);

    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Percent(double fraction) => (fraction * 100).ToString("0.######", CultureInfo.InvariantCulture) + "%";

    /// <summary>A kind of value in words, for "found ...".</summary>
    public static string Kind(YamlNode node) => node switch
    {
        YamlSequence => "a list",
        YamlMapping => "a mapping",
        YamlScalar { IsNull: true } => "nothing",
        YamlScalar scalar => Text(scalar.Text),
        _ => "a value",
    };
}
