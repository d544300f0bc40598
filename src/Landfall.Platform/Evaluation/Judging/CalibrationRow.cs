using System.Globalization;
using Landfall.Platform.Briefs;
using Landfall.Platform.Datasets;

namespace Landfall.Platform.Evaluation.Judging;

/// <summary>A row of a calibration file: a question, an answer to it, and what a human says of that answer.</summary>
internal static class CalibrationRow
{
    /// <summary>The field of the human label.</summary>
    public const string HumanField = "human";

    /// <summary>The field of the expected answer, where the judge is to see one.</summary>
    public const string ReferenceField = "reference";

    public static string? ReferenceOf(Row row) => row.Fields.GetValueOrDefault(ReferenceField);

    /// <summary>The human label as a score; null with what is wrong when it is none of the scale's.</summary>
    public static double? LabelOf(Row row, JudgeScale scale, out string? problem)
    {
        problem = null;
        if (!row.Fields.TryGetValue(HumanField, out var label))
        {
            problem = $"has no field '{HumanField}'. Write in it what a human says of the answer: {Words(scale)}";
            return null;
        }

        double? score = (scale, label.Trim()) switch
        {
            (JudgeScale.PassFail, "pass") or (JudgeScale.Pairwise, "win") => 1,
            (JudgeScale.PassFail, "fail") or (JudgeScale.Pairwise, "loss") => 0,
            (JudgeScale.Pairwise, "tie") => 0.5,
            (JudgeScale.OneToFive, var text) when double.TryParse(text, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 5 => number,
            _ => null,
        };
        problem = score is null ? $"has the human label {Shown.Text(label)}. Write {Words(scale)}" : null;
        return score;
    }

    private static string Words(JudgeScale scale) => scale switch
    {
        JudgeScale.PassFail => "pass or fail.",
        JudgeScale.OneToFive => "a number from 1 to 5.",
        _ => "win, tie or loss (of the answer against the reference).",
    };
}
