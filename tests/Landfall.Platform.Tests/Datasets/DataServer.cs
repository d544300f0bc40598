using Landfall.Platform.Datasets;
using Landfall.Platform.Labelling;
using Landfall.Platform.Runs;
using Landfall.Platform.Storage;
using Landfall.Protocol.Datasets;
using Landfall.Protocol.Runs;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Landfall.Platform.Tests.Datasets;

/// <summary>Datasets, their cleaning and labelling on a database, without HTTP.</summary>
internal sealed class DataServer : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private DataServer(string folder, string database)
    {
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(Clock);
        services.AddStorage(folder, database).AddRuns(resumeInterrupted: false).AddDatasets().AddLabelling();
        _services = services.BuildServiceProvider();
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    public static async Task<DataServer> StartAsync(string folder, string database)
    {
        var server = new DataServer(folder, database);
        await DatabaseStartup.ClaimAsync(server.Get<IDbContextFactory<LandfallDatabase>>(), server.Get<ServerFence>(), CancellationToken.None);
        return server;
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Keeps rows as a version of a dataset.</summary>
    public async Task<DatasetSummary> AddAsync(string name, params IReadOnlyList<Row> rows)
    {
        var summary = await Get<DatasetWriter>().WriteAsync(name, rows, new DatasetLineage { Made = "import", Parents = [], By = "test" }, CancellationToken.None);
        await Get<IDatasetStore>().AddAsync(summary, CancellationToken.None);
        return summary;
    }

    public async Task<List<Row>> ReadAsync(string version)
    {
        var rows = new List<Row>();
        await foreach (var row in Get<DatasetReader>().ReadAsync(version, CancellationToken.None))
        {
            rows.Add(row);
        }

        return rows;
    }

    /// <summary>Carries out a run of a kind.</summary>
    public async Task<(RunSummary Run, T? Result)> RunAsync<T>(string kind, object request)
        where T : class
    {
        var run = await Get<RunStore>().JoinOrCreateAsync(kind, kind, app: null, Guid.NewGuid().ToString(), RunJson.ToElement(request), CancellationToken.None);
        await Get<RunExecutor>().ExecuteAsync(run.Id, () => { }, CancellationToken.None, CancellationToken.None);
        var found = (await Get<RunStore>().FindAsync(run.Id, CancellationToken.None))!.Value;
        return (found.Summary, found.Entity.ResultJson is { } json ? System.Text.Json.JsonDocument.Parse(json).RootElement.To<T>() : null);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        SqliteConnection.ClearAllPools();
    }
}
