using Landfall.Platform.Briefs;
using Landfall.Platform.Candidates;
using Landfall.Platform.Candidates.Techniques.Prompting;
using Landfall.Platform.Datasets;
using Landfall.Platform.Endpoints;
using Landfall.Platform.Endpoints.Calls;
using Landfall.Platform.Prompts;
using Landfall.Platform.Storage;
using Landfall.Platform.Tests.Endpoints;
using Landfall.Protocol.Reports;
using Landfall.StubEndpoint;
using Microsoft.EntityFrameworkCore;

namespace Landfall.Platform.Tests.Candidates.Prompting;

/// <summary>The technique against a stub that reads its prompts: a better prompt gets better answers from it.</summary>
public sealed class PromptTechniqueTests
{
    private static readonly Dictionary<string, string> NoFields = new(StringComparer.Ordinal);

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Train_WithASearch_BeatsTheFirstPromptOnValidationAndSaysSo()
    {
        await using var stub = await StubServer.StartAsync();
        await using var host = await EndpointsHost.StartAsync(stub);
        var technique = TechniqueOf(host);

        var (trained, predictor) = await TrainAsync(technique, new Dictionary<string, string>(StringComparer.Ordinal));
        using (predictor)
        {
            var chosen = Assert.Single(trained.Notes, n => n.StartsWith("Chosen on validation data", StringComparison.Ordinal));
            var scores = chosen.Split(" scores ").Skip(1).Select(part => double.Parse(part.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture)).ToList();
            Assert.True(scores[0] > scores[1] + 0.1, chosen);
            Assert.True(trained.CostUsd > 0);
            Assert.Equal(0, stub.Billing.BilledTwice);
            Assert.Equal("tram", (await predictor.AnswerAsync(new Question("when does the next tram leave"), Ending)).Text);
        }
    }

    [Fact]
    public async Task Train_TheSameAgain_AsksNothingAndMakesTheSameArtifact()
    {
        await using var stub = await StubServer.StartAsync();
        await using var host = await EndpointsHost.StartAsync(stub);
        var technique = TechniqueOf(host);
        using var first = new MemoryStream();
        using var second = new MemoryStream();
        using var scope = CallScope.Enter(new CallScope("landing", "run-1", Spending: null));

        var trained = await technique.TrainAsync(Input(NoFields), first, new Progress<double>(), Ending);
        var billed = stub.Billing.Billed.Count;
        var again = await technique.TrainAsync(Input(NoFields), second, new Progress<double>(), Ending);

        Assert.Equal(billed, stub.Billing.Billed.Count);
        Assert.Equal(first.ToArray(), second.ToArray());
        Assert.Equal(trained.Notes, again.Notes);
        Assert.Equal(trained.CostUsd, again.CostUsd);
    }

    [Fact]
    public async Task Train_FromTheRegistry_RecordsTheVersionAndFillsVariables()
    {
        await using var stub = await StubServer.StartAsync();
        await using var host = await EndpointsHost.StartAsync(stub);
        var store = StoreOf(host);
        var version = await store.AddAsync("travel", "{{scenario}}\nAnswer with exactly one of:\n{{labels}}", "", Ending);
        await store.LabelAsync(version, "production", Ending);
        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["prompt"] = "travel@production", ["search"] = "none" };
        var technique = TechniqueOf(host);

        var (trained, predictor) = await TrainAsync(technique, settings);
        using (predictor)
        {
            Assert.Contains($"The instruction is version 1 ({version.Hash}) of the prompt 'travel', found as travel@production.", trained.Notes);
            var answer = await predictor.AnswerAsync(new Question("the tram"), Ending);
            var kept = await host.Calls.FindAsync(answer.Call!, Ending);
            var request = System.Text.Encoding.UTF8.GetString(PackedText.Unpack(kept!.Request));
            Assert.Contains("- ferry\\n- museum\\n- tram", request, StringComparison.Ordinal);
        }

