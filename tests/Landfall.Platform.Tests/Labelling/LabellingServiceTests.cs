using Landfall.Platform.Access;
using Landfall.Platform.Datasets;
using Landfall.Platform.Labelling;
using Landfall.Platform.Runs;
using Landfall.Platform.Tests.Datasets;
using Landfall.Platform.Tests.Storage;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Labelling;

namespace Landfall.Platform.Tests.Labelling;

public sealed class SqliteLabellingServiceTests() : LabellingServiceTests(TestDatabase.Sqlite);

public sealed class PostgresLabellingServiceTests() : LabellingServiceTests(TestDatabase.Postgres);

public abstract class LabellingServiceTests(TestDatabase kind) : DatabaseTests(kind)
{
    private static readonly LabelSchema Schema = new() { Labels = [new("fruit"), new("animal")] };

    [Fact]
    public async Task ClaimAsync_TwoAnnotators_GetDifferentRowsUntilAClaimExpires()
    {
        await using var server = await DataServer.StartAsync(Folder, Address);
        var (service, id) = await BeginAsync(server, 2, overlap: 1);

        var first = (await service.ClaimAsync(id, "ada", CancellationToken.None))!.Item!;
        var second = (await service.ClaimAsync(id, "bob", CancellationToken.None))!.Item!;
        Assert.NotEqual(first.Row, second.Row);
        Assert.Null((await service.ClaimAsync(id, "cyd", CancellationToken.None))!.Item);
        Assert.Equal(first.Row, (await service.ClaimAsync(id, "ada", CancellationToken.None))!.Item!.Row);

        server.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.NotNull((await service.ClaimAsync(id, "cyd", CancellationToken.None))!.Item);
    }

