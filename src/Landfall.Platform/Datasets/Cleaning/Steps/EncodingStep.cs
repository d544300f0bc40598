using Landfall.Protocol.Datasets;

namespace Landfall.Platform.Datasets.Cleaning.Steps;

/// <summary>Repairs text that was read in a wrong encoding, and takes out characters that nobody sees.</summary>
internal sealed class EncodingStep : IRewritingStep
{
    public string Name => "encoding";

    public string Rewrite(string value) => EncodingRepair.Repair(value).Text;

    public CleaningFindings Find(CleaningInput input, IProgress<double> progress, CancellationToken cancellation)
    {
        var findings = new List<Finding>();
        for (var i = 0; i < input.Rows.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var (field, value) in RowFields.Of(input.Rows[i]))
            {
                var repaired = EncodingRepair.Repair(value);
                if (repaired.Text != value)
                {
                    findings.Add(new Finding(i, CleaningAction.Edit, field, value, repaired.Text, string.Join("; ", repaired.Repairs) + ".", repaired.Confidence));
                }

                if (repaired.Lost > 0)
                {
                    findings.Add(new Finding(i, CleaningAction.Drop, field, value, After: null, $"{repaired.Lost} characters were lost in an earlier conversion and cannot be brought back.", 0.6));
                }
            }

            progress.Report((i + 1.0) / input.Rows.Count);
        }

        return new CleaningFindings(findings);
    }
}
