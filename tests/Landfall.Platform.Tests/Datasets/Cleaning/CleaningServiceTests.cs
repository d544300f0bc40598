using Landfall.Platform.Datasets;
using Landfall.Platform.Datasets.Cleaning;
using Landfall.Platform.Datasets.Splitting;
using Landfall.Platform.Runs;
using Landfall.Platform.Tests.Storage;
using Landfall.Protocol.Datasets;
using Landfall.Protocol.Runs;

namespace Landfall.Platform.Tests.Datasets.Cleaning;

public sealed class SqliteCleaningServiceTests() : CleaningServiceTests(TestDatabase.Sqlite);

public sealed class PostgresCleaningServiceTests() : CleaningServiceTests(TestDatabase.Postgres);

public abstract class CleaningServiceTests(TestDatabase kind) : DatabaseTests(kind)
{
    private static readonly Dictionary<string, string> NoFields = [];

    [Fact]
    public async Task Run_DirtyRows_ProposesAndChangesNothingUntilAccepted()
    {
        await using var server = await DataServer.StartAsync(Folder, Address);
        var (dataset, proposal) = await ProposeAsync(server);
        var service = server.Get<CleaningService>();

        Assert.Equal(["encoding", "duplicates", "pii", "language", "length", "labels"], proposal.Steps.Select(s => s.Step));
        await Assert.ThrowsAsync<RunFailedException>(() => service.ApplyAsync(proposal.Id, CancellationToken.None));
        Assert.Single(await server.Get<IDatasetStore>().ListAsync(CancellationToken.None));
        Assert.Equal(4, (await server.ReadAsync(dataset.Version)).Count);
    }

    [Fact]
    public async Task Decide_StepsAndSingleChanges_TheLastDecisionHolds()
    {
        await using var server = await DataServer.StartAsync(Folder, Address);
        var (dataset, proposal) = await ProposeAsync(server);
        var service = server.Get<CleaningService>();

        await service.DecideAsync(proposal.Id, new CleaningDecision { Verdict = CleaningVerdict.Accepted }, CancellationToken.None);
        var duplicate = Assert.Single((await service.PageAsync(proposal.Id, "duplicates", verdict: null, 0, 0, 10, CancellationToken.None))!.Changes);
        Assert.Equal((CleaningAction.Drop, 3, "local"), (duplicate.Action, (int)duplicate.Row, duplicate.By));
        var decided = await service.DecideAsync(proposal.Id, new CleaningDecision { Verdict = CleaningVerdict.Rejected, Change = duplicate.Number }, CancellationToken.None);
        Assert.Equal((0, 1), decided!.Steps.Where(s => s.Step == "duplicates").Select(s => (s.Accepted, s.Rejected)).Single());

        var made = (await service.ApplyAsync(proposal.Id, CancellationToken.None))!;
        var rows = await server.ReadAsync(made.Version);
        Assert.Equal(["My café router is broken", "mail [EMAIL] about it", "Where is my bill for the last month?", "where is my bill for the last month"], rows.Select(r => r.Text));
        Assert.Equal((dataset.Name, "clean", "local"), (made.Name, made.Lineage!.Made, made.Lineage.By));
        Assert.Equal([dataset.Version], made.Lineage.Parents);
        Assert.Contains("duplicates: 1 proposed, 0 accepted, 1 rejected.", made.Lineage.Notes);
        Assert.Equal(made.Version, (await service.FindAsync(proposal.Id, CancellationToken.None))!.AppliedVersion);
    }

    [Fact]
    public async Task Decide_WhatTheProposalDoesNotHave_IsRefused()
    {
        await using var server = await DataServer.StartAsync(Folder, Address);
        var (_, proposal) = await ProposeAsync(server);
        var service = server.Get<CleaningService>();
        foreach (var wrong in new[] { new CleaningDecision { Verdict = CleaningVerdict.Open, Change = 99 }, new CleaningDecision { Verdict = CleaningVerdict.Open, Step = "polish" }, new CleaningDecision { Verdict = CleaningVerdict.Open, MinConfidence = 2 } })
        {
            await Assert.ThrowsAsync<RunFailedException>(() => service.DecideAsync(proposal.Id, wrong, CancellationToken.None));
        }

        Assert.Null(await service.DecideAsync("no-such", new CleaningDecision { Verdict = CleaningVerdict.Open }, CancellationToken.None));
    }

    [Fact]
    public async Task Run_BothRewritingStepsOnOneValue_AreAppliedOneAfterTheOther()
    {
        await using var server = await DataServer.StartAsync(Folder, Address);
        var dataset = await server.AddAsync("d", CanonicalRow.Create("cafÃ© owner a@b.io", "x", NoFields));
        var (run, _) = await server.RunAsync<CleaningProposal>("cleaning", new CleaningRequest { Dataset = "d", Version = dataset.Version, Steps = ["encoding", "pii"] });
        var service = server.Get<CleaningService>();
        await service.DecideAsync(run.Id, new CleaningDecision { Verdict = CleaningVerdict.Accepted }, CancellationToken.None);
        var made = await service.ApplyAsync(run.Id, CancellationToken.None);
        Assert.Equal("café owner [EMAIL]", Assert.Single(await server.ReadAsync(made!.Version)).Text);
    }

    [Fact]
    public async Task Split_Run_WritesThePartsWithTheirLineage()
    {
        await using var server = await DataServer.StartAsync(Folder, Address);
        var dataset = await server.AddAsync("d", [.. Enumerable.Range(0, 50).Select(i => CanonicalRow.Create(string.Concat(Enumerable.Repeat((char)('a' + (i % 26)), 5 + i)), "x", NoFields))]);
        var (run, result) = await server.RunAsync<SplitResult>(SplitRun.Name, new SplitRequest { Dataset = "d", Version = dataset.Version, Test = 0.2, Validation = 0.1 });
        Assert.Equal(RunState.Completed, run.State);
        Assert.Equal(["d/train", "d/validation", "d/test"], result!.Parts.Select(p => p.Name));
        Assert.Equal(50, result.Parts.Sum(p => p.Rows));
        Assert.All(result.Parts, p => Assert.Equal([dataset.Version], p.Lineage!.Parents));
    }

    private static async Task<(DatasetSummary Dataset, CleaningProposal Proposal)> ProposeAsync(DataServer server)
    {
        var dataset = await server.AddAsync(
            "d",
            CanonicalRow.Create("My cafÃ© router is broken", "x", NoFields),
            CanonicalRow.Create("mail anna@example.com about it", "y", NoFields),
            CanonicalRow.Create("Where is my bill for the last month?", "x", NoFields),
            CanonicalRow.Create("where is my bill for the last month", "x", NoFields));
        var (run, proposal) = await server.RunAsync<CleaningProposal>("cleaning", new CleaningRequest { Dataset = "d", Version = dataset.Version });
        Assert.True(run.State == RunState.Completed, run.Error);
        return (dataset, proposal!);
    }
}
