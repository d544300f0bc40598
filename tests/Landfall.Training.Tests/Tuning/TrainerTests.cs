using Landfall.Protocol.Errors;
using Landfall.Protocol.Training;
using Landfall.Training.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Landfall.Training.Tuning;

[Collection(RandomNumbers.Name)]
public sealed class TrainerTests
{
    private static readonly TokenRows Rows = new([.. Enumerable.Range(0, 24).Select(Row)], LeftOut: 0, Hash: "rows");

    [Fact]
    public async Task TrainAsync_FewRows_AreLearntByHeart()
    {
        using var folder = new TemporaryFolder();
        using var model = Open(TuningMethod.Full);
        var outcome = await Train(model, folder["checkpoints"], Options(folder) with { Steps = 60 });
        Assert.Equal(60, outcome.Steps);
        Assert.True(outcome.TrainLoss < 0.1, $"{outcome.TrainLoss}");
    }

    [Theory]
    [InlineData(TuningMethod.Full)]
    [InlineData(TuningMethod.Lora)]
    [InlineData(TuningMethod.Prefix)]
    [InlineData(TuningMethod.Qlora)]
    public async Task TrainAsync_Interrupted_EndsWithTheSameWeightsBitByBit(TuningMethod method)
    {
        using var folder = new TemporaryFolder();
        using var whole = Open(method);
        await Train(whole, folder["whole"], Options(folder));
        using (var first = Open(method))
        {
            using var stop = new CancellationTokenSource();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Train(first, folder["parts"], Options(folder), e => StopAt(e, 5, stop), stop.Token));
        }

