using System.Text.RegularExpressions;

namespace Landfall.Platform.Datasets.Cleaning.PersonalData;

/// <summary>E-mail addresses with a domain of at least two parts; the local part as RFC 5321 has it, without quotes.</summary>
internal sealed partial class EmailAddresses : IPersonalDataKind
{
    public string Name => "e-mail";

    public string Placeholder => "[EMAIL]";

    public IEnumerable<PersonalDatum> Find(string text) =>
        Address().Matches(text).Select(m => new PersonalDatum(Name, Placeholder, m.Index, m.Length, 0.99));

    // Bounded repetitions: linear on hostile input.
    [GeneratedRegex(@"(?<![A-Za-z0-9._%+-])[A-Za-z0-9](?:[A-Za-z0-9._%+-]{0,62}[A-Za-z0-9_%+-])?@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9-]|\.[A-Za-z0-9])", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Address();
}
