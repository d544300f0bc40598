using Landfall.Protocol.Datasets;

namespace Landfall.Platform.Datasets.Cleaning.Steps;

/// <summary>Drops rows that are copies of test rows, exact or edited: what was learnt by heart is no measure of anything.</summary>
internal sealed class ContaminationStep : ICleaningStep
{
    public string Name => "contamination";

    public bool NeedsTest => true;

    public CleaningFindings Find(CleaningInput input, IProgress<double> progress, CancellationToken cancellation)
    {
        var all = new List<Row>(input.Test.Count + input.Rows.Count);
        all.AddRange(input.Test);
        all.AddRange(input.Rows);
        var copies = RowCopies.Of(all, cancellation);
        var findings = new List<Finding>();
        for (var i = 0; i < input.Rows.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (copies.Of(input.Test.Count + i).Where(c => c.Index < input.Test.Count).MaxBy(c => (c.Similarity, -c.Index)) is { } copy)
            {
                var test = input.Test[copy.Index];
                var reason = $"{(copy.IsExact ? "The same text as" : "An edited copy of")} test row {copy.Index + 1}.";
                findings.Add(new Finding(i, CleaningAction.Drop, Field: null, input.Rows[i].Text, After: null, reason, copy.Similarity, test.Id, test.Text));
            }

            progress.Report((i + 1.0) / input.Rows.Count);
        }

        return new CleaningFindings(findings, copies.Note);
    }
}
