using System.Text.RegularExpressions;
using CsCheck;
using Landfall.Platform.Briefs;
using Landfall.Platform.Briefs.Editing;
using Landfall.Protocol.Briefs;
using Landfall.Protocol.Reports;

namespace Landfall.Platform.Tests.Briefs.Editing;

public sealed partial class BriefEditorTests
{
    private const string Commented = """
        # Our helpdesk: keep these comments.
        app: helpdesk        # also the model's name
        scenario: >
          Customers write one message;
          the app names its intent.
        interaction: single-turn
        output:
          kind: label
        scope:
          in:
            - bills        # and refunds
            - orders
          out: { label: other, reply: "Sorry: no." }
        data:
          train: data/train.jsonl
          test: data/test.jsonl   # never shown to a candidate
        # What counts as done.
        targets:
          - { metric: accuracy, at-least: 0.90 }   # agreed with the team
          # The Chinese part is newer.
          - metric: accuracy
            on: { language: zh }
            at-least: 0.80
            confidence: 0.9
        techniques: [nearest, linear: { threshold: none }]
        # The end.

        """;

    [Fact]
    public void Edit_BoundOfATarget_ChangesThatNumberAlone() =>
        Assert.Equal(
            Commented.Replace("at-least: 0.80", "at-least: 0.85", StringComparison.Ordinal),
            Edit(Commented, form => form with { Targets = [form.Targets[0], form.Targets[1] with { Bound = 0.85 }] }));

    [Fact]
    public void Edit_Scenario_ReplacesTheFoldedTextAndKeepsTheRest() =>
        Assert.Equal(
            Commented.Replace("scenario: >\n  Customers write one message;\n  the app names its intent.\n", "scenario: \"Staff ask: what now?\"\n", StringComparison.Ordinal),
            Edit(Commented, form => form with { Scenario = "Staff ask: what now?" }));

    [Fact]
    public void Edit_TargetRemoved_KeepsTheOtherWithItsComment() =>
        Assert.Equal(
            Commented.Replace("  - metric: accuracy\n    on: { language: zh }\n    at-least: 0.80\n    confidence: 0.9\n", "", StringComparison.Ordinal),
            Edit(Commented, form => form with { Targets = [form.Targets[0]] }));

    [Fact]
    public void Edit_TargetAdded_StandsAfterTheLast() =>
        Assert.Equal(
            Commented.Replace("    confidence: 0.9\n", "    confidence: 0.9\n  - { metric: latency-p95-ms, at-most: 50 }\n", StringComparison.Ordinal),
            Edit(Commented, form => form with { Targets = [.. form.Targets, new TargetForm("latency-p95-ms", null, Direction.AtMost, 50, 0.95)] }));

    [Fact]
    public void Edit_TechniqueRemoved_LeavesTheOthersSettings() =>
        Assert.Equal(
            Commented.Replace("[nearest, linear: { threshold: none }]", "[linear: { threshold: none }]", StringComparison.Ordinal),
            Edit(Commented, form => form with { Techniques = ["linear"] }));

    [Fact]
    public void Edit_BudgetWhereNoneIs_IsAddedAtTheEnd() =>
        Assert.Contains("threshold: none }]\nbudget: { time: 5m, money: 2.5 }\n# The end.", Edit(Commented, form => form with { BudgetTime = "5m", BudgetUsd = 2.5m }), StringComparison.Ordinal);

    [Fact]
    public void Edit_TextWithWindowsLines_KeepsThem() =>
        Assert.Equal(
            Commented.ReplaceLineEndings("\r\n").Replace("    - orders\r\n", "    - orders\r\n    - 搬家\r\n", StringComparison.Ordinal),
            Edit(Commented.ReplaceLineEndings("\r\n"), form => form with { InScope = [.. form.InScope, "搬家"] }));

    [Fact]
    public void Edit_SharedByAnAlias_IsRefusedRatherThanGuessed()
    {
        const string text = "app: a\nscenario: s\ninteraction: single-turn\noutput: { kind: label }\ndata: { train: a.jsonl, test: b.jsonl }\ntargets:\n  - &t { metric: accuracy, at-least: 0.9 }\n  - *t\n";
        var form = BriefForms.Read(text)!;

        Assert.Null(BriefEditor.Edit(text, form with { Targets = [form.Targets[0] with { Bound = 0.5 }, form.Targets[1]] }));
    }

    [Fact]
    public void Edit_AnyFormOnAnyTemplate_IsReadBackAndNoCommentIsLost() =>
        Gen.Select(Gen.Int[0, BriefTemplates.All.Count], Form()).Sample(
            (template, form) =>
            {
                var text = template == BriefTemplates.All.Count ? Commented : BriefTemplates.All[template].Text;
                var edited = BriefEditor.Edit(text, form);
                Assert.NotNull(edited);
                Assert.True(BriefForms.Same(form, BriefForms.Read(edited)!), edited);
                foreach (Match comment in OwnLine().Matches(text))
                {
                    Assert.Contains(comment.Value, edited, StringComparison.Ordinal);
                }
            },
            time: 2);

    [Fact]
    public void Edit_AnyText_NeverThrows() =>
        Gen.Select(Gen.String[Gen.Char["ab:-{}[]#&*|>'\"\n \t\u4e2d0,"], 0, 200], Form()).Sample((text, form) => _ = BriefEditor.Edit(text, form), time: 2);

    private static string Edit(string text, Func<BriefForm, BriefForm> change) => BriefEditor.Edit(text, change(BriefForms.Read(text)!))!;

    private static Gen<T> Pick<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Gen<BriefForm> Form()
    {
        var text = Gen.OneOf(Gen.String[Gen.Char["ab:-{}[]#&*|>'\" 0,中\\%@!?"], 1, 20], Pick("yes", "null", "0.5", "Sorry, no.", "# not a comment", "- x", "a: b", "other"))
            .Select(t => t.Trim()).Where(t => t.Length > 0);
        var target = Gen.Select(
            Pick("accuracy", "latency-p95-ms"), Pick<string?>(null, "language=zh", "channel=e-mail: late"), Pick(Direction.AtLeast, Direction.AtMost), Pick(0.5, 0.9, 0.123, 50), Pick(0.95, 0.9),
            (metric, on, direction, bound, confidence) => new TargetForm(metric, on, direction, bound, confidence));
        return Gen.Select(
            text, text.List[0, 4], Gen.Select(Gen.Bool, text, (has, t) => has ? t : null), Gen.Select(Gen.Bool, text, (has, t) => has ? t : null), target.List[1, 4], Pick<string[]?>(null, ["linear"], ["nearest", "linear"]), Pick("10m", "90s", "1h30m"), Pick<decimal?>(null, 0, 2.5m),
            (scenario, topics, label, reply, targets, techniques, time, money) => new BriefForm
            {
                App = "some-app",
                Scenario = scenario,
                Interaction = "single-turn",
                Output = "label",
                InScope = topics,
                OutOfScopeLabel = label,
                OutOfScopeReply = label is null ? null : reply,
                Targets = targets,
                Techniques = techniques,
                BudgetTime = time == "90s" ? "1m30s" : time,
                BudgetUsd = money,
            });
    }

    [GeneratedRegex("^#.*$|^  # The Chinese.*$", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OwnLine();
}