        using var second = Open(method);
        var steps = new List<int>();
        await Train(second, folder["parts"], Options(folder), e => steps.AddRange(e.Step is { } step ? [step.Number] : []));
        Assert.Equal(6, steps[0]);
        Assert.All(whole.Trained.Zip(second.Trained), pair => Assert.True(pair.First.Value.equal(pair.Second.Value).all().item<bool>(), pair.First.Name));
    }

    [Fact]
    public async Task TrainAsync_AccumulatedParts_GiveTheSameGradients()
    {
        using var folder = new TemporaryFolder();
        using var one = Open(TuningMethod.Full);
        using var four = Open(TuningMethod.Full);
        await Train(one, folder["one"], Options(folder) with { Steps = 2 });
        await Train(four, folder["four"], Options(folder) with { Steps = 2, AccumulationSteps = 4 });
        Assert.All(one.Trained.Zip(four.Trained), pair => Assert.True(pair.First.Value.allclose(pair.Second.Value, rtol: 1e-3, atol: 2e-5), pair.First.Name));
    }

    [Fact]
    public void Loss_PackedRows_IsThatOfEachRowAlone()
    {
        using var scope = NewDisposeScope();
        using var model = Open(TuningMethod.Full);
        using var packed = Packer.Batch([[.. Rows.Rows.Take(6)]], 128);
        var together = model.Loss(packed, training: false).item<float>();
        var alone = Rows.Rows.Take(6).Sum(row =>
        {
            using var batch = Packer.Batch([[row]], row.Length);
            return model.Loss(batch, training: false).item<float>();
        });
        Assert.Equal(alone, together, 1e-3f);
    }

    [Fact]
    public async Task TrainAsync_AFarTooHighRate_SaysThatItDiverged()
    {
        using var folder = new TemporaryFolder();
        using var model = Open(TuningMethod.Full);
        var error = await Assert.ThrowsAsync<TrainingException>(() => Train(model, folder["checkpoints"], Options(folder) with { LearningRate = 30, Steps = 40 }));
        Assert.Equal(ErrorCodes.TrainingDiverged, error.Code);
        Assert.Contains("Set a lower one", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TrainAsync_OneGradientThatIsNoNumber_IsLeftOutAndTheRateHalved()
    {
        using var folder = new TemporaryFolder();
        using var model = new NotANumber(Open(TuningMethod.Full), at: 3);
        List<WorkerEvent> events = [];
        var outcome = await Train(model, folder["c"], Options(folder), events.Add);
        Assert.Contains(events, e => e.Note?.StartsWith("Step 3 of 12", StringComparison.Ordinal) == true);
        Assert.Equal([1, 2, .. Enumerable.Range(4, 9)], events.Where(e => e.Step is not null).Select(e => e.Step!.Number));
        Assert.Equal(3e-3 * 0.5 * (1 + Math.Cos(Math.PI * 2 / 11)) / 2, events.First(e => e.Step?.Number == 4).Step!.LearningRate, 1e-9);
        Assert.True(double.IsFinite(outcome.TrainLoss));
        // What the worker writes is JSON, which has no such numbers.
        Assert.All(events, e => System.Text.Json.JsonSerializer.Serialize(e, Protocol.LandfallJsonContext.Default.WorkerEvent));
    }

    /// <summary>A model one of whose losses is no number.</summary>
    private sealed class NotANumber(TrainableDecoder model, int at) : ITrainable
    {
        private int _losses;

        public IReadOnlyList<TrainedTensor> Trained => model.Trained;

        public Tensor Loss(TokenBatch batch, bool training) => training && ++_losses == at ? model.Loss(batch, training) * double.NaN : model.Loss(batch, training);

        public Tensor Classify(TokenBatch batch) => model.Classify(batch);

        public void Save(string folder) => model.Save(folder);

        public void Dispose() => model.Dispose();
    }

    [Fact]
    public async Task TrainAsync_ADamagedCheckpoint_GoesOnFromTheOneBefore()
    {
        using var folder = new TemporaryFolder();
        using (var first = Open(TuningMethod.Lora))
        {
            using var stop = new CancellationTokenSource();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Train(first, folder["c"], Options(folder) with { CheckpointEvery = TimeSpan.Zero }, e => StopAt(e, 6, stop), stop.Token));
        }

        var newest = Directory.GetFiles(folder["c"], "run-*.safetensors").Where(f => !f.Contains("best", StringComparison.Ordinal)).Max(StringComparer.Ordinal)!;
        using (var file = File.OpenWrite(newest))
        {
            file.SetLength(file.Length / 2);
        }

        using var second = Open(TuningMethod.Lora);
        List<WorkerEvent> events = [];
        await Train(second, folder["c"], Options(folder), events.Add);
        Assert.Contains(events, e => e.Note?.Contains("left aside", StringComparison.Ordinal) == true);
        Assert.Equal(12, events.Last(e => e.Step is not null).Step!.Number);
    }

    private static void StopAt(WorkerEvent what, int step, CancellationTokenSource stop)
    {
        if (what.Step?.Number == step)
        {
            stop.Cancel();
        }
    }

    private static TrainableDecoder Open(TuningMethod method) => TrainableModel.Open(Fixture.Folder("tiny"), method, new TuningSettings { Dropout = 0.1, Rank = 4 }, 0, CPU, 1, TrainingPrecision.F32);

    private static Task<TrainingOutcome> Train(ITrainable model, string checkpoints, TrainerOptions options, Action<WorkerEvent>? report = null, CancellationToken cancellation = default) =>
        new Trainer(model, new DataOrder(Rows, 64, seed: 2), Rows, options with { Checkpoints = checkpoints }).TrainAsync(report ?? (_ => { }), cancellation);

    private static TrainerOptions Options(TemporaryFolder folder) => new()
    {
        Steps = 12,
        RowsPerStep = 4,
        LearningRate = 3e-3,
        WarmUpSteps = 2,
        EvaluateEvery = 4,
        Seed = 9,
        Checkpoints = folder["checkpoints"],
        Identity = "run",
    };

    private static TokenRow Row(int index)
    {
        var random = new Random(index);
        return new TokenRow([.. Enumerable.Range(0, 8 + (index % 7)).Select(_ => 5 + random.Next(300))], AnswerBegin: 4);
    }
}
