using System.Text;

namespace Landfall.Platform.Datasets.Cleaning.PersonalData;

/// <summary>Finds personal data of all kinds, and masks it.</summary>
public static class PersonalDataFinder
{
    // Where two kinds claim the same digits, the one that checks more wins.
    private static readonly IPersonalDataKind[] Kinds = [new EmailAddresses(), new ResidentIds(), new Ibans(), new BankCards(), new PhoneNumbers()];

    /// <summary>All occurrences, in order, none within another.</summary>
    public static IReadOnlyList<PersonalDatum> Find(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var plain = WithoutFullWidth(text);
        var found = new List<PersonalDatum>();
        foreach (var datum in Kinds.SelectMany(kind => kind.Find(plain)))
        {
            if (!found.Exists(f => f.Start < datum.Start + datum.Length && datum.Start < f.Start + f.Length))
            {
                found.Add(datum);
            }
        }

        return [.. found.OrderBy(f => f.Start)];
    }

    /// <summary>The text with placeholders.</summary>
    public static string Mask(string text, IReadOnlyList<PersonalDatum> found)
    {
        var masked = new StringBuilder(text.Length);
        var at = 0;
        foreach (var datum in found)
        {
            masked.Append(text, at, datum.Start - at).Append(datum.Placeholder);
            at = datum.Start + datum.Length;
        }

        return masked.Append(text, at, text.Length - at).ToString();
    }

    /// <summary>Full-width ASCII forms (U+FF01 to U+FF5E) and the ideographic space, as Chinese input methods make them.</summary>
    private static string WithoutFullWidth(string text) =>
        string.Create(text.Length, text, static (plain, given) =>
        {
            for (var i = 0; i < given.Length; i++)
            {
                plain[i] = given[i] switch
                {
                    >= '\uFF01' and <= '\uFF5E' => (char)(given[i] - 0xFEE0),
                    '\u3000' or '\u00A0' => ' ',
                    '\u2010' or '\u2011' or '\u2012' or '\u2013' => '-',
                    var c => c,
                };
            }
        });
}
