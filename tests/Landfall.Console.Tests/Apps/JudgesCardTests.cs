using Bunit;
using Landfall.Console.Apps;
using Landfall.Protocol.Apps;
using Landfall.Protocol.Reports;

namespace Landfall.Console.Tests.Apps;

public sealed class JudgesCardTests
{
    [Fact]
    public async Task JudgesCard_JudgeWithUnjudgedRows_ShowsThemAndTheAgreement()
    {
        await using var context = new ConsoleContext();
        var card = context.Render<JudgesCard>(parameters => parameters.Add(c => c.Judges,
        [
            new JudgeReport
            {
                Name = "helpful", Key = "1", Scale = "pass-fail", Endpoints = ["one"], Votes = 1, Judged = 400, Unjudged = 7, CalibrationRows = 0,
                AgreementAmongJudges = new AgreementReport("krippendorff-alpha-nominal", Value: null, Low: null, High: null, 0, "Undefined: nothing is labelled yet."),
                Warning = "It was not held against human labels.",
            },
        ]));

        Assert.Equal("7", card.Find(ConsoleContext.TestId("unjudged")).TextContent);
        Assert.Contains("nothing is labelled yet", card.Markup, StringComparison.Ordinal);
        Assert.NotNull(card.Find(ConsoleContext.TestId("judge-warning")));
    }

    [Fact]
    public async Task ExampleItem_ConversationWithVotes_ShowsTheTranscriptAndEachVote()
    {
        await using var context = new ConsoleContext();
        var item = context.Render<ExampleItem>(parameters => parameters.Add(i => i.Example, new ExampleResult
        {
            Id = "1",
            Text = "Hello, I want my money back.",
            Expected = "refunded",
            Got = "Order A-17 is refunded.",
            Judgements = [new ExampleVote("helpful", "one", Score: null, Swapped: true, Reason: null, "it is no JSON")],
            Conversation = new ExampleConversation(true, "The goal was reached.", [new("user", "Hello, I want my money back.", null), new("assistant", "Order A-17 is refunded.", 12)]),
        }));

        Assert.Equal(["Hello, I want my money back.", "Order A-17 is refunded."], item.FindAll("[data-testid=transcript] dd").Select(d => d.TextContent));
        Assert.Contains("unjudged", item.Find(ConsoleContext.TestId("judgements")).TextContent, StringComparison.Ordinal);
        Assert.Contains("it is no JSON", item.Find(ConsoleContext.TestId("judgements")).TextContent, StringComparison.Ordinal);
    }
}
