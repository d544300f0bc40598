using System.Diagnostics;
using Landfall.Platform.Runs;
using Landfall.Platform.Training;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Training;
using Microsoft.Extensions.Logging.Abstractions;

namespace Landfall.Platform.Tests.Training;

/// <summary>Workers are shell scripts that say what a test wants.</summary>
public sealed class WorkerHostTests : IDisposable
{
    private const string Step = """{"step":{"number":1,"steps":2,"loss":1.5,"learningRate":0.1,"gradientNorm":2,"tokensPerSecond":100,"memoryBytes":5,"secondsLeft":3}}""";
    private const string Done = """{"done":{"trainedParameters":7,"optimiserBytes":1,"peakMemoryBytes":9,"seconds":1,"steps":2,"tokens":3,"bestStep":2,"trainLoss":1,"files":["a"]}}""";
    private readonly string _folder = Directory.CreateTempSubdirectory("landfall-worker-").FullName;

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tune_WorkerDoesTheOrder_HearsEventsInTheirOrder()
    {
        var heard = new List<WorkerEvent>();
        var result = await TuneAsync($"read order; echo \"$order\" > '{_folder}/order'; echo '{Step}'; echo '{{\"checkpoint\":1}}'; echo '{Done}'; cat > /dev/null; touch '{_folder}/ended'", heard.Add);
        Assert.Equal((7L, 9L), (result.TrainedParameters, result.PeakMemoryBytes));
        Assert.Equal(["step", "checkpoint", "done"], heard.Select(e => e.Step is not null ? "step" : e.Checkpoint is not null ? "checkpoint" : "done"));
        Assert.Contains("\"method\":\"lora\"", await File.ReadAllTextAsync(Path.Combine(_folder, "order"), Ending), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder, "ended")), "The worker was not let end by itself at the end of its input.");
    }

    [Fact]
    public async Task Tune_WorkerRefuses_FailsWithItsCodeAndMessage()
    {
        var error = await FailAsync("""read order; echo '{"error":{"code":"training-diverged","message":"The loss rose."}}'; cat > /dev/null""");
        Assert.Equal((ErrorCodes.TrainingDiverged, "The loss rose."), (error.Code, error.Message));
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[1]")]
    public async Task Tune_LineThatIsNoEvent_Fails(string line)
    {
        var error = await FailAsync($"read order; echo '{line}'; cat > /dev/null");
        Assert.Equal(ErrorCodes.TrainingFailed, error.Code);
        Assert.Contains($"'{line}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tune_WorkerDiesInTheMiddle_SaysHowAndItsLastWords()
    {
        var error = await FailAsync($"read order; echo '{Step}'; echo 'no room on the heap' >&2; exit 3");
        Assert.Equal(ErrorCodes.TrainingFailed, error.Code);
        Assert.Contains("exit code 3", error.Message, StringComparison.Ordinal);
        Assert.Contains("no room on the heap", error.Message, StringComparison.Ordinal);
        Assert.Contains("it was killed", (await FailAsync("read order; kill -9 $$")).Message, StringComparison.Ordinal);
        Assert.Contains("exit code 0", (await FailAsync("exit 0")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tune_ProgramIsMissing_Fails()
    {
        using var host = Host(new WorkerCommand(Path.Combine(_folder, "nothing"), []));
        using var turn = await host.TakeAsync(Ending);
        Assert.Contains("cannot be started", (await Assert.ThrowsAsync<RunFailedException>(() => turn.TuneAsync(Order(), _ => { }, Ending))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tune_WorkerHangsAndIsCancelled_IsKilled()
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Ending);
        var heard = new TaskCompletionSource();
        var tuning = TuneAsync($"read order; echo $$ > '{_folder}/pid'; echo '{Step}'; trap '' TERM; while true; do sleep 60; done", _ => heard.TrySetResult(), cancellation.Token);
        await heard.Task.WaitAsync(TimeSpan.FromSeconds(30), Ending);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tuning.WaitAsync(TimeSpan.FromSeconds(30), Ending));
        var pid = int.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, "pid"), Ending), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(pid));
    }

    [Fact]
    public async Task Take_WhileAnotherHasTheTurn_Waits()
    {
        using var host = Host(new WorkerCommand("sh", []));
        var first = await host.TakeAsync(Ending);
        var second = host.TakeAsync(Ending);
        Assert.False(second.IsCompleted);
        first.Dispose();
        first.Dispose();
        using var turn = await second.WaitAsync(TimeSpan.FromSeconds(30), Ending);
        Assert.False(host.TakeAsync(new CancellationToken(canceled: true)).IsCompletedSuccessfully);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => first.TuneAsync(Order(), _ => { }, Ending));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<TrainingResult> TuneAsync(string script, Action<WorkerEvent> heard, CancellationToken? cancellation = null)
    {
        using var host = Host(new WorkerCommand("sh", ["-c", script]));
        using var turn = await host.TakeAsync(Ending);
        return await turn.TuneAsync(Order(), heard, cancellation ?? Ending);
    }

    private Task<RunFailedException> FailAsync(string script) => Assert.ThrowsAsync<RunFailedException>(() => TuneAsync(script, _ => { }));

    private WorkerHost Host(WorkerCommand command) => new(new TrainingOptions { Worker = command, Folder = _folder }, NullLogger<WorkerHost>.Instance);

    private TuningOrder Order() => new() { Base = "base", Method = TuningMethod.Lora, Train = "train", Output = "output", Checkpoints = _folder, Seed = 1 };
}
