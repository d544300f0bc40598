using System.Globalization;
using System.Text.RegularExpressions;

namespace Landfall.Platform.Datasets.Cleaning.PersonalData;

/// <summary>
/// Bank cards: the number's beginning belongs to a network, its length is one that the network issues (ISO/IEC 7812), and
/// its last digit is right (Luhn). Digits in one run, or in the groups that are printed on cards.
/// </summary>
internal sealed partial class BankCards : IPersonalDataKind
{
    public string Name => "bank card";

    public string Placeholder => "[BANK_CARD]";

    public IEnumerable<PersonalDatum> Find(string text)
    {
        foreach (Match match in Number().Matches(text))
        {
            var digits = Digits(match.Value);
            if (IsOfNetwork(digits) && IsLuhn(digits))
            {
                yield return new PersonalDatum(Name, Placeholder, match.Index, match.Length, Context.NamesAnOrder(text, match.Index) ? 0.6 : 0.97);
            }
        }
    }

    internal static bool IsLuhn(string digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            digit = i % 2 == 1 ? digit * 2 : digit;
            sum += digit > 9 ? digit - 9 : digit;
        }

        return sum % 10 == 0 && digits.AsSpan().ContainsAnyExcept('0');
    }

    private static bool IsOfNetwork(string digits)
    {
        var first = int.Parse(digits.AsSpan(0, 4), CultureInfo.InvariantCulture);
        return digits.Length switch
        {
            13 => first is >= 4000 and < 5000,
            14 => first is (>= 3000 and <= 3059) or (>= 3600 and <= 3699) or (>= 3800 and <= 3999),
            15 => first is (>= 3400 and <= 3499) or (>= 3700 and <= 3799),
            16 => first is (>= 3528 and <= 3589) or (>= 4000 and <= 5099) or (>= 5100 and <= 5899) or (>= 2221 and <= 2720) or (>= 6000 and <= 6999),
            17 or 18 => first is >= 6000 and <= 6999,
            19 => first is (>= 4000 and < 5000) or (>= 6000 and <= 6999) or 9558,
            _ => false,
        };
    }

    private static string Digits(string text) => string.Concat(text.Where(char.IsAsciiDigit));

    [GeneratedRegex(@"(?<![A-Za-z0-9_./+-]|[0-9][ ,:-])(?:[0-9]{13,19}|[0-9]{4}(?<gap>[ -])[0-9]{4}\k<gap>[0-9]{4}\k<gap>[0-9]{1,4}(?:\k<gap>[0-9]{1,3})?|[0-9]{4}(?<middle>[ -])[0-9]{6}\k<middle>[0-9]{4,5}|[0-9]{6}[ -][0-9]{13})(?![A-Za-z0-9_/]|[.,:-][0-9]|[ -][0-9])", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Number();
}
