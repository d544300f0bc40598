using System.Text;
using System.Text.Json;
using Landfall.Commands;
using Landfall.Protocol;
using Landfall.Protocol.Datasets;
using Landfall.Protocol.Labelling;

namespace Landfall.Tests.Hosting;

/// <summary><c>dataset clean</c>, <c>split</c>, <c>show --statistics</c> and <c>label</c> against a real server.</summary>
public sealed class DatasetWorkTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Clean_DirtyFile_ProposesThenMakesAVersionOfWhatIsAccepted()
    {
        await ImportAsync("dirty", Rows(40) + """
            {"text":"my mail is anna@example.com, please answer","label":"a"}
            {"text":"Please, where is the invoice for my last month?","label":"b"}
            {"text":"where is the invoice for my last month","label":"b"}
            """);

        var (code, output, _) = await RunAsync(input: null, "dataset", "clean", "dirty", "--steps", "pii,duplicates");
        Assert.Equal(0, code);
        Assert.Contains("2 changes proposed; none is made.", output, StringComparison.Ordinal);
        Assert.Single(await VersionsAsync("dirty"));

        (code, output, _) = await RunAsync(input: null, "dataset", "clean", "dirty", "--steps", "pii,duplicates", "--accept", "all", "--json");
        Assert.Equal(0, code);
        var proposal = JsonSerializer.Deserialize(output, LandfallJsonContext.Default.CleaningProposal)!;
        var made = (await VersionsAsync("dirty"))[0];
        Assert.Equal((made.Version, 42), (proposal.AppliedVersion, made.Rows));
        Assert.Equal(1, (await fixture.Server.Client.FindRowsAsync(made.Version, "[EMAIL]", expected: null)).Total);
    }

    [Fact]
    public async Task Clean_ContaminationWithoutTestData_SaysWhatToName()
    {
        await ImportAsync("alone", Rows(10));
        var (code, _, error) = await RunAsync(input: null, "dataset", "clean", "alone", "--steps", "contamination");
        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains("--against", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Split_Dataset_MakesItsParts()
    {
        await ImportAsync("whole", Rows(100));
        var (code, output, _) = await RunAsync(input: null, "dataset", "split", "whole", "--test", "20%", "--validation", "0.1", "--stratify");
        Assert.Equal(0, code);
        Assert.Contains("whole/test: 20 rows", output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, (await RunAsync(input: null, "dataset", "split", "whole", "--test", "120%")).Code);
    }

    [Fact]
    public async Task Show_Statistics_CountsLabelsLengthsAndLanguages()
    {
        await ImportAsync("counted", Rows(30));
        var (code, output, _) = await RunAsync(input: null, "dataset", "show", "counted", "--statistics", "--json");
        Assert.Equal(0, code);
        var statistics = JsonSerializer.Deserialize(output, LandfallJsonContext.Default.DatasetStatistics)!;
        Assert.Equal((30, 30, 2), (statistics.Rows, statistics.SampledRows, statistics.Labels.Count));
        Assert.Equal(30, statistics.TextLengths[0].Bars.Sum(b => b.Rows));
        Assert.Equal(1, statistics.Balance);
    }

    [Fact]
    public async Task Label_KeysInTheTerminal_AreKeptAndExported()
    {
        await ImportAsync("unlabelled", Rows(3));
        var (code, output, _) = await RunAsync("1\ns\nu\n9\n2\nq\n", "dataset", "label", "unlabelled", "--labels", "yes,no", "--as", "ada");
        Assert.Equal(0, code);
        Assert.Contains("1 yes  2 no", output, StringComparison.Ordinal);
        Assert.Contains("No such key.", output, StringComparison.Ordinal);
        var labelling = (await fixture.Server.Client.GetLabellingsAsync()).Single(l => l.Dataset == "unlabelled");
        Assert.Equal(new AnnotatorProgress("ada", 2, 0, 0), Assert.Single(labelling.Annotators));
        Assert.Equal([LabelAction.Label, LabelAction.Skip, LabelAction.Undo, LabelAction.Label], (await fixture.Server.Client.GetLabelHistoryAsync(labelling.Id)).Select(e => e.Action));

        (code, output, _) = await RunAsync(input: null, "dataset", "label", labelling.Id, "--export");
        Assert.Equal(0, code);
        Assert.Contains("unlabelled: 2 labelled rows", output, StringComparison.Ordinal);
    }

    private static string Rows(int count) => string.Concat(Enumerable.Range(0, count).Select(i => $"{{\"text\":\"{Word(i)} {Word(i + 500)} {Word(i + 900)}\",\"label\":\"{(i % 2 == 0 ? "a" : "b")}\"}}\n"));

    private static string Word(int number)
    {
        var random = new Random(number);
        return string.Concat(Enumerable.Range(0, 7).Select(_ => (char)('a' + random.Next(26))));
    }

    private async Task<List<DatasetSummary>> VersionsAsync(string name) => [.. (await fixture.Server.Client.GetDatasetsAsync()).Where(d => d.Name == name)];

    private async Task ImportAsync(string name, string rows)
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("landfall-data-").FullName, name + ".jsonl");
        await File.WriteAllTextAsync(file, rows);
        Assert.Equal(0, (await RunAsync(input: null, "dataset", "import", file, "--name", name)).Code);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(string? input, params string[] args)
    {
        using var output = new Utf8Writer();
        using var error = new Utf8Writer();
        var console = new CommandConsole(output, error, new StringReader(input ?? ""), interactive: false);
        var code = await LandfallCommandLine.RunAsync(new Host(fixture.Server), args, console, TimeProvider.System, CancellationToken.None);
        return (code, output.ToString(), error.ToString());
    }

    private sealed class Host(RunningServer server) : ICommandHost
    {
        public Task<IServerSession> ConnectAsync(ConnectOptions options, CancellationToken cancellation) => Task.FromResult<IServerSession>(new Session(server));

        public Task<int> ServeAsync(ServeOptions options, CancellationToken cancellation) => Task.FromResult(ExitCodes.Ok);

        public Task<int> WorkAsync(CancellationToken cancellation) => Task.FromResult(ExitCodes.Ok);
    }

    private sealed class Session(RunningServer server) : IServerSession
    {
        public LandfallClient Client => server.Client;

        public Uri Url => server.Http.BaseAddress!;

        public bool IsInProcess => false;

        public Task WaitForShutdownAsync(CancellationToken cancellation) => Task.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Utf8Writer : StringWriter
    {
        public override Encoding Encoding => Encoding.UTF8;
    }
}
