using Landfall.Protocol.Briefs;
using Landfall.Protocol.Reports;
using YamlDotNet.RepresentationModel;

namespace Landfall.Platform.Briefs.Editing;

/// <summary>Makes a form's changes in a brief's text, and leaves every other character as it is.</summary>
internal static class BriefEditor
{
    /// <summary>The text that says what the form says; null where it is written in a way that a form cannot change.</summary>
    public static string? Edit(string text, BriefForm form)
    {
        if (BriefForms.Read(text) is not { } before || YamlSpans.Of(text) is not { } spans)
        {
            return null;
        }

        if (BriefForms.Same(before, form))
        {
            return text;
        }

        EditWords(spans, before, form);
        EditScope(spans, before, form);
        if (!TargetsEdit.TryEdit(spans, before.Targets, form.Targets))
        {
            return null;
        }

        EditTechniques(spans, before, form);
        EditBudget(spans, before, form);
        return spans.Apply() is { } after && BriefForms.Read(after) is { } read && BriefForms.Same(read, form) ? after : null;
    }

    private static void EditWords(YamlSpans spans, BriefForm before, BriefForm form)
    {
        void Set(string key, string was, string now)
        {
            if (was != now)
            {
                spans.Set(spans.Root, key, YamlWriting.Text(now));
            }
        }

        Set("app", before.App, form.App);
        Set("scenario", before.Scenario, form.Scenario);
        Set("interaction", before.Interaction, form.Interaction);
        if (before.Output != form.Output)
        {
            SetWithin(spans, "output", "kind", form.Output);
        }
    }

    private static void EditScope(YamlSpans spans, BriefForm before, BriefForm form)
    {
        var inChanged = !before.InScope.SequenceEqual(form.InScope, StringComparer.Ordinal);
        var outChanged = before.OutOfScopeLabel != form.OutOfScopeLabel || before.OutOfScopeReply != form.OutOfScopeReply;
        if (!inChanged && !outChanged)
        {
            return;
        }

        if (YamlSpans.Find(spans.Root, "scope") is not YamlMappingNode scope)
        {
            var parts = new[] { form.InScope.Count > 0 ? $"in: {YamlWriting.List(form.InScope)}" : null, form.OutOfScopeLabel is { } label ? $"out: {OutOfScope(label, form.OutOfScopeReply)}" : null };
            spans.Set(spans.Root, "scope", $"{{ {string.Join(", ", parts.OfType<string>())} }}");
            return;
        }

        if (inChanged)
        {
            EditTopics(spans, scope, before.InScope, form.InScope);
        }

        if (outChanged)
        {
            EditOutOfScope(spans, scope, form);
        }
    }

    private static void EditTopics(YamlSpans spans, YamlMappingNode scope, IReadOnlyList<string> before, IReadOnlyList<string> topics)
    {
        if (YamlSpans.Find(scope, "in") is YamlSequenceNode list && list.Children.Count == before.Count && topics.Count > 0)
        {
            foreach (var step in ListEdit.Between(before, topics))
            {
                step.Make(spans, list, YamlWriting.Text, (node, topic) => spans.Replace(node, YamlWriting.Text(topic)));
            }
        }
        else
        {
            spans.Set(scope, "in", YamlWriting.List(topics));
        }
    }

    private static void EditOutOfScope(YamlSpans spans, YamlMappingNode scope, BriefForm form)
    {
        if (form.OutOfScopeLabel is not { } label)
        {
            if (scope.Children.Count == 1)
            {
                spans.Remove(spans.Root, "scope");
            }
            else
            {
                spans.Remove(scope, "out");
            }
        }
        else if (YamlSpans.Find(scope, "out") is YamlMappingNode outOfScope)
        {
            if (YamlSpans.Find(outOfScope, "label") is not YamlScalarNode { Value: { } was } || was != label)
            {
                spans.Set(outOfScope, "label", YamlWriting.Text(label));
            }

            if (form.OutOfScopeReply is not { } reply)
            {
                spans.Remove(outOfScope, "reply");
            }
            else if (YamlSpans.Find(outOfScope, "reply") is not YamlScalarNode { Value: { } said } || said.Trim() != reply)
            {
                spans.Set(outOfScope, "reply", YamlWriting.Text(reply));
            }
        }
        else
        {
            spans.Set(scope, "out", OutOfScope(label, form.OutOfScopeReply));
        }
    }

    private static string OutOfScope(string label, string? reply) =>
        reply is null ? $"{{ label: {YamlWriting.Text(label)} }}" : $"{{ label: {YamlWriting.Text(label)}, reply: {YamlWriting.Text(reply)} }}";

    private static void EditTechniques(YamlSpans spans, BriefForm before, BriefForm form)
    {
        var (was, now) = (before.Techniques, form.Techniques);
        if ((was is null) == (now is null) && (was ?? []).SequenceEqual(now ?? [], StringComparer.Ordinal))
        {
            return;
        }

        if (now is null)
        {
            spans.Set(spans.Root, "techniques", "auto");
        }
        else if (was is { Count: > 0 } && now.Count > 0 && YamlSpans.Find(spans.Root, "techniques") is YamlSequenceNode list && list.Children.Count == was.Count)
        {
            // A technique that stays keeps its settings; one is never turned into another.
            foreach (var step in ListEdit.Between(was, now, mayReplace: false))
            {
                step.Make(spans, list, YamlWriting.Text, (node, name) => spans.Replace(node, YamlWriting.Text(name)));
            }
        }
        else
        {
            spans.Set(spans.Root, "techniques", YamlWriting.List(now));
        }
    }

    private static void EditBudget(YamlSpans spans, BriefForm before, BriefForm form)
    {
        var time = before.BudgetTime != form.BudgetTime ? form.BudgetTime : null;
        var money = before.BudgetUsd != form.BudgetUsd ? form.BudgetUsd : null;
        if (time is not null && money is not null && YamlSpans.Find(spans.Root, "budget") is not YamlMappingNode)
        {
            spans.Set(spans.Root, "budget", $"{{ time: {Duration(time)}, money: {YamlWriting.Number((double)money)} }}");
            return;
        }

        if (time is not null)
        {
            SetWithin(spans, "budget", "time", Duration(time));
        }

        if (money is not null)
        {
            SetWithin(spans, "budget", "money", YamlWriting.Number((double)money));
        }
        else if (before.BudgetUsd is not null && form.BudgetUsd is null && YamlSpans.Find(spans.Root, "budget") is YamlMappingNode budget)
        {
            if (budget.Children.Count == 1)
            {
                spans.Remove(spans.Root, "budget");
            }
            else
            {
                spans.Remove(budget, "money");
            }
        }
    }

    /// <summary>A duration begins with a digit and is no number: it may stand without quotes.</summary>
    private static string Duration(string time) => DurationText.TryParse(time, out _) ? time : YamlWriting.Text(time);

    private static void SetWithin(YamlSpans spans, string section, string key, string yaml)
    {
        if (YamlSpans.Find(spans.Root, section) is YamlMappingNode mapping)
        {
            spans.Set(mapping, key, yaml);
        }
        else
        {
            spans.Set(spans.Root, section, $"{{ {key}: {yaml} }}");
        }
    }
}
