using CsCheck;
using Landfall.Platform.Briefs;
using Landfall.Platform.Candidates;
using Landfall.Platform.Datasets;
using Landfall.Platform.Evaluation;
using Landfall.Platform.Evaluation.Conversations;
using Landfall.Platform.Evaluation.Metrics;
using Landfall.Platform.Runs;
using Landfall.Platform.Tests.Evaluation.Judging;
using Landfall.StubEndpoint;

namespace Landfall.Platform.Tests.Evaluation.Conversations;

public sealed class ConversationTests
{
    private const string Script = """
        [
          { "when": "order number", "say": ["It is {order}.", "{order}, I think."] },
          { "when": "anything else", "say": "No, thank you." }
        ]
        """;

    private static readonly ConversationPlan Plan = new(Simulator: null, MaxTurns: 4, GoalCheck.Contains, Judge: null, Seed: 1);

    /// <summary>An app that asks for the order number and refunds it.</summary>
    private static StubAnswer App(StubRequest request) => new(
        request.Question.Contains("A-17", StringComparison.Ordinal) ? "Order A-17 is refunded."
        : request.Messages.Count > 1 ? "Anything else?"
        : "What is your order number?");

    [Fact]
    public async Task GetAsync_ScriptedUser_ReachesTheGoalInTwoAnswers()
    {
        await using var host = await JudgingHost.StartAsync(App);
        var talks = await TalkAsync(host, Row(1, "refunded"));
        var talk = talks[0].Conversation!;
        Assert.True(talk.Reached);
        Assert.Equal(["user", "assistant", "user", "assistant"], talk.Turns.Select(turn => turn.Role));
        Assert.Contains("A-17", talk.Turns[2].Content, StringComparison.Ordinal);
        Assert.Equal("Order A-17 is refunded.", talks[0].Got);
        Assert.Equal([1.0], new GoalCompletion().Score(talks[0], Examples.Text)!);
        Assert.Equal([2.0], new Turns().Score(talks[0], Examples.Text)!);
        Assert.Equal(2, new TurnLatency().Score(talks[0], Examples.Text)![1]);
    }

    [Fact]
    public async Task GetAsync_StoredConversation_IsNotTalkedAgain()
    {
        await using var host = await JudgingHost.StartAsync(App);
        var first = await TalkAsync(host, Row(1, "refunded"));
        var requests = host.Stub.Billing.Requests;
        var second = await TalkAsync(host, Row(1, "refunded"));
        Assert.Equal(requests, host.Stub.Billing.Requests);
        Assert.Equal(first[0].Conversation!.Turns, second[0].Conversation!.Turns);
    }

