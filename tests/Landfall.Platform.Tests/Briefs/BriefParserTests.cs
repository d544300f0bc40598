using System.Text.Json;
using Landfall.Platform.Briefs;
using Landfall.Protocol.Reports;

namespace Landfall.Platform.Tests.Briefs;

public sealed class BriefParserTests
{
    [Fact]
    public void Parse_MinimalBrief_ReadsEverything()
    {
        var parsed = BriefParser.Parse(BriefTexts.Minimal);

        Assert.Empty(parsed.Problems);
        var brief = parsed.Brief!;
        Assert.Equal("banking77", brief.App);
        Assert.Equal(Interaction.SingleTurn, brief.Interaction);
        Assert.Equal(OutputKind.Label, brief.Output);
        Assert.Equal(new BriefData("data/train.jsonl", null, "data/test.jsonl", null), brief.Data);
        Assert.Equal([new Target("accuracy", 0.90, Direction.AtLeast, 0.95, null)], brief.Targets);
        Assert.Null(brief.Techniques);
        Assert.Null(brief.Scope);
        Assert.Equal(Budget.Default, brief.Budget);
    }

    [Fact]
    public void Parse_FullBrief_ReadsEveryKey()
    {
        var parsed = BriefParser.Parse(BriefTexts.Full);

        Assert.Empty(parsed.Problems);
        var brief = parsed.Brief!;
        Assert.Equal("Customers of an internet provider write a message.", brief.Scenario);
        Assert.Equal(Interaction.MultiTurn, brief.Interaction);
        Assert.Equal(["billing", "line faults"], brief.Scope!.In);
        Assert.Equal(("other", "I cannot help with this."), (brief.Scope.Out!.Label, brief.Scope.Out.Reply));
        Assert.Equal(["Who won the match?", "今天天气怎么样？"], brief.Scope.Out.Examples);
        Assert.Equal(new BriefData("data/train-oos.jsonl", "./data/few-labels.jsonl", "data/test-oos.jsonl", "data/train.jsonl"), brief.Data);
        Assert.Equal(
            [
                new Target("in-scope-accuracy", 0.9, Direction.AtLeast, 0.95, null),
                new Target("accuracy", 0.8, Direction.AtLeast, 0.9, new Slice("language", "en")),
                new Target("macro-f1", 0.5, Direction.AtLeast, 0.95, new Slice("language", "en")),
                new Target("latency-p95-ms", 50, Direction.AtMost, 0.95, null),
            ],
            brief.Targets);
        Assert.Equal(["nearest", "linear"], brief.Techniques!.Select(t => t.Technique));
        Assert.Equal(new Dictionary<string, string> { ["epochs"] = "5", ["threshold"] = "none" }, brief.Techniques![1].Settings);
        Assert.Equal(new Budget(TimeSpan.FromMinutes(90), 5.00m), brief.Budget);
    }

    [Fact]
    public void Parse_Positions_PointToTheLineOfTheField()
    {
        var parsed = BriefParser.Parse(BriefTexts.Full);
        var lines = BriefTexts.Full.Split('\n');

        Assert.Contains("label: other", lines[parsed.LineOf("scope.out.label") - 1], StringComparison.Ordinal);
        Assert.Contains("confidence: 0.9", lines[parsed.LineOf("targets[1].confidence") - 1], StringComparison.Ordinal);
        Assert.Equal(parsed.LineOf("targets[2]"), parsed.LineOf("targets[2].nothing.there"));
        Assert.Equal(0, parsed.LineOf("nowhere"));
    }

    [Fact]
    public void Parse_SchemaInline_BecomesJson()
    {
        var yaml = BriefTexts.Minimal
            .Replace("kind: label", "kind: json\n  schema:\n    type: object\n    required: [a, '1']\n    minimum: -1.5\n    maxItems: 7\n    default: null\n    flag: true\n    text: \"true\"", StringComparison.Ordinal)
            .Replace("accuracy", "json-validity", StringComparison.Ordinal);

        var parsed = BriefParser.Parse(yaml);

        Assert.Empty(parsed.Problems);
        Assert.True(JsonElement.DeepEquals(
            JsonElement.Parse("""{"type":"object","required":["a","1"],"minimum":-1.5,"maxItems":7,"default":null,"flag":true,"text":"true"}"""),
            JsonElement.Parse(parsed.Brief!.OutputSchema!)));
    }

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("10m", 600)]
    [InlineData("1h", 3600)]
    [InlineData("1h30m", 5400)]
    [InlineData("0.5h", 1800)]
    [InlineData("1h1m1s", 3661)]
    [InlineData("", null)]
    [InlineData("m", null)]
    [InlineData("10", null)]
    [InlineData("10m5", null)]
    [InlineData("0s", null)]
    [InlineData("-5m", null)]
    [InlineData("5m1h", null)]
    [InlineData("10m\n", null)]
    [InlineData("99999999999999999999h", null)]
    public void Duration_Text_IsReadOrRefused(string text, int? seconds)
    {
        Assert.Equal(seconds is not null, DurationText.TryParse(text, out var duration));
        Assert.Equal(seconds ?? 0, duration.TotalSeconds);
    }

    [Theory]
    [InlineData("ab", "ba", 1)]
    [InlineData("accuracy", "acuracy", 1)]
    [InlineData("", "abc", 3)]
    [InlineData("kitten", "sitting", 3)]
    public void Distance_TwoWords_CountsEdits(string a, string b, int edits) => Assert.Equal(edits, NearestName.Distance(a, b));

    [Theory]
    [InlineData("Help Desk!", "help-desk")]
    [InlineData("__Überlingen Süd__", "uberlingen-sud")]
    [InlineData("客服", "")]
    [InlineData("a--b", "a-b")]
    [InlineData("\ud83d", "")]
    public void AppName_FromText_IsASlug(string text, string name) => Assert.Equal(name, AppNames.From(text));
}
