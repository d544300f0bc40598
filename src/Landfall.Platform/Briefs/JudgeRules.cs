using Landfall.Platform.Datasets;
using Landfall.Platform.Evaluation;
using Landfall.Platform.Evaluation.Judging;
using Landfall.Platform.Storage;
using Landfall.Protocol.Briefs;

namespace Landfall.Platform.Briefs;

/// <summary>Checks judges, repeats and conversations against each other and against the files they name.</summary>
internal static class JudgeRules
{
    private const int LargestRubric = 100_000;
    private const int LeastCalibration = 100;

    public static void Check(BriefFindings findings, IMetricCatalogue metrics)
    {
        var parts = findings.Parts;
        foreach (var judge in parts.Judges.Where(j => j is { Calibration: null, Name: not null }))
        {
            findings.Warn("judge-uncalibrated", judge.Field, $"The judge '{judge.Name}' has no calibration: its figures are its opinion, and their bounds do not carry its error. Name a file of answers with human labels in calibration.");
        }

        CheckReferences(findings, metrics);
    }

    private static void CheckReferences(BriefFindings findings, IMetricCatalogue metrics)
    {
        var parts = findings.Parts;
        string Known() => parts.Judges.Count == 0 ? "The brief has no judges." : $"The judges are {string.Join(", ", parts.Judges.Select(j => j.Name).OfType<string>())}.";
        if (parts.Conversations?.Judge is { } name && parts.Judges.TrueForAll(j => j.Name != name))
        {
            findings.Error("unknown-judge", "conversations.check", $"There is no judge {Shown.Text(name)} to check goals by. {Known()}");
        }

        if (parts.Conversations?.Judge is { } checker && parts.Judges.Find(j => j.Name == checker) is { Scale: JudgeScale.OneToFive or JudgeScale.Pairwise })
        {
            findings.Error("judge-scale", "conversations.check", $"The judge '{checker}' does not say pass or fail, and a goal is reached or not. Give it scale: pass-fail.");
        }

        if (parts is { Repeats: not null, Conversations: not null })
        {
            findings.Error("repeats-unfit", "repeats", "Repeats of whole conversations are not measured. Remove repeats or conversations.");
        }

        if (parts.Repeats is { } repeats && !(metrics.TryGet(repeats.By, out var facts) && facts.Shape == MetricKind.Proportion && repeats.By != "goal-completion"))
        {
            findings.Error("repeats-by", parts.Repeats is null ? "repeats" : "repeats.by", $"{Shown.Text(repeats.By)} does not say of one answer whether it is right. Name a metric that does, such as exact-match, or a judge of scale pass-fail.");
        }
    }

    /// <summary>The rubric's text when it is a file of its own.</summary>
    public static async Task<string?> ReadRubricAsync(JudgeParts judge, BriefSource source, BlobStore blobs, BriefFindings findings, CancellationToken cancellation)
    {
        var field = $"{judge.Field}.rubric-file";
        if (DataFiles.HashOf(judge.RubricPath, field, source, blobs, findings) is not { } hash)
        {
            return null;
        }

        var bytes = blobs.Size(hash) <= LargestRubric ? await blobs.ReadAllBytesAsync(hash, cancellation).ConfigureAwait(false) : [];
        var text = System.Text.Encoding.UTF8.GetString(bytes).Trim('\uFEFF', ' ', '\n', '\r', '\t');
        if (text.Length > 0)
        {
            return text;
        }

        findings.Error("rubric-file", field, $"{Shown.Text(judge.RubricPath!)} is {(bytes.Length == 0 && blobs.Size(hash) > 0 ? $"larger than {LargestRubric / 1000} kB" : "empty")}. Write in a page what a good answer is.");
        return null;
    }

    /// <summary>Checks the human labels of a judge's calibration file.</summary>
    public static async Task CheckCalibrationAsync(JudgeParts judge, BriefSource source, BlobStore blobs, IRowReader rows, BriefFindings findings, CancellationToken cancellation)
    {
        var field = $"{judge.Field}.calibration";
        if (judge.Scale is not { } scale || DataFiles.HashOf(judge.Calibration, field, source, blobs, findings) is not { } hash)
        {
            return;
        }

        var scores = new List<double>();
        try
        {
            var content = blobs.Open(hash);
            await using (content.ConfigureAwait(false))
            {
                var number = 0;
                await foreach (var row in rows.ReadAsync(content, judge.Calibration!, cancellation).ConfigureAwait(false))
                {
                    number++;
                    if (CalibrationRow.LabelOf(row, scale, out var problem) is not { } score)
                    {
                        findings.Error("calibration-label", field, $"Row {number} of {Shown.Text(judge.Calibration!)} {problem}");
                        return;
                    }

                    scores.Add(score);
                }
            }
        }
        catch (DataFormatException e)
        {
            findings.Error("data-invalid", field, e.Message);
            return;
        }

        CheckEnough(judge, scale, scores, field, findings);
    }

    private static void CheckEnough(JudgeParts judge, JudgeScale scale, List<double> scores, string field, BriefFindings findings)
    {
        var file = Shown.Text(judge.Calibration!);
        if (scale == JudgeScale.PassFail && scores.Distinct().Count() < 2)
        {
            findings.Error("calibration-one-kind", field, $"{file} has human labels of one kind only: how often the judge errs on the other cannot be told. Add answers of both kinds.");
        }
        else if (scores.Count < LeastCalibration)
        {
            findings.Warn("calibration-small", field, $"{file} has {Shown.Count(scores.Count)} rows; with fewer than {LeastCalibration} the judge's error is known so badly that bounds become wide. Label more answers.");
        }
    }
}