    [Fact]
    public async Task ClaimAsync_ManyAtOnce_GivesNoRowTwice()
    {
        await using var server = await DataServer.StartAsync(Folder, Address);
        var (service, id) = await BeginAsync(server, 12, overlap: 1);
        var claims = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => service.ClaimAsync(id, $"annotator {i}", CancellationToken.None))));
        Assert.Equal(12, claims.Select(c => c!.Item!.Row).Distinct().Count());
    }

    [Fact]
    public async Task LabelAsync_TwoPerRow_TellsAgreementAndDisagreement()
    {
        await using var server = await DataServer.StartAsync(Folder, Address);
        var (service, id) = await BeginAsync(server, 2, overlap: 2);
        await LabelAsync(service, id, "ada", 0, "fruit");
        await LabelAsync(service, id, "bob", 0, "fruit");
        await LabelAsync(service, id, "ada", 1, "fruit");
        await LabelAsync(service, id, "bob", 1, "animal");
        await service.LabelAsync(id, new LabelRequest { Action = LabelAction.Skip, Row = 0, Annotator = "cyd" }, CancellationToken.None);

        var summary = (await service.FindAsync(id, CancellationToken.None))!;
        Assert.Equal((2, 1, 0.5), (summary.Done, summary.Disagreements, summary.Agreeing));
        Assert.Equal(new AnnotatorProgress("cyd", 0, 1, 0), summary.Annotators[2]);
        Assert.Contains(summary.Agreement, a => a is { Name: "krippendorff", Items: 2 });

        var disagreement = Assert.Single((await service.DisagreementsAsync(id, CancellationToken.None))!);
        Assert.Equal("animal", disagreement.Labels["bob"]);
        await service.LabelAsync(id, new LabelRequest { Action = LabelAction.Adjudicate, Row = 1, Values = ["animal"], Annotator = "lead" }, CancellationToken.None);
        var made = (await service.ExportAsync(id, keepUnlabelled: false, CancellationToken.None))!;
        var rows = await server.ReadAsync(made.Version);
        Assert.Equal(["fruit", "animal"], rows.Select(r => r.Expected));
        Assert.Equal(("ada, bob", "2026-11-24T12:00:00Z"), (rows[0].Fields["labelled_by"], rows[0].Fields["labelled_at"]));
        Assert.Equal("label", made.Lineage!.Made);
        Assert.Equal(6, (await service.HistoryAsync(id, CancellationToken.None))!.Count);
    }

    [Fact]
    public async Task LabelAsync_AnnotatorWhoLabelsNothing_IsListed()
    {
        await using var server = await DataServer.StartAsync(Folder, Address);
        var (service, id) = await BeginAsync(server, 2, overlap: 2);
        await service.ClaimAsync(id, "idle", CancellationToken.None);
        await LabelAsync(service, id, "ada", 0, "fruit");
        var summary = (await service.FindAsync(id, CancellationToken.None))!;
        Assert.Equal([new AnnotatorProgress("ada", 1, 0, 0), new AnnotatorProgress("idle", 0, 0, 0)], summary.Annotators);
        Assert.All(summary.Agreement, a => Assert.NotNull(a.WhyUndefined));
    }

    [Fact]
    public async Task LabelAsync_WhatDoesNotFit_IsRefusedAndNotKept()
    {
        await using var server = await DataServer.StartAsync(Folder, Address);
        var (service, id) = await BeginAsync(server, 2, overlap: 1);
        await AssertRefusedAsync(ErrorCodes.BadRequest, new LabelRequest { Row = 0, Values = ["stone"] });
        await AssertRefusedAsync(ErrorCodes.BadRequest, new LabelRequest { Row = 9, Values = ["fruit"] });
        await AssertRefusedAsync(ErrorCodes.BadRequest, new LabelRequest { Row = 0, Values = [] });
        await AssertRefusedAsync(ErrorCodes.Conflict, new LabelRequest { Action = LabelAction.Undo });
        await LabelAsync(service, id, "ada", 0, "fruit");
        await AssertRefusedAsync(ErrorCodes.Conflict, new LabelRequest { Row = 0, Values = ["fruit"], Annotator = "bob" });
        Assert.Single((await service.HistoryAsync(id, CancellationToken.None))!);

        async Task AssertRefusedAsync(string code, LabelRequest request) =>
            Assert.Equal(code, (await Assert.ThrowsAsync<RunFailedException>(() => service.LabelAsync(id, request, CancellationToken.None))).Code);
    }

    [Fact]
    public async Task ClaimAsync_EnoughLabels_AsksForTheMostUncertainRowFirst()
    {
        await using var server = await DataServer.StartAsync(Folder, Address);
        string[] fruits = ["apple", "pear", "plum", "cherry", "grape"], animals = ["horse", "sheep", "goat", "tiger", "mouse"];
        var rows = Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? $"{fruits[i / 2 % 5]} ripe sweet basket {Word(i)}" : $"{animals[i / 2 % 5]} furry wild paws {Word(i)}").ToList();
        rows.Add("ripe sweet basket beside furry wild paws");
        var dataset = await server.AddAsync("d", [.. rows.Select(text => CanonicalRow.Create(text, "", new Dictionary<string, string>()))]);
        var service = server.Get<LabellingService>();
        var id = (await service.BeginAsync(new LabellingRequest { Dataset = "d", Version = dataset.Version, Schema = Schema }, CancellationToken.None)).Id;
        await service.ClaimAsync(id, "bob", CancellationToken.None);
        for (var row = 0; row < 24; row++)
        {
            await LabelAsync(service, id, "ada", row, row % 2 == 0 ? "fruit" : "animal");
        }

        await service.TrainedAsync(id);
        Assert.Equal("uncertainty", (await service.FindAsync(id, CancellationToken.None))!.Order);
        Assert.Equal(40, (await service.ClaimAsync(id, "cyd", CancellationToken.None))!.Item!.Row);
    }

    [Fact]
    public async Task FindAsync_AnotherTeam_SeesNothing()
    {
        await using var server = await DataServer.StartAsync(Folder, Address);
        var (service, id) = await BeginAsync(server, 2, overlap: 1);
        using (Caller.Act(new Caller("others", "eve", Role.Admin)))
        {
            Assert.Null(await service.FindAsync(id, CancellationToken.None));
            Assert.Null(await service.ClaimAsync(id, "eve", CancellationToken.None));
            Assert.Empty(await service.ListAsync(CancellationToken.None));
        }
    }

    private static async Task<(LabellingService Service, string Id)> BeginAsync(DataServer server, int rows, int overlap)
    {
        var dataset = await server.AddAsync("d", [.. Enumerable.Range(0, rows).Select(i => CanonicalRow.Create($"{Word(i)} {Word(i + 100)} {Word(i + 200)}", "", new Dictionary<string, string>()))]);
        var service = server.Get<LabellingService>();
        var begun = await service.BeginAsync(new LabellingRequest { Dataset = "d", Version = dataset.Version, Schema = Schema, Overlap = overlap }, CancellationToken.None);
        Assert.Equal(["1", "2"], begun.Schema.Labels.Select(l => l.Key));
        return (service, begun.Id);
    }

    private static Task LabelAsync(LabellingService service, string id, string annotator, int row, string label) =>
        service.LabelAsync(id, new LabelRequest { Row = row, Values = [label], Annotator = annotator }, CancellationToken.None);

    private static string Word(int number)
    {
        var random = new Random(number);
        return string.Concat(Enumerable.Range(0, 7).Select(_ => (char)('a' + random.Next(26))));
    }
}
