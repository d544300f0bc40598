using Landfall.Inference;
using Landfall.Inference.Chat;
using Landfall.Inference.Serving;
using Landfall.Platform.Briefs;
using Landfall.Platform.Candidates;
using Landfall.Platform.Candidates.Techniques.Tuning;
using Landfall.Platform.Datasets;
using Landfall.Platform.Endpoints;
using Landfall.Platform.Models;
using Landfall.Platform.Runs;
using Landfall.Platform.Storage;
using Landfall.Platform.Tests.Models;
using Landfall.Platform.Training;
using Landfall.Protocol.Training;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Landfall.Platform.Tests.Training;

/// <summary>The platform's part of tuning: the worker is a script that "trains" by copying the base and a head that is known.</summary>
public sealed class TuningTechniqueTests : IAsyncDisposable
{
    private static readonly string[] Labels = ["bill", "fault", "order"];
    private readonly string _folder = Directory.CreateTempSubdirectory("landfall-tuning-").FullName;
    private readonly ServiceProvider _services;

    public TuningTechniqueTests()
    {
        var tiny = ModelsServer.Fixture("tiny");
        const string Script = """
            read order
            out=$(echo "$order" | sed 's/.*"output":"\([^"]*\)".*/\1/'); mkdir -p "$out"; echo "$order" > "$0/order"
            cp "$1"/config.json "$1"/model.safetensors "$1"/tokenizer.json "$1"/tokenizer_config.json "$out"; files='"config.json","model.safetensors","tokenizer.json","tokenizer_config.json"'
            case "$order" in *'"labels":["bill"'*) cp "$0/classifier.safetensors" "$out"; files="$files,\"classifier.safetensors\"";; esac
            echo '{"step":{"number":1,"steps":1,"loss":1,"learningRate":1,"gradientNorm":1,"tokensPerSecond":1,"memoryBytes":1,"secondsLeft":0}}'
            echo "{\"done\":{\"trainedParameters\":11,\"optimiserBytes\":1,\"peakMemoryBytes\":12345,\"seconds\":1,\"steps\":1,\"tokens\":3,\"bestStep\":1,\"trainLoss\":1,\"validationLoss\":1,\"files\":[$files]}}"
            cat > /dev/null
            """;
        _services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
            .AddStorage(_folder).AddEndpoints(_folder).AddModels(_folder)
            .AddTraining(new TrainingOptions { Worker = new WorkerCommand("sh", ["-c", Script, _folder, tiny]), Folder = Path.Combine(_folder, "training"), DefaultBase = tiny })
            .AddCandidates().BuildServiceProvider();
    }

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Train_Labels_AnswersAsTheHeadOverTheMeanHiddenStateDoes()
    {
        await StartAsync();
        var (weight, bias) = WriteHead(256);
        var technique = Technique("full");
        using var artifact = new MemoryStream();
        var heard = new List<WorkerEvent>();
        var input = Input(OutputKind.Label) with { CandidateHash = "abc", Heard = heard.Add };
        var trained = await technique.TrainAsync(input, artifact, new Progress<double>(), Ending);
        Assert.Equal((11L, 12345L), (trained.TrainedParameters, trained.PeakMemoryBytes));
        Assert.True(trained.FileBytes > 2_600_000);
        Assert.Contains(heard, e => e.Step is not null);
        Assert.False(Directory.Exists(Path.Combine(_folder, "training", "abc")), "The folder of a training that ended is left.");

        artifact.Position = 0;
        using var predictor = technique.Load(artifact);
        using var model = LanguageModel.Open(ModelsServer.Fixture("tiny"));
        await using var engine = new InferenceEngine(model);
        foreach (var row in input.Validation)
        {
            var answer = await predictor.AnswerAsync(Question.Of(row), Ending);
            var tokens = new ChatPrompt(model).Encode(TuningExamples.Chat(Question.Of(row)));
            var mean = await engine.EmbedAsync(new EmbeddingRequest { Tokens = tokens, Normalise = false }, Ending);
            var logits = Enumerable.Range(0, 3).Select(l => bias[l] + mean.Zip(weight[l], (a, b) => a * b).Sum()).ToList();
            Assert.Equal(Labels[logits.IndexOf(logits.Max())], answer.Text);
            Assert.InRange(answer.Confidence!.Value, 0.3, 1);
            Assert.Equal(tokens.Length, answer.PromptTokens);
            Assert.Equal(2, answer.Alternatives.Count);
        }

        var longest = await predictor.AnswerAsync(new Question(string.Concat(Enumerable.Repeat("The bill is wrong. ", 2000))), Ending);
        Assert.Contains(longest.Text, Labels);
    }

