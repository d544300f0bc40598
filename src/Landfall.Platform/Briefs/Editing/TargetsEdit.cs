using Landfall.Protocol.Briefs;
using Landfall.Protocol.Reports;
using YamlDotNet.RepresentationModel;

namespace Landfall.Platform.Briefs.Editing;

/// <summary>Changes the targets of a brief's text.</summary>
internal static class TargetsEdit
{
    /// <returns>Whether the text has its targets as a list of mappings, or they stay.</returns>
    public static bool TryEdit(YamlSpans spans, IReadOnlyList<TargetForm> before, IReadOnlyList<TargetForm> after)
    {
        if (before.SequenceEqual(after))
        {
            return true;
        }

        if (YamlSpans.Find(spans.Root, "targets") is not YamlSequenceNode list || before.Count == 0 || after.Count == 0)
        {
            spans.Set(spans.Root, "targets", $"[{string.Join(", ", after.Select(Write))}]");
            return true;
        }

        if (list.Children.Count != before.Count || !list.Children.All(c => c is YamlMappingNode))
        {
            return false;
        }

        foreach (var step in ListEdit.Between(before, after))
        {
            step.Make(spans, list, Write, (node, target) => Change(spans, (YamlMappingNode)node, before[step.Index], target));
        }

        return true;
    }

    private static void Change(YamlSpans spans, YamlMappingNode node, TargetForm was, TargetForm now)
    {
        if (was.Metric != now.Metric)
        {
            spans.Set(node, "metric", YamlWriting.Text(now.Metric));
        }

        var key = was.Direction == Direction.AtLeast ? "at-least" : "at-most";
        if (was.Direction != now.Direction && YamlSpans.Find(node, key) is not null)
        {
            spans.RenameKey(node, key, KeyOf(now));
        }

        if (was.Bound != now.Bound && now.Bound is { } bound)
        {
            if (YamlSpans.Find(node, key) is { } value)
            {
                spans.Replace(value, YamlWriting.Number(bound));
            }
            else
            {
                spans.Set(node, KeyOf(now), YamlWriting.Number(bound));
            }
        }

        if (was.Confidence != now.Confidence)
        {
            spans.Set(node, "confidence", YamlWriting.Number(now.Confidence));
        }

        if (was.On == now.On)
        {
            return;
        }

        if (now.On is null)
        {
            spans.Remove(node, "on");
        }
        else
        {
            spans.Set(node, "on", Slice(now.On));
        }
    }

    private static string Write(TargetForm target)
    {
        var parts = new[]
        {
            $"metric: {YamlWriting.Text(target.Metric)}",
            target.On is null ? null : $"on: {Slice(target.On)}",
            target.Bound is { } bound ? $"{KeyOf(target)}: {YamlWriting.Number(bound)}" : null,
            target.Confidence == BriefKeys.DefaultConfidence ? null : $"confidence: {YamlWriting.Number(target.Confidence)}",
        };
        return $"{{ {string.Join(", ", parts.OfType<string>())} }}";
    }

    private static string KeyOf(TargetForm target) => target.Direction == Direction.AtLeast ? "at-least" : "at-most";

    /// <summary>In the form that most briefs have; what has no '=' is left to the check.</summary>
    private static string Slice(string slice) => slice.IndexOf('=', StringComparison.Ordinal) is > 0 and var at && at < slice.Length - 1
        ? $"{{ {YamlWriting.Text(slice[..at].Trim())}: {YamlWriting.Text(slice[(at + 1)..].Trim())} }}"
        : YamlWriting.Text(slice);
}
