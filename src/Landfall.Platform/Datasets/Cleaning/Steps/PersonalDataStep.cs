using Landfall.Platform.Datasets.Cleaning.PersonalData;
using Landfall.Protocol.Datasets;

namespace Landfall.Platform.Datasets.Cleaning.Steps;

/// <summary>Masks personal data with placeholders that say what stood there.</summary>
internal sealed class PersonalDataStep : IRewritingStep
{
    public string Name => "pii";

    public string Rewrite(string value) => PersonalDataFinder.Mask(value, PersonalDataFinder.Find(value));

    public CleaningFindings Find(CleaningInput input, IProgress<double> progress, CancellationToken cancellation)
    {
        var findings = new List<Finding>();
        for (var i = 0; i < input.Rows.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var (field, value) in RowFields.Of(input.Rows[i]))
            {
                if (PersonalDataFinder.Find(value) is { Count: > 0 } found)
                {
                    var kinds = string.Join(", ", found.Select(f => f.Kind).Distinct(StringComparer.Ordinal));
                    findings.Add(new Finding(i, CleaningAction.Edit, field, value, PersonalDataFinder.Mask(value, found), $"Personal data: {kinds}.", found.Min(f => f.Confidence)));
                }
            }

            progress.Report((i + 1.0) / input.Rows.Count);
        }

        return new CleaningFindings(findings);
    }
}
