using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Landfall.Inference;
using Landfall.Protocol;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Training;

namespace Landfall.Training.Worker;

[Collection(RandomNumbers.Name)]
public sealed class TrainingWorkerTests
{
    [Theory]
    [InlineData(TuningMethod.Lora, "adapter_model.safetensors")]
    [InlineData(TuningMethod.Full, "model.safetensors")]
    public async Task RunAsync_LabelsToTell_TellsThem(TuningMethod method, string weights)
    {
        using var folder = new TemporaryFolder();
        Write(folder["train.jsonl"], [.. Enumerable.Range(0, 40).Select(i => Example(i % 2 == 0 ? $"please refund order {i}" : $"the weather is fine {i}", i % 2))]);
        var order = Order(folder, method) with { Labels = ["refund", "weather"], Settings = new TuningSettings { Epochs = 12, LearningRate = 3e-3 } };
        var events = await RunAsync(order);
        var done = events[^1].Done;
        Assert.NotNull(done);
        Assert.Contains(weights, done.Files);
        Assert.Contains("classifier.safetensors", done.Files);
        Assert.True(events.Last(e => e.Evaluation is { IsBest: true }).Evaluation!.Accuracy > 0.9);
        var plan = events.First(e => e.Plan is not null).Plan!;
        Assert.Equal(40, plan.Rows);
        Assert.NotNull(plan.Settings.BatchTokens);
    }

    [Fact]
    public async Task RunAsync_AnswersToWrite_AreWrittenByInference()
    {
        using var folder = new TemporaryFolder();
        Write(folder["train.jsonl"], [.. Enumerable.Range(0, 20).Select(i => new TuningExample([new("user", $"say {i % 4}"), new("assistant", new string((char)('a' + (i % 4)), 3))]))]);
        var events = await RunAsync(Order(folder, TuningMethod.Full) with { Settings = new TuningSettings { Epochs = 30, LearningRate = 2e-3 } });
        Assert.NotNull(events[^1].Done);
        using var model = LanguageModel.Open(folder["out"]);
        await using var engine = new Inference.Serving.InferenceEngine(model);
        using var client = new Inference.Chat.LocalChatClient(engine);
        var answer = await client.GetResponseAsync([new(Microsoft.Extensions.AI.ChatRole.User, "say 2")], new() { Temperature = 0, MaxOutputTokens = 8 }, TestContext.Current.CancellationToken);
        Assert.Equal("ccc", answer.Text);
    }

    [Theory]
    [InlineData("{", ErrorCodes.BadRequest, "no order")]
    [InlineData("""{"base":"/no/such","method":"lora","train":"x","output":"y","checkpoints":"z","seed":1}""", ErrorCodes.ModelInvalid, "/no/such")]
    public async Task RunAsync_ABadOrder_IsAnsweredAndTheNextOneIsRead(string line, string code, string message)
    {
        var events = await RunAsync(line, "also no order");
        Assert.Equal(2, events.Count(e => e.Error is not null));
        Assert.Equal(code, events[0].Error!.Code);
        Assert.Contains(message, events[0].Error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"messages":[]}""", "line 1")]
    [InlineData("""{"messages":[{"role":"user","content":"a"}]}""", "no answer to learn")]
    [InlineData("nonsense", "line 1")]
    [InlineData("", "no rows")]
    public async Task RunAsync_RowsWithNothingToLearn_AreRefusedByLine(string row, string message)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["train.jsonl"], row, TestContext.Current.CancellationToken);
        var error = (await RunAsync(Order(folder, TuningMethod.Lora)))[^1].Error;
        Assert.Equal(ErrorCodes.DataInvalid, error?.Code);
        Assert.Contains(message, error!.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["out"]));
    }

    [Fact]
    public async Task RunAsync_TheInputEnds_TheTrainingDoesToo()
    {
        using var folder = new TemporaryFolder();
        Write(folder["train.jsonl"], [.. Enumerable.Range(0, 400).Select(i => new TuningExample([new("user", $"say {i}"), new("assistant", $"{i}")]))]);
        var input = new Pipe();
        var output = new Pipe();
        var worker = new TrainingWorker(input.Reader.AsStream(), output.Writer.AsStream()).RunAsync(TestContext.Current.CancellationToken);
        var order = JsonSerializer.Serialize(Order(folder, TuningMethod.Full) with { Settings = new TuningSettings { Epochs = 10_000 } }, LandfallJsonContext.Default.TuningOrder);
        await input.Writer.WriteAsync(Encoding.UTF8.GetBytes(order + "\n"), TestContext.Current.CancellationToken);
        using var events = new StreamReader(output.Reader.AsStream());
        while (await events.ReadLineAsync(TestContext.Current.CancellationToken) is { } line && !line.Contains("\"step\":{\"number\"", StringComparison.Ordinal))
        {
        }

        await input.Writer.CompleteAsync();
        await worker.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.NotEmpty(Directory.GetFiles(folder["checkpoints"], "*.safetensors"));
    }

    [Fact]
    public async Task RunAsync_CancelledWhileTheInputIsOpen_Ends()
    {
        var (input, output) = (new Pipe(), new Pipe());
        using var stop = new CancellationTokenSource();
        var worker = new TrainingWorker(input.Reader.AsStream(), output.Writer.AsStream()).RunAsync(stop.Token);
        await stop.CancelAsync();
        Assert.True(await worker.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        await input.Writer.CompleteAsync();
    }

    [Fact]
    public async Task RunAsync_NobodyReadsWhatIsWritten_Ends()
    {
        var input = new Pipe();
        var worker = new TrainingWorker(input.Reader.AsStream(), new EndedStream()).RunAsync(TestContext.Current.CancellationToken);
        await input.Writer.WriteAsync("no order\n"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.True(await worker.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        await input.Writer.CompleteAsync();
    }

    /// <summary>A pipe whose other end is closed.</summary>
    private sealed class EndedStream : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => throw new IOException("Broken pipe");

        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("Broken pipe");
    }

    private static TuningExample Example(string text, int label) => new([new TuningMessage("user", text)], label);

    private static void Write(string path, TuningExample[] rows) => File.WriteAllLines(path, rows.Select(r => JsonSerializer.Serialize(r, LandfallJsonContext.Default.TuningExample)));

    private static TuningOrder Order(TemporaryFolder folder, TuningMethod method) => new()
    {
        Base = Fixture.Folder("tiny"),
        Method = method,
        Train = folder["train.jsonl"],
        Validation = folder["train.jsonl"],
        Output = folder["out"],
        Checkpoints = folder["checkpoints"],
        Seed = 1,
        Threads = 1,
    };

    private static Task<List<WorkerEvent>> RunAsync(TuningOrder order) => RunAsync(JsonSerializer.Serialize(order, LandfallJsonContext.Default.TuningOrder));

    /// <summary>Gives the worker lines, and ends its input when each is answered.</summary>
    private static async Task<List<WorkerEvent>> RunAsync(params string[] orders)
    {
        var (input, output) = (new Pipe(), new Pipe());
        var worker = new TrainingWorker(input.Reader.AsStream(), output.Writer.AsStream()).RunAsync(TestContext.Current.CancellationToken);
        await input.Writer.WriteAsync(Encoding.UTF8.GetBytes(string.Join('\n', orders) + "\n"), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(output.Reader.AsStream());
        List<WorkerEvent> events = [];
        while (events.Count(e => e.Done is not null || e.Error is not null) < orders.Length && await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            events.Add(JsonSerializer.Deserialize(line, LandfallJsonContext.Default.WorkerEvent)!);
        }

        await input.Writer.CompleteAsync();
        await worker;
        return events;
    }
}
