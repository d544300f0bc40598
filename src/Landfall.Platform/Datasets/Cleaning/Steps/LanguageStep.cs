using System.Globalization;
using Landfall.Protocol.Datasets;

namespace Landfall.Platform.Datasets.Cleaning.Steps;

/// <summary>
/// Corrects the field <c>language</c> (or <c>lang</c>) where the text is in another one; in data without such a field, drops
/// rows in a language that hardly any other row has.
/// </summary>
internal sealed class LanguageStep : ICleaningStep
{
    private const double LeastConfidence = 0.66;
    private const double RareShare = 0.02;
    private static readonly string[] Fields = ["language", "lang"];

    public string Name => "language";

    public CleaningFindings Find(CleaningInput input, IProgress<double> progress, CancellationToken cancellation)
    {
        var detected = new DetectedLanguage[input.Rows.Count];
        for (var i = 0; i < detected.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            detected[i] = LanguageDetector.Detect(input.Rows[i].Text);
            progress.Report((i + 1.0) / detected.Length);
        }

        var field = Array.Find(Fields, f => input.Rows.Any(r => r.Fields.ContainsKey(f)));
        return new CleaningFindings(field is null ? Rare(input.Rows, detected) : Mismatches(input.Rows, detected, field));
    }

    private static List<Finding> Mismatches(IReadOnlyList<Row> rows, DetectedLanguage[] detected, string field)
    {
        var findings = new List<Finding>();
        for (var i = 0; i < rows.Count; i++)
        {
            if (IsKnown(detected[i]) && rows[i].Fields.TryGetValue(field, out var said) && Base(said) is { Length: 2 } given && given != detected[i].Code)
            {
                findings.Add(new Finding(i, CleaningAction.Edit, RowFields.NameOf(field), said, detected[i].Code, $"The field says '{said}', the text is in '{detected[i].Code}'.", detected[i].Confidence));
            }
        }

        return findings;
    }

    private static List<Finding> Rare(IReadOnlyList<Row> rows, DetectedLanguage[] detected)
    {
        var counts = detected.Where(IsKnown).CountBy(d => d.Code, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var findings = new List<Finding>();
        for (var i = 0; i < rows.Count; i++)
        {
            if (IsKnown(detected[i]) && counts[detected[i].Code] is var count && count < RareShare * rows.Count)
            {
                var reason = string.Create(CultureInfo.InvariantCulture, $"The text is in '{detected[i].Code}', as only {count} of {rows.Count} rows are.");
                findings.Add(new Finding(i, CleaningAction.Drop, Field: null, rows[i].Text, After: null, reason, 0.8 * detected[i].Confidence));
            }
        }

        return findings;
    }

    private static bool IsKnown(DetectedLanguage language) => language.Code != LanguageDetector.Undetermined && language.Confidence >= LeastConfidence;

    /// <summary><c>zh-CN</c> and <c>zh_Hans</c> are <c>zh</c>.</summary>
    private static string Base(string code) => code.Split('-', '_')[0].Trim().ToLowerInvariant();
}
