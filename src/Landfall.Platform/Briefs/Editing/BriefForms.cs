using System.Globalization;
using Landfall.Protocol.Briefs;

namespace Landfall.Platform.Briefs.Editing;

/// <summary>Reads the essentials of a brief's text, also of one with errors.</summary>
internal static class BriefForms
{
    /// <summary>What a form shows; null where the text is no YAML mapping.</summary>
    public static BriefForm? Read(string text)
    {
        var parsed = BriefParser.Parse(text);
        if (parsed.Positions.Count == 0)
        {
            return null;
        }

        var parts = parsed.Parts;
        return new BriefForm
        {
            App = parts.App ?? "",
            Scenario = parts.Scenario ?? "",
            Interaction = parts.Interaction is { } interaction ? BriefKeys.WordOf(interaction) : "",
            Output = parts.Output is { } output ? BriefKeys.WordOf(output) : "",
            InScope = parts.InScope,
            OutOfScopeLabel = parts.OutOfScope?.Label,
            OutOfScopeReply = parts.OutOfScope?.Reply,
            Targets = [.. parts.Targets.Select(t => new TargetForm(t.Metric ?? "", t.On?.ToString(), t.Direction, t.Bound, t.Confidence))],
            Techniques = parts.Techniques is null ? null : [.. parts.Techniques.Select(t => t.Request.Technique)],
            BudgetTime = TimeText(parts.Budget.Time),
            BudgetUsd = parts.Budget.MoneyUsd,
        };
    }

    /// <summary>Whether two forms say the same.</summary>
    public static bool Same(BriefForm a, BriefForm b) =>
        a.App == b.App && a.Scenario == b.Scenario && a.Interaction == b.Interaction && a.Output == b.Output
        && a.InScope.SequenceEqual(b.InScope, StringComparer.Ordinal)
        && a.OutOfScopeLabel == b.OutOfScopeLabel && a.OutOfScopeReply == b.OutOfScopeReply
        && a.Targets.SequenceEqual(b.Targets)
        && (a.Techniques is null) == (b.Techniques is null)
        && (a.Techniques ?? []).SequenceEqual(b.Techniques ?? [], StringComparer.Ordinal)
        && a.BudgetTime == b.BudgetTime && a.BudgetUsd == b.BudgetUsd;

    /// <summary>A duration as briefs have it, such as <c>1h30m</c>.</summary>
    public static string TimeText(TimeSpan time)
    {
        var (hours, minutes) = ((int)time.TotalHours, time.Minutes);
        var seconds = time.TotalSeconds - (hours * 3600) - (minutes * 60);
        return (hours > 0 ? string.Create(CultureInfo.InvariantCulture, $"{hours}h") : "")
            + (minutes > 0 ? string.Create(CultureInfo.InvariantCulture, $"{minutes}m") : "")
            + (seconds > 0 ? string.Create(CultureInfo.InvariantCulture, $"{seconds:0.###}s") : "");
    }
}
