using Landfall.Protocol.Reports;

namespace Landfall.Platform.Briefs;

/// <summary>Reads <c>targets</c>.</summary>
internal static class TargetReader
{
    /// <summary>Each target costs a calculation and a look at every test row.</summary>
    private const int Most = 100;

    private const string Example = "- { metric: accuracy, at-least: 0.90 }";

    public static void Read(BriefMapping mapping, BriefReading reading, BriefParts parts)
    {
        if (reading.Required(mapping, "targets", "no-target", $"Say what counts as done: {Example}.") is not { } node)
        {
            return;
        }

        if (node is YamlSequence { Items.Count: 0 })
        {
            reading.Error("no-target", node.Line, "targets", $"'targets' is empty. Say what counts as done: {Example}.");
            return;
        }

        if (node is YamlSequence { Items.Count: > Most and var count })
        {
            reading.Error("too-many-targets", node.Line, "targets", $"There are {Shown.Count(count)} targets; the limit is {Most}. Keep those that decide.");
            return;
        }

        var index = 0;
        foreach (var (item, field) in reading.Items(node, "targets", $"a list: {Example}"))
        {
            if (reading.Mapping(item, field, BriefKeys.Target, $"{Example}") is { } target)
            {
                parts.Targets.Add(ReadTarget(target, index, reading));
            }

            index++;
        }
    }

    private static TargetParts ReadTarget(BriefMapping target, int index, BriefReading reading)
    {
        var metric = reading.Required(target, "metric", "missing-field", "Name what is measured, such as accuracy.") is { } metricNode
            ? reading.Text(metricNode, BriefReading.Join(target.Field, "metric"))
            : null;
        var (bound, direction) = ReadBound(target, reading);
        var confidence = BriefKeys.DefaultConfidence;
        if (target.TryGet("confidence", out var node, out var field) && reading.Number(node, field) is { } number)
        {
            if (number is > 0.5 and < 1)
            {
                confidence = number;
            }
            else
            {
                reading.Error("confidence-range", node.Line, field, $"A confidence must be above 0.5 and below 1; found {Shown.Number(number)}. Write 0.95 unless there is a reason.");
            }
        }

        var hasSlice = target.TryGet("on", out var on, out var onField);
        var isWhole = hasSlice && on is YamlScalar { Text: "test" };
        var slice = hasSlice && !isWhole ? ReadSlice(on, onField, reading) : null;
        return new TargetParts(index, metric, bound, direction, confidence, slice, !hasSlice || isWhole || slice is not null);
    }

    private static (double? Bound, Direction Direction) ReadBound(BriefMapping target, BriefReading reading)
    {
        var hasLeast = target.TryGet("at-least", out var least, out var leastField);
        var hasMost = target.TryGet("at-most", out var most, out var mostField);
        if (hasLeast && hasMost)
        {
            reading.Error("two-bounds", most.Line, mostField, "A target has one bound, and this one has at-least and at-most. Write two targets.");
            return (null, Direction.AtLeast);
        }

        if (!hasLeast && !hasMost)
        {
            reading.Error("missing-bound", target.Line, target.Field, $"'{target.Field}' has no bound. Add at-least (or at-most), such as at-least: 0.90.");
            return (null, Direction.AtLeast);
        }

        return hasLeast ? (reading.Number(least, leastField), Direction.AtLeast) : (reading.Number(most, mostField), Direction.AtMost);
    }

    private static Slice? ReadSlice(YamlNode node, string field, BriefReading reading)
    {
        const string example = "on: { language: zh } or on: language=zh";
        switch (node)
        {
            case YamlMapping { Entries: [{ Value: YamlScalar { IsNull: false } value, Key.Length: > 0 } entry] }:
                return new Slice(entry.Key, value.Text);
            case YamlScalar scalar when scalar.Text.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals && equals < scalar.Text.Length - 1:
                return new Slice(scalar.Text[..equals].Trim(), scalar.Text[(equals + 1)..].Trim());
            case YamlMapping { Entries.Count: > 1 }:
                reading.Error("wrong-type", node.Line, field, $"'{field}' names more than one field. A slice is one field with one value: {example}.");
                return null;
            default:
                reading.WrongType(node, field, "a field with its value", example);
                return null;
        }
    }
}
