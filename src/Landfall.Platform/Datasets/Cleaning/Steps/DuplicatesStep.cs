using Landfall.Protocol.Datasets;

namespace Landfall.Platform.Datasets.Cleaning.Steps;

/// <summary>
/// Drops rows that say what an earlier row says: the same normalised text, an edited copy of it, or in long texts nearly the
/// same runs of words. Of each group the first row stays; a row is compared with rows that stay, so that a chain of small
/// edits does not swallow rows that are unlike.
/// </summary>
internal sealed class DuplicatesStep : ICleaningStep
{
    public string Name => "duplicates";

    public CleaningFindings Find(CleaningInput input, IProgress<double> progress, CancellationToken cancellation)
    {
        var copies = input.Copies(cancellation);
        var dropped = new bool[input.Rows.Count];
        var findings = new List<Finding>();
        for (var i = 0; i < input.Rows.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (copies.Of(i).Where(c => c.Index < i && !dropped[c.Index]).MaxBy(c => (c.Similarity, -c.Index)) is { } copy)
            {
                findings.Add(Describe(i, input.Rows[i], input.Rows[copy.Index], copy, input.HasLabels));
                dropped[i] = true;
            }

            progress.Report((i + 1.0) / input.Rows.Count);
        }

        return new CleaningFindings(findings, copies.Note);
    }

    private static Finding Describe(int index, Row row, Row kept, RowCopy copy, bool hasLabels)
    {
        var same = row.Expected == kept.Expected;
        var what = copy.IsExact ? "The same text as" : "An edited copy of";
        var reason = same ? $"{what} row {copy.Index + 1}."
            : hasLabels ? $"{what} row {copy.Index + 1}, but labelled '{row.Expected}' instead of '{kept.Expected}': one of them is wrong."
            : $"{what} row {copy.Index + 1}, but with another answer.";
        return new Finding(index, CleaningAction.Drop, Field: null, row.Text, After: null, reason, same ? copy.Similarity : copy.Similarity * 0.7, kept.Id, kept.Text);
    }
}
