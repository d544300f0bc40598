using System.Text.RegularExpressions;

namespace Landfall.Platform.Datasets.Cleaning.PersonalData;

/// <summary>
/// Telephone numbers: international ones with a plus and a country code (ITU-T E.164), Chinese mobile and landline numbers,
/// North American ones in their usual groups, and national ones of other countries where the words before say so. Dates,
/// versions, network addresses, amounts and order numbers are none.
/// </summary>
internal sealed partial class PhoneNumbers : IPersonalDataKind
{
    public string Name => "phone";

    public string Placeholder => "[PHONE]";

    public IEnumerable<PersonalDatum> Find(string text) =>
        International().Matches(text).Where(m => Digits(m) is >= 8 and <= 15 && IsCountry(m)).Select(m => Datum(m, 0.97))
            .Concat(ChineseMobile().Matches(text).Where(m => !Context.NamesAnOrder(text, m.Index)).Select(m => Datum(m, 0.95)))
            .Concat(ChineseLandline().Matches(text).Where(m => Separated(m) ? !Context.NamesAnOrder(text, m.Index) : Context.NamesAPhone(text, m.Index)).Select(m => Datum(m, 0.9)))
            .Concat(NorthAmerican().Matches(text).Where(m => !Context.NamesAnOrder(text, m.Index)).Select(m => Datum(m, 0.9)))
            .Concat(National().Matches(text).Where(m => Digits(m) is >= 7 and <= 12 && !LooksLikeDate(m.Value) && Context.NamesAPhone(text, m.Index)).Select(m => Datum(m, 0.8)));

    private PersonalDatum Datum(Match match, double confidence) => new(Name, Placeholder, match.Index, match.Length, confidence);

    private static int Digits(Match match) => match.Value.Count(char.IsAsciiDigit);

    private static bool Separated(Match match) => match.Value.AsSpan().ContainsAny(" -()");

    /// <summary>The country codes of E.164 by their first digits; 1 and 7 are whole, the others have two or three digits.</summary>
    private static bool IsCountry(Match match)
    {
        var digits = string.Concat(match.Value.Where(char.IsAsciiDigit));
        return digits[0] is '1' or '7' || (digits[0] != '0' && !Unassigned().IsMatch(digits));
    }

    private static bool LooksLikeDate(string text) => Date().IsMatch(text);

    [GeneratedRegex(@"(?<![A-Za-z0-9_+])(?:\+|00(?=[1-9]))[0-9]{1,3}(?:[ .-]?\(?[0-9]{1,5}\)?){2,6}(?![0-9])", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex International();

    [GeneratedRegex(@"(?<![A-Za-z0-9./-]|[0-9][,:])(?:(?:\+|00)?86[ -]?)?1[3-9][0-9](?:[0-9]{8}|[ -][0-9]{4}[ -][0-9]{4})(?![A-Za-z0-9/]|[.,:-][0-9])", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex ChineseMobile();

    [GeneratedRegex(@"(?<![A-Za-z0-9./-]|[0-9][,:])\(?0(?:10|2[0-9]|[3-9][0-9]{2})\)?[ -]?[2-9][0-9]{6,7}(?![A-Za-z0-9/]|[.,:-][0-9])", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex ChineseLandline();

    [GeneratedRegex(@"(?<![A-Za-z0-9./+-]|[0-9][ ,:])(?:1[ .-])?(?:\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}(?<gap>[ .-]))[2-9][0-9]{2}(?:(?<=\).{3,4})[ .-]|\k<gap>)[0-9]{4}(?![A-Za-z0-9/]|[.,:-][0-9])", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex NorthAmerican();

    [GeneratedRegex(@"(?<![A-Za-z0-9./+-]|[0-9][,:])\(?[0-9]{2,5}\)?(?:[ .-]?[0-9]{2,8}){1,4}(?![A-Za-z0-9/]|[.,:-][0-9])", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex National();

    [GeneratedRegex(@"^(?:(?:19|20)[0-9]{2}[ .-][01]?[0-9][ .-][0-3]?[0-9]|[0-3]?[0-9][ .-][01]?[0-9][ .-](?:19|20)[0-9]{2}|(?:19|20)[0-9]{2}[01][0-9][0-3][0-9])", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Date();

    // Two- and three-digit codes that the ITU has not assigned to a country.
    [GeneratedRegex("^(?:2(?:1[04579]|59|8[0-9]|9[2-6])|38[48]|42[24-9]|6(?:9[3-9])|8(?:0[1-79]|3[0-9]|5[1479]|7[1-9]|8[4579]|9[0-9])|97[8]|99[079])", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Unassigned();
}
