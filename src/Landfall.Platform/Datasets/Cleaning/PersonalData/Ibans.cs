using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Landfall.Platform.Datasets.Cleaning.PersonalData;

/// <summary>International bank account numbers (ISO 13616): a country, its length, and the check digits of ISO 7064 MOD 97-10.</summary>
internal sealed partial class Ibans : IPersonalDataKind
{
    private static readonly FrozenDictionary<string, int> Lengths = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["AD"] = 24,
        ["AE"] = 23,
        ["AT"] = 20,
        ["BE"] = 16,
        ["BG"] = 22,
        ["BR"] = 29,
        ["CH"] = 21,
        ["CY"] = 28,
        ["CZ"] = 24,
        ["DE"] = 22,
        ["DK"] = 18,
        ["EE"] = 20,
        ["ES"] = 24,
        ["FI"] = 18,
        ["FR"] = 27,
        ["GB"] = 22,
        ["GE"] = 22,
        ["GI"] = 23,
        ["GR"] = 27,
        ["HR"] = 21,
        ["HU"] = 28,
        ["IE"] = 22,
        ["IL"] = 23,
        ["IS"] = 26,
        ["IT"] = 27,
        ["KW"] = 30,
        ["KZ"] = 20,
        ["LI"] = 21,
        ["LT"] = 20,
        ["LU"] = 20,
        ["LV"] = 21,
        ["MC"] = 27,
        ["MT"] = 31,
        ["NL"] = 18,
        ["NO"] = 15,
        ["PL"] = 28,
        ["PT"] = 25,
        ["QA"] = 29,
        ["RO"] = 24,
        ["RS"] = 22,
        ["SA"] = 24,
        ["SE"] = 24,
        ["SI"] = 19,
        ["SK"] = 24,
        ["SM"] = 27,
        ["TR"] = 26,
        ["UA"] = 29,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public string Name => "IBAN";

    public string Placeholder => "[IBAN]";

    public IEnumerable<PersonalDatum> Find(string text)
    {
        foreach (Match match in Number().Matches(text))
        {
            if (Lengths.TryGetValue(match.Value[..2].ToUpperInvariant(), out var wanted) && LengthOf(match.Value, wanted) is { } length && IsMod97(match.Value[..length]))
            {
                yield return new PersonalDatum(Name, Placeholder, match.Index, length, 0.99);
            }
        }
    }

    /// <summary>Where the country's number of letters and digits ends; the words after it may look like more of it.</summary>
    private static int? LengthOf(string text, int wanted)
    {
        var seen = 0;
        for (var i = 0; i < text.Length; i++)
        {
            seen += text[i] == ' ' ? 0 : 1;
            if (seen == wanted)
            {
                return i + 1 == text.Length || !char.IsAsciiLetterOrDigit(text[i + 1]) ? i + 1 : null;
            }
        }

        return null;
    }

    private static bool IsMod97(string text)
    {
        var plain = text.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
        var rest = 0;
        foreach (var c in plain[4..] + plain[..4])
        {
            rest = char.IsAsciiDigit(c) ? ((rest * 10) + (c - '0')) % 97 : ((rest * 100) + (c - 'A' + 10)) % 97;
        }

        return rest == 1;
    }

    [GeneratedRegex(@"(?<![A-Za-z0-9])[A-Za-z]{2}[0-9]{2}(?: ?[A-Za-z0-9]){11,30}", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Number();
}
