using System.Text;
using System.Text.Json;
using Landfall.Protocol.Endpoints;
using Landfall.Protocol.Reports;
using Landfall.StubEndpoint;

namespace Landfall.Tests.Hosting;

/// <summary>Landings with judges, repeats and conversations, through the API of a real server.</summary>
public sealed class JudgedLandingTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private RunningServer Server => fixture.Server;

    /// <summary>Passes an answer that is the expected one; of every ten good ones it fails one.</summary>
    private static StubAnswer Judge(StubRequest request)
    {
        var isRight = Part(request.Question, "expected") == Part(request.Question, "answer");
        var isStrict = Part(request.Question, "question").Length % 10 == 0;
        return new StubAnswer($$"""{"reason": "compared", "verdict": "{{(isRight && !isStrict ? "pass" : "fail")}}"}""");
    }

    [Fact]
    public async Task Land_CalibratedJudge_IsReportedCorrectedAndPaidForOnce()
    {
        await using var stub = await StubServer.StartAsync(new StubOptions { Skill = Judge });
        await Server.Client.PutEndpointAsync("judging", new EndpointSettings { Address = stub.Address.ToString(), Model = stub.Options.Model });
        var app = AppFiles.Text().WithBrief(brief => brief.Replace("app: translator", "app: judged", StringComparison.Ordinal)
            + "\njudges:\n  - { name: right, rubric: The answer is the expected one., endpoints: judging, calibration: data/judged.jsonl }\n")
            .WithBrief(brief => brief.Replace("targets: [", "targets: [{ metric: \"judge:right\", at-least: 0.1 }, ", StringComparison.Ordinal))
            .With("data/judged.jsonl", Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 120).Select(Labelled))));

        var report = await Server.LandAsync(app);
        var paid = stub.Billing.Billed.Count;
        var judge = Assert.Single(report.Judges);
        Assert.Equal((120, 0L), (judge.CalibrationRows, judge.Unjudged));
        Assert.InRange(judge.Sensitivity!.Value, 0.8, 0.99);
        Assert.Equal(1, judge.Specificity!.Value);
        Assert.InRange(judge.AgreementWithHumans!.Value!.Value, 0.8, 0.99);

        var nearest = Assert.Single(report.Candidates, c => c.Technique == "nearest");
        var figure = nearest.Metrics["judge:right"];
        Assert.InRange(nearest.Metrics["exact-match"].Value, figure.Low, figure.High);
        Assert.Equal(figure.Value, nearest.Targets[0].Value);
        var examples = await Server.Client.GetExamplesAsync("judged", "nearest");
        Assert.All(examples.Examples, example => Assert.Equal("compared", Assert.Single(example.Judgements).Reason));
        Assert.Contains(examples.Examples, example => example.Scores["judge:right"] == 1);

        Assert.Equal(JsonSerializer.Serialize(report.Judges), JsonSerializer.Serialize((await Server.LandAsync(app)).Judges));
        Assert.Equal(paid, stub.Billing.Billed.Count);
    }

    [Fact]
    public async Task Land_JudgeWithoutEndpoint_FailsWithWhatToDo()
    {
        var app = AppFiles.Text().WithBrief(brief => brief.Replace("app: translator", "app: unjudged", StringComparison.Ordinal)
            + "\njudges:\n  - { name: right, rubric: The answer is right., endpoints: nobody }\n");
        var run = await Server.RunAsync(await Server.RequestAsync(app));
        Assert.Contains("'right' asks the endpoint 'nobody', which is not set", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Land_RepeatsOfACandidateThatNeverVaries_SaysSo()
    {
        var report = await Server.LandAsync(AppFiles.English("repeated", targets: "[{ metric: pass-hat-k, at-least: 0.3 }]", more: "repeats: { k: 2, of: 3 }\ntechniques: [nearest, linear]"));
        Assert.All(report.Candidates, candidate =>
        {
            Assert.Equal(candidate.Metrics["accuracy"].Value, candidate.Metrics["pass-hat-k"].Value, 9);
            Assert.Contains(candidate.Notes, note => note.Contains("same answer every time", StringComparison.Ordinal));
        });
    }

    [Fact]
    public async Task Land_Conversations_AreTalkedThroughAndShown()
    {
        var app = AppFiles.English("talked", train: 40, targets: "[{ metric: goal-completion, at-least: 0.3 }]", more: "conversations: { simulator: scripted, max-turns: 2 }\ntechniques: [linear]")
            .WithBrief(brief => brief.Replace("single-turn", "multi-turn", StringComparison.Ordinal))
            .With("data/test.jsonl", rows => rows.Replace("\"}", "\", \"script\": \"[{\\\"say\\\": \\\"I mean my password, I cannot log in.\\\"}]\"}", StringComparison.Ordinal));
        var report = await Server.LandAsync(app);
        var linear = Assert.Single(report.Candidates);
        Assert.Equal(linear.Metrics["accuracy"].Value, linear.Metrics["goal-completion"].Value, 9);
        Assert.InRange(linear.Metrics["turns"].Value, 1.001, 1.999);
        Assert.True(linear.Metrics["turn-latency-ms"].Value >= 0);
        var wrong = await Server.Client.GetExamplesAsync("talked", "linear", filter: "wrong");
        Assert.All(wrong.Examples, example => Assert.Equal(4, example.Conversation!.Turns.Count));
        Assert.All(wrong.Examples, example => Assert.Equal("I mean my password, I cannot log in.", example.Conversation!.Turns[2].Content));
    }

    private static string Labelled(int i)
    {
        var isGood = i % 2 == 0;
        return JsonSerializer.Serialize(new { text = $"say number {new string('x', i % 13)} {i}", answer = isGood ? $"number {i}" : "nothing", reference = $"number {i}", human = isGood ? "pass" : "fail" });
    }

    private static string Part(string text, string name)
    {
        var start = text.IndexOf($"<<<{name}>>>\n", StringComparison.Ordinal);
        return start < 0 ? "" : text[(start + name.Length + 7)..text.IndexOf($"\n<<<end of {name}>>>", StringComparison.Ordinal)];
    }
}
