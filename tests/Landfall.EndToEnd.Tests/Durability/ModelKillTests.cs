using System.Diagnostics;
using System.Security.Cryptography;
using Landfall.Protocol;
using Landfall.Protocol.Models;
using Landfall.Protocol.Runs;

namespace Landfall.EndToEnd.Durability;

/// <summary>A server that is killed while it imports or quantises a model makes the same model when it is there again.</summary>
[Collection("Durability")]
public sealed class ModelKillTests
{
    private const string Imported = "tiny";
    private const string Quantised = "tiny-q8";
    private const string Type = "q8_0";
    private static readonly string Source = RepositoryRoot.PathOf("tests", "Landfall.Inference.Tests", "Fixtures", "tiny");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ImportAndQuantise_ServerKilledAtRandomMoments_EndWithTheSameModels()
    {
        var kills = Soak.Count("LANDFALL_SOAK_MODEL_KILLS", everyDay: 4);
        var random = new Random(Soak.Seed);
        using var folder = new TemporaryFolder();
        var data = folder.PathOf("data");
        var (done, identical, hits) = (0, 0, 0);
        var (server, client) = await ServeAsync(data);
        try
        {
            var importTime = await TimeAsync(client, Import);
            var quantiseTime = await TimeAsync(client, Quantise);
            var undisturbed = await ModelsAsync(client);
            while (done < kills)
            {
                await client.RemoveModelAsync(Quantised, Cancellation);
                await client.RemoveModelAsync(Imported, Cancellation);
                foreach (var (ask, time) in new[] { (Import, importTime), ((Func<LandfallClient, Task<RunSummary>>)Quantise, quantiseTime) })
                {
                    var run = await ask(client);
                    await Task.Delay(time * random.NextDouble(), Cancellation);
                    await server.KillAsync(Cancellation);
                    await server.DisposeAsync();
                    (server, client) = await ServeAsync(data);
                    hits += (await CompletedAsync(client, run)).Epoch > 1 ? 1 : 0;
                    done++;
                }

                identical += await ModelsAsync(client) == undisturbed ? 2 : 0;
                AssertNothingIsLeftOver(data);
            }
        }
        finally
        {
            await server.DisposeAsync();
        }

        Soak.Say($"models: {identical} of {done} identical after kills ({hits} hit a run at work, seed {Soak.Seed})");
        Assert.Equal(done, identical);
    }

    private static async Task<(LandfallProcess Server, LandfallClient Client)> ServeAsync(string data)
    {
        var (server, info) = await LandfallProcess.ServeAsync(data, Cancellation);
        return (server, new LandfallClient(new HttpClient { BaseAddress = new Uri(info.Url + "/") }));
    }

    /// <summary>How long a run takes when nobody disturbs it.</summary>
    private static async Task<TimeSpan> TimeAsync(LandfallClient client, Func<LandfallClient, Task<RunSummary>> ask)
    {
        var run = await ask(client);
        var time = Stopwatch.StartNew();
        await CompletedAsync(client, run);
        return time.Elapsed;
    }

    private static Task<RunSummary> Import(LandfallClient client) => client.ImportModelPathAsync(new ImportModelPathRequest { Name = Imported, Path = Source }, Cancellation);

    private static Task<RunSummary> Quantise(LandfallClient client) => client.QuantiseModelAsync(Imported, new QuantiseModelRequest { Name = Quantised, Type = Type }, Cancellation);

    private static async Task<RunSummary> CompletedAsync(LandfallClient client, RunSummary run)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        while (run.State is not (RunState.Completed or RunState.Failed or RunState.Cancelled))
        {
            await Task.Delay(10, patience.Token);
            run = (await client.GetRunAsync(run.Id, patience.Token)).Run;
        }

        Assert.True(run.State == RunState.Completed, $"{run.Kind} is {run.State}: {run.Error}");
        return run;
    }

    /// <summary>All models: their names, content, files and where they came from.</summary>
    private static async Task<string> ModelsAsync(LandfallClient client)
    {
        var models = await client.GetModelsAsync(Cancellation);
        Assert.Equal([Imported, Quantised], models.Select(m => m.Name));
        return string.Join('\n', models.Select(m => $"{m.Name} {m.Hash} {string.Join(", ", m.Files)} {m.Lineage}"));
    }

    /// <summary>Every blob is what its name says; no half-made folder, and nothing in the folders for work.</summary>
    private static void AssertNothingIsLeftOver(string data)
    {
        foreach (var blob in Directory.EnumerateFiles(Path.Combine(data, "blobs"), "*", SearchOption.AllDirectories))
        {
            Assert.Equal(Path.GetFileName(blob), Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(blob))));
        }

        var models = Directory.EnumerateDirectories(Path.Combine(data, "models")).Select(f => Path.GetFileName(f)).ToList();
        Assert.All(models, name => Assert.True(name == "work" || (name.Length == 64 && name.All(char.IsAsciiHexDigitLower)), name));
        var work = Path.Combine(data, "models", "work");
        Assert.Empty(Directory.Exists(work) ? Directory.EnumerateFileSystemEntries(work) : []);
    }
}
