using CsCheck;
using Landfall.Platform.Datasets;
using Landfall.Platform.Evaluation;
using Landfall.Platform.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Landfall.Platform.Tests.Storage.Stores;

public sealed class SqliteMeasurementStoreTests() : MeasurementStoreTests(TestDatabase.Sqlite);

public sealed class PostgresMeasurementStoreTests() : MeasurementStoreTests(TestDatabase.Postgres);

public abstract class MeasurementStoreTests(TestDatabase kind) : StoreTests(kind)
{
    private static readonly IReadOnlyList<double> Doubles =
        [0, -0.0, 0.1, 1.0 / 3, double.MaxValue, double.Epsilon, double.NaN, double.PositiveInfinity, double.NegativeInfinity];

    private MeasurementStore Measurements => Get<MeasurementStore>();

    [Fact]
    public async Task AddAnswersAsync_AnyAnswers_ComeBackBitByBit()
    {
        var generated = Gen.Select(Gen.String[Gen.Char['\u0001', '\uD7FF'], 0, 40], Gen.Double[0, 1].Nullable(), Gen.Double[0, 1e9], Gen.Long[0, long.MaxValue])
            .Array[1200].Single(_ => true, "0N0XIzNsQ0O2");
        var answers = generated.Select((a, i) => new Observation(Example($"row {i}"), a.Item1, a.Item2, a.Item3, a.Item4, 0.000_012_3m)).ToList();

        await Measurements.AddAnswersAsync("candidate", answers, Cancellation);

        var found = await Measurements.LoadAnswersAsync("candidate", [.. answers.Select(a => a.Row)], Cancellation);
        Assert.Equal(answers.Select(Figures), answers.Select(a => Figures(found[a.Row.Id])));
        Assert.Empty(await Measurements.LoadAnswersAsync("another", [.. answers.Select(a => a.Row)], Cancellation));
    }

    [Fact]
    public async Task AddAnswersAsync_AnswerIsThere_KeepsTheFirst()
    {
        var row = Example("row");
        await AtOnceAsync(() => Measurements.AddAnswersAsync("candidate", [new Observation(row, "first", 0.5, 1, 2, 0)], Cancellation));
        await Measurements.AddAnswersAsync("candidate", [new Observation(row, "second", null, 3, 4, 0)], Cancellation);

        Assert.Equal("first", (await Measurements.LoadAnswersAsync("candidate", [row], Cancellation))["row"].Got);
    }

    [Fact]
    public async Task AddScoresAsync_AnyValues_ComeBackBitByBit()
    {
        await Measurements.AddScoresAsync("candidate", "bleu", [("all", [.. Doubles]), ("none", null), ("empty", [])], Cancellation);

        var found = await Measurements.LoadScoresAsync("candidate", "bleu", Cancellation);
        Assert.Equal(Doubles.Select(BitConverter.DoubleToInt64Bits), found["all"]!.Select(BitConverter.DoubleToInt64Bits));
        Assert.Null(found["none"]);
        Assert.Empty(found["empty"]!);
        Assert.Empty(await Measurements.LoadScoresAsync("candidate", "chrf", Cancellation));
    }

    [Fact]
    public async Task Writes_OfAReplacedServer_ChangeNothing()
    {
        await SucceedAsync();
        await Assert.ThrowsAsync<FencedException>(() => Measurements.AddAnswersAsync("candidate", [new Observation(Example("row"), "got", null, 1, 2, 0)], Cancellation));
        await Assert.ThrowsAsync<FencedException>(() => Measurements.AddScoresAsync("candidate", "bleu", [("row", [1.0])], Cancellation));

        Assert.True(Fence.Lost.IsCompleted);
        Assert.Empty(await Measurements.LoadAnswersAsync("candidate", [Example("row")], Cancellation));
        Assert.Empty(await Measurements.LoadScoresAsync("candidate", "bleu", Cancellation));
    }

    protected override IServiceCollection AddStores(IServiceCollection services) => services.AddSingleton<MeasurementStore>();

    private static (string, string, double?, double, long, decimal) Figures(Observation a) => (a.Row.Id, a.Got, a.Confidence, a.LatencyMs, a.Tokens, a.CostUsd);

    private static Row Example(string id) => new(id, "text", "expected", new Dictionary<string, string>());
}
