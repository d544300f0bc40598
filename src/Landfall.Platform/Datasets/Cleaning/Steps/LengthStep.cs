using System.Globalization;
using Landfall.Protocol.Datasets;

namespace Landfall.Platform.Datasets.Cleaning.Steps;

/// <summary>
/// Drops rows whose text is far shorter or longer than the others: the logarithm of its length lies more than
/// <see cref="Limit"/> robust standard deviations (from the median absolute deviation; Iglewicz and Hoaglin 1993) from the
/// median. A text without a letter or a digit is always one.
/// </summary>
internal sealed class LengthStep : ICleaningStep
{
    private const double Limit = 4.5;
    private const double LeastDeviation = 0.3;

    public string Name => "length";

    public CleaningFindings Find(CleaningInput input, IProgress<double> progress, CancellationToken cancellation)
    {
        var lengths = input.Rows.Select(r => Math.Log(1 + r.Text.Trim().Length)).ToArray();
        if (lengths.Length == 0)
        {
            return new CleaningFindings([]);
        }

        var median = Median(lengths);
        var deviation = Math.Max(LeastDeviation, 1.4826 * Median([.. lengths.Select(l => Math.Abs(l - median))]));
        var typical = Math.Exp(median) - 1;
        var findings = new List<Finding>();
        for (var i = 0; i < lengths.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var text = input.Rows[i].Text;
            var score = (lengths[i] - median) / deviation;
            if (!text.Any(char.IsLetterOrDigit) && !text.Any(char.IsSurrogate))
            {
                findings.Add(new Finding(i, CleaningAction.Drop, Field: null, text, After: null, "The text has no letter and no digit.", 0.9));
            }
            else if (Math.Abs(score) > Limit)
            {
                var reason = string.Create(CultureInfo.InvariantCulture, $"{text.Trim().Length} characters, where {typical:0} are typical ({Math.Abs(score):0.0} robust deviations {(score > 0 ? "longer" : "shorter")}).");
                findings.Add(new Finding(i, CleaningAction.Drop, Field: null, text, After: null, reason, Math.Min(0.9, 1 - (Limit / (2 * Math.Abs(score))))));
            }
        }

        progress.Report(1);
        return new CleaningFindings(findings);
    }

    private static double Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
