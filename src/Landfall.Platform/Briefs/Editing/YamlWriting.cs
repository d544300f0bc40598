using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Landfall.Platform.Briefs.Editing;

/// <summary>Values as YAML on one line, fit for block and flow style.</summary>
internal static partial class YamlWriting
{
    private static readonly HashSet<string> s_notText = new(StringComparer.OrdinalIgnoreCase) { "null", "true", "false", "yes", "no", "on", "off", "y", "n" };

    /// <summary>A text: plain where that is safe, else in double quotes.</summary>
    public static string Text(string text) => Plain().IsMatch(text) && !s_notText.Contains(text) ? text : Quoted(text);

    public static string Number(double number) => number.ToString("0.##############", CultureInfo.InvariantCulture);

    public static string List(IEnumerable<string> items) => $"[{string.Join(", ", items.Select(Text))}]";

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in WellFormed.Mend(text))
        {
            _ = c switch
            {
                '"' or '\\' => quoted.Append('\\').Append(c),
                '\n' => quoted.Append("\\n"),
                '\t' => quoted.Append("\\t"),
                '\uFEFF' or '\uFFFD' or '\u2028' or '\u2029' or '\u0085' => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
                _ when char.IsControl(c) => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }

    // A letter first; then letters, digits and marks that mean nothing to YAML anywhere. No space at the end.
    [GeneratedRegex(@"^\p{L}([\p{L}\p{Nd}_./+()?!;' =-]*[\p{L}\p{Nd}_./+()?!;'=-])?\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Plain();
}
