using System.Globalization;
using System.Text.RegularExpressions;

namespace Landfall.Platform.Datasets.Cleaning.PersonalData;

/// <summary>
/// Chinese resident identity numbers (GB 11643-1999): a province, a date of birth that exists, and the check character of
/// ISO 7064 MOD 11-2. Numbers of 15 digits, issued until 1999, have no check character and are only found where the text
/// says what they are.
/// </summary>
internal sealed partial class ResidentIds : IPersonalDataKind
{
    private const string CheckCharacters = "10X98765432";
    private static readonly int[] Weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

    public string Name => "resident id";

    public string Placeholder => "[RESIDENT_ID]";

    public IEnumerable<PersonalDatum> Find(string text)
    {
        foreach (Match match in Number().Matches(text))
        {
            var number = match.Value;
            var isFound = number.Length == 18
                ? IsRegion(number) && IsDate(number.AsSpan(6, 8)) && HasCheckCharacter(number)
                : IsRegion(number) && IsDate("19" + number[6..12]) && Context.NamesAnIdentity(text, match.Index);
            if (isFound)
            {
                yield return new PersonalDatum(Name, Placeholder, match.Index, match.Length, number.Length == 18 ? 0.99 : 0.85);
            }
        }
    }

    internal static bool HasCheckCharacter(string number)
    {
        var sum = 0;
        for (var i = 0; i < Weights.Length; i++)
        {
            sum += (number[i] - '0') * Weights[i];
        }

        return char.ToUpperInvariant(number[17]) == CheckCharacters[sum % 11];
    }

    private static bool IsRegion(string number) => int.Parse(number.AsSpan(0, 2), CultureInfo.InvariantCulture) is
        (>= 11 and <= 15) or (>= 21 and <= 23) or (>= 31 and <= 37) or (>= 41 and <= 46) or (>= 50 and <= 54) or (>= 61 and <= 65) or 71 or 81 or 82 or 83;

    private static bool IsDate(ReadOnlySpan<char> digits) =>
        DateOnly.TryParseExact(digits, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year is >= 1880 and < 2100;

    [GeneratedRegex(@"(?<![A-Za-z0-9./-]|[0-9][,:])(?:[1-8][0-9]{16}[0-9Xx]|[1-8][0-9]{14})(?![A-Za-z0-9/]|[.,:-][0-9])", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Number();
}
