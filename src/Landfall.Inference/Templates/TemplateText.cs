using System.Globalization;
using System.Text;

namespace Landfall.Inference.Templates;

/// <summary>Texts as Python has them: by code points, with its white space, its way to write floats and to quote.</summary>
internal static class TemplateText
{
    /// <summary>How many code points a text has.</summary>
    public static int Length(string text)
    {
        var pairs = 0;
        foreach (var character in text)
        {
            pairs += char.IsLowSurrogate(character) ? 1 : 0;
        }

        return text.Length - pairs;
    }

    /// <summary>The code points of a text, each as a text.</summary>
    public static List<string> Characters(string text) => [.. text.EnumerateRunes().Select(rune => rune.ToString())];

    /// <summary>Cuts white space, or given characters, off a text's ends; the search among the characters is counted.</summary>
    public static string Strip(TemplateRendering rendering, string text, string? characters, bool left, bool right)
    {
        rendering.ChargeSearch(text, characters ?? "");
        return Strip(text, characters, left, right);
    }

    /// <summary>Cuts white space, or given characters, off a text's ends.</summary>
    public static string Strip(string text, string? characters, bool left, bool right)
    {
        var (start, end) = (0, text.Length);
        while (left && start < end && IsCut(text[start], characters))
        {
            start++;
        }

        while (right && end > start && IsCut(text[end - 1], characters))
        {
            end--;
        }

        return text[start..end];
    }

    /// <summary>The first letter of each run of letters in upper case, the others in lower case.</summary>
    public static string Title(string text)
    {
        var builder = new StringBuilder(text.Length);
        var within = false;
        foreach (var rune in text.EnumerateRunes())
        {
            builder.Append(within ? Rune.ToLowerInvariant(rune) : Rune.ToUpperInvariant(rune));
            within = Rune.IsLetter(rune);
        }

        return builder.ToString();
    }

    /// <summary>The first character in upper case, the others in lower case.</summary>
    public static string Capitalize(string text) =>
        text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant();

    /// <summary>A float: the shortest digits that give it back, with a point or an exponent.</summary>
    public static string Float(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }

        // The framework gives the digits; where it changes to exponents is its own choice.
        var parts = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture).Split('E');
        var (whole, fraction) = parts[0].Split('.') is [var before, var after] ? (before, after) : (parts[0], "");
        var padded = whole + fraction;
        var digits = padded.TrimStart('0');
        var point = whole.Length - (padded.Length - digits.Length) + (parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0);
        digits = digits.TrimEnd('0');
        var sign = double.IsNegative(value) ? "-" : "";
        return sign + (digits.Length, point) switch
        {
            (0, _) => "0.0",
            (_, < -3 or > 16) => $"{digits[0]}{(digits.Length > 1 ? "." : "")}{digits[1..]}e{(point < 1 ? '-' : '+')}{Math.Abs(point - 1):00}",
            (_, <= 0) => "0." + new string('0', -point) + digits,
            _ when digits.Length <= point => digits.PadRight(point, '0') + ".0",
            _ => digits[..point] + "." + digits[point..],
        };
    }

    /// <summary>A text in quotes, as Python's repr has it.</summary>
    public static string Quote(string text)
    {
        var quote = text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        var builder = new StringBuilder(text.Length + 2).Append(quote);
        foreach (var rune in text.EnumerateRunes())
        {
            var escaped = rune.Value switch
            {
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ when rune.Value == quote => "\\" + quote,
                _ when IsPrintable(rune) => rune.ToString(),
                < 0x100 => string.Create(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"),
                < 0x10000 => string.Create(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
                _ => string.Create(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}"),
            };
            builder.Append(escaped);
        }

        return builder.Append(quote).ToString();
    }

    private static bool IsCut(char character, string? characters) =>
        characters is null ? TemplateLexer.IsSpace(character) : characters.Contains(character, StringComparison.Ordinal);

    private static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);
}
