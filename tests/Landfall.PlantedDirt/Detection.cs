using Landfall.Platform.Datasets.Cleaning;

namespace Landfall.PlantedDirt;

/// <summary>How well dirt was found.</summary>
/// <param name="Planted">Rows with the dirt.</param>
/// <param name="Found">Rows that were reported.</param>
/// <param name="Right">Of these: rightly.</param>
public sealed record Detection(int Planted, int Found, int Right)
{
    public double Precision => Found == 0 ? 1 : (double)Right / Found;

    public double Recall => Planted == 0 ? 1 : (double)Right / Planted;

    /// <summary>Copies: a pair is found when one of its two rows is reported; both, or any other row, is a false report.</summary>
    public static Detection OfDuplicates(PlantedRows planted, IReadOnlyList<Finding> found)
    {
        var members = planted.Duplicates.Keys.Concat(planted.Duplicates.Values).ToHashSet();
        var reported = found.Select(f => f.Row).ToHashSet();
        var right = planted.Duplicates.Count(d => reported.Contains(d.Key) || reported.Contains(d.Value));
        var falsely = reported.Count(r => !members.Contains(r)) + planted.Duplicates.Count(d => reported.Contains(d.Key) && reported.Contains(d.Value));
        return new Detection(planted.Duplicates.Count, right + falsely, right);
    }

    public static Detection OfRows(IReadOnlyCollection<int> planted, IEnumerable<int> found)
    {
        var reported = found.ToHashSet();
        return new Detection(planted.Count, reported.Count, reported.Count(planted.Contains));
    }

    public override string ToString() => FormattableString.Invariant($"precision {Precision:0.000} ({Right} of {Found}), recall {Recall:0.000} ({Right} of {Planted})");
}