    [Fact]
    public async Task GetAsync_GoalOutOfReach_EndsAtTheMostTurnsOrWhenTheUserIsDone()
    {
        await using var host = await JudgingHost.StartAsync(App);
        var talks = await TalkAsync(host, Row(1, "a voucher"), Row(2, "a voucher", ("max-turns", "1")));
        Assert.False(talks[0].Conversation!.Reached);
        Assert.Contains("nothing more to say", talks[0].Conversation!.Why, StringComparison.Ordinal);
        Assert.Equal(1, talks[1].Conversation!.Answers);
        Assert.Contains("the most that are allowed", talks[1].Conversation!.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ScriptedUser_SameSeed_SaysTheSame_AndSeedsDiffer()
    {
        async Task<string> SaidAsync(ulong seed)
        {
            var user = new ScriptedUser(Scenario.Of(Row(1, "x"), Plan), seed);
            return (await user.NextAsync([new ConversationTurn("assistant", "Your ORDER NUMBER, please?")], CancellationToken.None)).Say!;
        }

        var said = new List<string>();
        for (ulong seed = 0; seed < 20; seed++)
        {
            said.Add(await SaidAsync(seed));
            Assert.Equal(said[^1], await SaidAsync(seed));
        }

        Assert.Equal(2, said.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task GetAsync_UserPlayedByAnEndpoint_FollowsItAndEndsWhenItIsDone()
    {
        await using var host = await JudgingHost.StartAsync(request => !request.Instruction.Contains("You play a user", StringComparison.Ordinal) ? App(request)
            : new StubAnswer(request.Question.Contains("Anything else", StringComparison.Ordinal) || request.Question.Contains("refunded", StringComparison.Ordinal) ? """{"done": true}""" : """{"say": "It is A-17.", "done": false}"""));
        var talks = await TalkAsync(host, Plan with { Simulator = "stub" }, Row(1, "a voucher", ("goal", "Get a refund."), ("persona", "A hurried customer")));
        Assert.Equal(["Hello, I want my money back.", "What is your order number?", "It is A-17.", "Order A-17 is refunded."], talks[0].Conversation!.Turns.Select(turn => turn.Content));
    }

    [Fact]
    public async Task GetAsync_SimulatedUserThatAnswersNonsense_CountsAsNotReachedAndSaysSo()
    {
        await using var host = await JudgingHost.StartAsync(request => request.Instruction.Contains("You play a user", StringComparison.Ordinal) ? new StubAnswer("hm") : App(request));
        var talk = (await TalkAsync(host, Plan with { Simulator = "stub" }, Row(1, "refunded", ("goal", "Get a refund."))))[0].Conversation!;
        Assert.False(talk.Reached);
        Assert.Contains("answered nonsense", talk.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetAsync_GoalCheckedByAJudge_TakesItsVerdictOfTheWholeConversation()
    {
        await using var host = await JudgingHost.StartAsync(request => request.Instruction.Contains("You judge", StringComparison.Ordinal)
            ? new StubAnswer(request.Question.Contains("A-17 is refunded", StringComparison.Ordinal) ? """{"verdict": "pass", "reason": "refunded"}""" : """{"verdict": "fail"}""")
            : App(request));
        var plan = Plan with { Check = GoalCheck.Judge, Judge = "right" };
        var talks = await host.Get<ConversationAnswers>().GetAsync(
            plan, host.Panel(JudgingHost.Judge()), JudgingHost.Candidate, [Row(1, "a refund")], new Progress<double>(), CancellationToken.None);
        Assert.True(talks[0].Conversation!.Reached);
    }

    [Theory]
    [InlineData("script", "no json", "'script' is not valid JSON")]
    [InlineData("script", """[{"when": "a"}]""", "'script[0]' has no 'say'")]
    [InlineData("script", """[{"when": "(", "say": "b"}]""", "is no regular expression")]
    [InlineData("script", """[{"say": "It is {nothing}."}]""", "'script[0].say' names {nothing}")]
    [InlineData("facts", "[1]", "'facts' is no JSON object")]
    [InlineData("max-turns", "many", "'max-turns' is 'many'")]
    public async Task GetAsync_BrokenScenario_NamesTheRowAndTheField(string field, string value, string problem)
    {
        await using var host = await JudgingHost.StartAsync(App);
        var refused = await Assert.ThrowsAsync<RunFailedException>(() => TalkAsync(host, Row(1, "x"), Row(2, "x", (field, value))));
        Assert.StartsWith("Row 2 of the test data", refused.Message, StringComparison.Ordinal);
        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, host.Stub.Billing.Requests);
    }

    [Fact]
    public void Scenario_AnyFields_AreReadOrRefused() =>
        Gen.Select(Gen.String, Gen.String, Gen.Int[0, 2]).Sample(
            (text, more, which) =>
            {
                var field = new[] { "facts", "script", "max-turns" }[which];
                try
                {
                    Scenario.Of(Row(1, "x", (field, text), ("persona", more)), Plan);
                }
                catch (ScenarioException refused)
                {
                    Assert.Contains(field, refused.Message, StringComparison.Ordinal);
                }
            },
            iter: 2_000);

    [Theory]
    [InlineData(GoalCheck.Contains, "REFUNDED", true)]
    [InlineData(GoalCheck.Regex, "order [A-Z]-[0-9]+ is refunded", true)]
    [InlineData(GoalCheck.Regex, "order [a-z]{3}-", false)]
    public void GoalChecker_AppsMessages_AreSearched(GoalCheck check, string expected, bool reached) =>
        Assert.Equal(reached, GoalChecker.IsReached(check, expected, [new("user", "voucher"), new("assistant", "Order A-17 is refunded."), new("user", "Thanks")]));

    [Fact]
    public void GoalChecker_Json_IsComparedAsAValue() =>
        Assert.True(GoalChecker.IsReached(GoalCheck.Json, """{"a": 1, "b": [2]}""", [new("assistant", """{ "b": [2], "a": 1 }""")]));

    [Fact]
    public void TurnLatency_Conversations_AreResampledWhole()
    {
        // Turns of one conversation are alike: 40 conversations of 10 equal turns know as much as 40 numbers, not as 400.
        var metric = new TurnLatency();
        double[][] whole = [.. Enumerable.Range(0, 40).Select(i => new[] { 10.0 * (i % 8), 10 })];
        double[][] single = [.. Enumerable.Range(0, 40).Select(i => new[] { (double)(i % 8), 1 })];
        var (clustered, independent) = (Estimator.Estimate(metric, whole), Estimator.Estimate(metric, single));
        Assert.Equal(independent.Value, clustered.Value, 12);
        Assert.Equal(independent.High - independent.Low, clustered.High - clustered.Low, 1e-9);
    }

    private static Task<IReadOnlyList<Observation>> TalkAsync(JudgingHost host, params Row[] rows) => TalkAsync(host, Plan, rows);

    private static Task<IReadOnlyList<Observation>> TalkAsync(JudgingHost host, ConversationPlan plan, params Row[] rows) =>
        host.Get<ConversationAnswers>().GetAsync(plan, judge: null, JudgingHost.Candidate, rows, new Progress<double>(), CancellationToken.None);

    private static Row Row(int id, string expected, params (string Field, string Value)[] fields)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal) { ["script"] = Script, ["facts"] = """{"order": "A-17"}""" };
        foreach (var (field, value) in fields)
        {
            all[field] = value;
        }

        return new Row($"{id:x16}{id:x16}", "Hello, I want my money back.", expected, all);
    }
}
