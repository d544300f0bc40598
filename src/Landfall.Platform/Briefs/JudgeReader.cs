using System.Text.RegularExpressions;

namespace Landfall.Platform.Briefs;

/// <summary>Reads <c>judges</c>.</summary>
internal static partial class JudgeReader
{
    /// <summary>Each judge costs calls for every answer.</summary>
    private const int Most = 20;

    private const int MostVotes = 9;

    private const string Example = "- { name: helpful, rubric: The answer solves the customer's problem., scale: pass-fail }";

    public static void Read(BriefMapping mapping, BriefReading reading, BriefParts parts)
    {
        if (!mapping.TryGet("judges", out var node, out var field))
        {
            return;
        }

        if (node is YamlSequence { Items.Count: > Most and var count })
        {
            reading.Error("too-many-judges", node.Line, field, $"There are {Shown.Count(count)} judges; the limit is {Most}. Keep those that decide.");
            return;
        }

        foreach (var (item, path) in reading.Items(node, field, $"a list: {Example}"))
        {
            if (reading.Mapping(item, path, BriefKeys.Judge, Example) is { } judge)
            {
                ReadJudge(judge, path, reading, parts);
            }
        }
    }

    private static void ReadJudge(BriefMapping judge, string path, BriefReading reading, BriefParts parts)
    {
        var name = ReadName(judge, path, reading, parts);
        var (rubric, rubricPath) = ReadRubric(judge, path, reading);
        var scale = judge.TryGet("scale", out var scaleNode, out var scaleField) ? reading.Word<JudgeScale>(scaleNode, scaleField, BriefKeys.JudgeScales) : JudgeScale.PassFail;
        var votes = judge.TryGet("votes", out var votesNode, out var votesField) ? reading.Whole(votesNode, votesField, 1, MostVotes, "votes: 3") : 1;
        var calibration = judge.TryGet("calibration", out var file, out var fileField) ? BriefParser.PathOf(file, fileField, reading) : null;
        var part = new JudgeParts(path, name, rubric, rubricPath, scale, ReadEndpoints(judge, reading), votes ?? 1, calibration);
        parts.Judges.Add(part);
    }

    private static string? ReadName(BriefMapping judge, string path, BriefReading reading, BriefParts parts)
    {
        if (reading.Required(judge, "name", "missing-field", "Name the judge, such as helpful: its metric is judge:helpful.") is not { } node
            || reading.Text(node, $"{path}.name") is not { } name)
        {
            return null;
        }

        if (!Name().IsMatch(name))
        {
            reading.Error("judge-name", node.Line, $"{path}.name", $"{Shown.Text(name)} cannot be a judge's name: 1 to 40 lower-case letters (a to z), digits and hyphens, with a letter or digit first.");
            return null;
        }

        if (parts.Judges.Exists(other => other.Name == name))
        {
            reading.Error("duplicate-judge", node.Line, $"{path}.name", $"There are two judges '{name}'. Give one of them another name.");
            return null;
        }

        return name;
    }

    private static (string? Rubric, string? Path) ReadRubric(BriefMapping judge, string path, BriefReading reading)
    {
        var hasText = judge.TryGet("rubric", out var text, out var textField);
        var hasFile = judge.TryGet("rubric-file", out var file, out var fileField);
        if (hasText && hasFile)
        {
            reading.Error("two-rubrics", file.Line, fileField, "A judge has one rubric, and this one has rubric and rubric-file. Keep one of them.");
            return (null, null);
        }

        if (!hasText && !hasFile)
        {
            reading.Error("no-rubric", judge.Line, path, $"'{path}' has no rubric. Say in rubric what a good answer is, or name a text file in rubric-file.");
            return (null, null);
        }

        return hasText ? (reading.Text(text, textField), null) : (null, BriefParser.PathOf(file, fileField, reading));
    }

    private static List<string> ReadEndpoints(BriefMapping judge, BriefReading reading) =>
        !judge.TryGet("endpoints", out var node, out var field) ? []
        : node is YamlScalar ? (reading.Text(node, field) is { } one ? [one] : [])
        : reading.Texts(node, field, "endpoints: [first, second]");

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,39}\\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
