using System.Runtime.InteropServices;

namespace Landfall.Platform.Datasets.Cleaning.PersonalData;

/// <summary>A stretch of text that says who somebody is.</summary>
/// <param name="Kind">The kind's name, such as <c>e-mail</c>.</param>
/// <param name="Placeholder">What stands in its place when it is masked.</param>
/// <param name="Start">Where it begins, in UTF-16 units.</param>
/// <param name="Length">Its length.</param>
/// <param name="Confidence">0 to 1.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PersonalDatum(string Kind, string Placeholder, int Start, int Length, double Confidence);

/// <summary>Finds one kind of personal data.</summary>
internal interface IPersonalDataKind
{
    string Name { get; }

    /// <summary>What stands in its place, such as <c>[EMAIL]</c>.</summary>
    string Placeholder { get; }

    /// <summary>All occurrences. <paramref name="text"/> has ASCII digits and marks in place of full-width ones, at the same places.</summary>
    IEnumerable<PersonalDatum> Find(string text);
}