        // Another version is another candidate.
        var before = (await technique.StandAsync(Brief(), settings, Ending)).Context;
        await store.LabelAsync(await store.AddAsync("travel", "Say what it is: {{labels}}", "", Ending), "production", Ending);
        Assert.NotEqual(before, (await technique.StandAsync(Brief(), settings, Ending)).Context);
    }

    [Fact]
    public async Task Answer_NoLabel_IsMendedOnceOrCountsAsItIs()
    {
        var asked = new List<string>();
        await using var stub = await StubServer.StartAsync(new StubOptions
        {
            Skill = request =>
            {
                asked.Add(request.Question);
                return new StubAnswer(request.Question.StartsWith("That is none", StringComparison.Ordinal) && request.Messages.Any(m => m.Text == "mend me") ? "tram" : "a bicycle");
            },
        });
        await using var host = await EndpointsHost.StartAsync(stub);
        var (_, predictor) = await TrainAsync(TechniqueOf(host), new Dictionary<string, string>(StringComparer.Ordinal) { ["search"] = "none" });
        using (predictor)
        {
            Assert.Equal("tram", (await predictor.AnswerAsync(new Question("mend me"), Ending)).Text);
            Assert.Equal("a bicycle", (await predictor.AnswerAsync(new Question("leave me"), Ending)).Text);
            Assert.Equal(4, asked.Count);
        }
    }

    [Fact]
    public async Task Answer_WithLogprobs_HasAConfidence()
    {
        await using var stub = await StubServer.StartAsync(new StubOptions { Skill = _ => new StubAnswer("tram", 0.75) });
        await using var host = await EndpointsHost.StartAsync(stub);
        var (_, predictor) = await TrainAsync(TechniqueOf(host), new Dictionary<string, string>(StringComparer.Ordinal) { ["search"] = "none" });
        using (predictor)
        {
            Assert.Equal(0.75, (await predictor.AnswerAsync(new Question("x"), Ending)).Confidence!.Value, 1e-6);
        }
    }

    [Fact]
    public async Task Stand_WithoutAnEndpoint_SaysWhyInPlainWords()
    {
        await using var stub = await StubServer.StartAsync();
        await using var host = await EndpointsHost.StartAsync(stub, settings: [("LANDFALL_ENDPOINT_STUB_ADDRESS", null), ("LANDFALL_ENDPOINT", "none")]);

        var standing = await TechniqueOf(host).StandAsync(Brief(), NoFields, Ending);

        Assert.StartsWith("there is no language model to ask: no endpoint is set", standing.WhyUnavailable, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stand_MoneyIsLimitedAndPricesAreNotKnown_SaysSo()
    {
        await using var stub = await StubServer.StartAsync();
        await using var host = await EndpointsHost.StartAsync(stub, settings: [("OPENAI_API_KEY", "x"), ("LANDFALL_ENDPOINT", "openai")]);

        var standing = await TechniqueOf(host).StandAsync(Brief() with { Budget = new Budget(TimeSpan.FromMinutes(1), 1) }, NoFields, Ending);

        Assert.Contains("has no prices", standing.WhyUnavailable, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("examples", "many")]
    [InlineData("search", "maybe")]
    public async Task Stand_SettingThatIsNone_SaysWhatToWrite(string name, string value)
    {
        await using var stub = await StubServer.StartAsync();
        await using var host = await EndpointsHost.StartAsync(stub);

        var standing = await TechniqueOf(host).StandAsync(Brief(), new Dictionary<string, string>(StringComparer.Ordinal) { [name] = value }, Ending);

        Assert.Contains($"The setting {name} is '{value}'. Write", standing.WhyUnavailable, StringComparison.Ordinal);
    }

    private static PromptTechnique TechniqueOf(EndpointsHost host) => new(host.Endpoints, StoreOf(host));

    private static PromptStore StoreOf(EndpointsHost host) => new(host.Get<IDbContextFactory<LandfallDatabase>>(), TimeProvider.System);

    private static async Task<(TrainedCandidate Trained, IPredictor Predictor)> TrainAsync(PromptTechnique technique, IReadOnlyDictionary<string, string> settings)
    {
        using var scope = CallScope.Enter(new CallScope("landing", "run-1", Spending: null));
        using var artifact = new MemoryStream();
        var trained = await technique.TrainAsync(Input(settings), artifact, new Progress<double>(), Ending);
        artifact.Position = 0;
        return (trained, technique.Load(artifact));
    }

    private static TrainingInput Input(IReadOnlyDictionary<string, string> settings) => new(Brief(), settings, Rows(0, 40), Rows(40, 24), Seed: 1);

    private static Brief Brief() => new()
    {
        App = "travel",
        Scenario = "Travellers ask; the app names the topic.",
        Interaction = Interaction.SingleTurn,
        Output = OutputKind.Label,
        Data = new BriefData("train.csv", null, "test.csv", null),
        Targets = [new Target("accuracy", 0.5, Direction.AtLeast, 0.95, null)],
        Budget = Budget.Default,
    };

    /// <summary>Messages whose words, but not whose labels' names, tell the topic.</summary>
    private static List<Row> Rows(int from, int count)
    {
        string[][] words = [["rails", "stop", "line", "depart"], ["harbour", "ship", "island", "deck"], ["painting", "exhibit", "gallery", "sculpture"]];
        string[] labels = ["tram", "ferry", "museum"];
        return
        [
            .. Enumerable.Range(from, count).SelectMany(i => labels.Select((label, l) =>
                CanonicalRow.Create($"question {i} on the {words[l][i % 4]} and the {words[l][(i + 1 + (i / 4 % 3)) % 4]} number {i * 7 % 13}", label, NoFields))),
        ];
    }
}
