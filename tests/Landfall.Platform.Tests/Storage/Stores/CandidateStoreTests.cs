using Landfall.Platform.Candidates;
using Landfall.Platform.Landings;
using Landfall.Platform.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Landfall.Platform.Tests.Storage.Stores;

public sealed class SqliteCandidateStoreTests() : CandidateStoreTests(TestDatabase.Sqlite);

public sealed class PostgresCandidateStoreTests() : CandidateStoreTests(TestDatabase.Postgres);

/// <summary>Candidates, and the looks at test rows that judging them takes.</summary>
public abstract class CandidateStoreTests(TestDatabase kind) : StoreTests(kind)
{
    private static readonly StoredCandidate Candidate = new("hash", "linear", "artifact", new TrainingRecord(0.1 + 0.2, long.MaxValue, 3, 4, 0.000_000_000_1m, ["note", "注"]));

    private CandidateStore Candidates => Get<CandidateStore>();

    private LookStore Looks => Get<LookStore>();

    [Fact]
    public async Task AddAsync_TheSameAtOnce_IsThereAsItWasGiven()
    {
        await AtOnceAsync(() => Candidates.AddAsync(Candidate, Cancellation));

        Assert.Equivalent(Candidate, await Candidates.FindAsync("hash", Cancellation), strict: true);
        Assert.Null(await Candidates.FindAsync("other", Cancellation));
    }

    [Fact]
    public async Task TakeAsync_SetsOneAfterAnother_CountsTheOtherSetsBefore()
    {
        Assert.Equal(0, await Looks.TakeAsync("rows", ["a", "b"], Cancellation));
        Assert.Equal(1, await Looks.TakeAsync("rows", ["a", "c"], Cancellation));
        Assert.Equal(0, await Looks.TakeAsync("rows", ["b", "a"], Cancellation));
        Assert.Equal(0, await Looks.TakeAsync("other rows", ["a", "c"], Cancellation));
        Assert.Equal(2, await Looks.TakeAsync("rows", ["d"], Cancellation));
    }

    [Fact]
    public async Task TakeAsync_SetsAtOnce_AreNumberedWithoutGap()
    {
        var number = 0;
        var before = await AtOnceAsync(() => Looks.TakeAsync("rows", [$"set {Interlocked.Increment(ref number)}"], Cancellation));
        Assert.Equal(Enumerable.Range(0, before.Length), before.Order());
    }

    [Fact]
    public async Task Writes_OfAReplacedServer_ChangeNothing()
    {
        await SucceedAsync();
        await Assert.ThrowsAsync<FencedException>(() => Candidates.AddAsync(Candidate, Cancellation));
        await Assert.ThrowsAsync<FencedException>(() => Looks.TakeAsync("rows", ["a"], Cancellation));
        Assert.Null(await Candidates.FindAsync("hash", Cancellation));
    }

    protected override IServiceCollection AddStores(IServiceCollection services) =>
        services.AddSingleton<CandidateStore>().AddSingleton<LookStore>();
}