    [Theory]
    [InlineData(OutputKind.Json)]
    [InlineData(OutputKind.Label)]
    [InlineData(OutputKind.Text)]
    public async Task Train_WrittenAnswers_KeepToTheForm(OutputKind output)
    {
        await StartAsync();
        var technique = Technique("full");
        using var artifact = new MemoryStream();
        var settings = new Dictionary<string, string> { ["head"] = "text" };
        await technique.TrainAsync(Input(output) with { CandidateHash = "def", Settings = settings }, artifact, new Progress<double>(), Ending);
        artifact.Position = 0;
        using var predictor = technique.Load(artifact);
        var answer = await predictor.AnswerAsync(new Question("Where is my parcel?"), Ending);
        Assert.True(answer.CompletionTokens > 0 && answer.PromptTokens > 0);
        if (output == OutputKind.Label)
        {
            Assert.Contains(answer.Text, Labels);
        }
        else if (output == OutputKind.Json)
        {
            Assert.Contains(System.Text.Json.JsonDocument.Parse(answer.Text).RootElement.GetProperty("what").GetString(), new[] { "bill", "order" });
        }
    }

    [Theory]
    [InlineData("base", "nothing", "there is no model 'nothing' in the registry")]
    [InlineData("rank", "0", "The setting rank is '0'. Write a whole number from 1 to 4096")]
    [InlineData("dropout", "1", "from 0 to 0.9")]
    [InlineData("precision", "f8", "Write f32 or bf16")]
    [InlineData("threshold", "much", "The setting threshold is 'much'")]
    public async Task Stand_SettingThatCannotBe_SaysWhy(string name, string value, string message)
    {
        await StartAsync();
        var standing = await Technique("lora").StandAsync(Input(OutputKind.Label).Brief, new Dictionary<string, string> { [name] = value }, Ending);
        Assert.Contains(message, standing.WhyUnavailable, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stand_DefaultBase_IsPartOfTheCandidate()
    {
        await StartAsync();
        var standing = await Technique("lora").StandAsync(Input(OutputKind.Label).Brief, new Dictionary<string, string>(), Ending);
        Assert.Null(standing.WhyUnavailable);
        Assert.Matches("^[0-9a-f]{64}", standing.Context);
        var techniques = new TechniqueCatalogue(_services.GetServices<ITechnique>());
        Assert.Equal(["nearest", "linear", "prompt", "prompt-tuning", "prefix", "lora", "qlora", "full"], techniques.Names);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync() =>
        await DatabaseStartup.ClaimAsync(_services.GetRequiredService<IDbContextFactory<LandfallDatabase>>(), _services.GetRequiredService<ServerFence>(), CancellationToken.None);

    private ITechnique Technique(string name) => _services.GetServices<ITechnique>().Single(t => t.Name == name);

    /// <summary>Writes a head of random numbers for the script to hand out.</summary>
    private (float[][] Weight, float[] Bias) WriteHead(int hidden)
    {
        var random = new Random(3);
        var weight = Labels.Select(_ => Enumerable.Range(0, hidden).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray()).ToArray();
        float[] bias = [0.1f, -0.2f, 0.3f];
        var header = System.Text.Encoding.UTF8.GetBytes($$"""{"weight":{"dtype":"F32","shape":[3,{{hidden}}],"data_offsets":[0,{{12 * hidden}}] },"bias":{"dtype":"F32","shape":[3],"data_offsets":[{{12 * hidden}},{{(12 * hidden) + 12}}] } }""");
        File.WriteAllBytes(
            Path.Combine(_folder, "classifier.safetensors"),
            [.. BitConverter.GetBytes((long)header.Length), .. header, .. weight.SelectMany(w => w).Concat(bias).SelectMany(BitConverter.GetBytes)]);
        return (weight, bias);
    }

    private static TrainingInput Input(OutputKind output)
    {
        var rows = Enumerable.Range(0, 30).Select(i => new Row($"{i}", $"Question {i} about {Labels[i % 3]}", output == OutputKind.Json ? $$"""{"what":"{{Labels[i % 2 * 2]}}"}""" : Labels[i % 3], new Dictionary<string, string>())).ToList();
        var brief = new Brief
        {
            App = "app",
            Scenario = "Messages.",
            Interaction = Interaction.SingleTurn,
            Output = output,
            OutputSchema = output == OutputKind.Json ? """{"type":"object","properties":{"what":{"enum":["bill","order"]}},"required":["what"],"additionalProperties":false}""" : null,
            Data = new BriefData("train", null, "test", null),
            Targets = [],
            Budget = Budget.Default,
        };
        return new TrainingInput(brief, new Dictionary<string, string>(), rows[..20], rows[20..], 1);
    }
}
