using Landfall.Platform.Models;
using Landfall.Platform.Runs;
using Landfall.Platform.Storage;
using Landfall.Protocol.Models;
using Landfall.Protocol.Runs;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Landfall.Platform.Tests.Models;

/// <summary>The registry of models on a data folder of its own, without HTTP.</summary>
internal sealed class ModelsServer : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private ModelsServer(string folder, IModelReader? reader)
    {
        Folder = folder;
        var services = new ServiceCollection().AddLogging();
        if (reader is not null)
        {
            services.AddSingleton(reader);
        }

        services.AddStorage(folder).AddRuns(resumeInterrupted: false).AddModels(folder);
        _services = services.BuildServiceProvider();
    }

    public string Folder { get; }

    public ModelStore Models => Get<ModelStore>();

    public static async Task<ModelsServer> StartAsync(IModelReader? reader = null)
    {
        var server = new ModelsServer(Directory.CreateTempSubdirectory("landfall-models-").FullName, reader);
        await DatabaseStartup.ClaimAsync(server.Get<IDbContextFactory<LandfallDatabase>>(), server.Get<ServerFence>(), CancellationToken.None);
        return server;
    }

    /// <summary>A model of the inference engine's tests.</summary>
    public static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "Models", "Fixtures", name);

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Imports from a path.</summary>
    public async Task<(RunSummary Run, ModelSummary? Model)> ImportAsync(string name, string path, CancellationToken cancelled = default) =>
        await RunAsync(ModelImportRun.Name, name, new ModelImportInput(name, path, path, Files: null), cancelled);

    /// <summary>Carries out a run, or goes on with the unfinished one of the same key.</summary>
    public async Task<(RunSummary Run, ModelSummary? Model)> RunAsync(string kind, string key, object input, CancellationToken cancelled = default)
    {
        var run = await Get<RunStore>().JoinOrCreateAsync(kind, kind, app: null, $"{kind}/{key}", RunJson.ToElement(input), CancellationToken.None);
        await Get<RunExecutor>().ExecuteAsync(run.Id, () => { }, cancelled, CancellationToken.None);
        var found = (await Get<RunStore>().FindAsync(run.Id, CancellationToken.None))!.Value;
        return (found.Summary, found.Entity.ResultJson is { } json ? System.Text.Json.JsonDocument.Parse(json).RootElement.To<ModelSummary>() : null);
    }

    /// <summary>Weights that the store holds, wherever they are.</summary>
    public IReadOnlyList<string> Blobs() =>
        [.. Directory.EnumerateFiles(Path.Combine(Folder, "blobs"), "*", SearchOption.AllDirectories).Select(f => Path.GetFileName(f)!)];

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(Folder, recursive: true);
    }
}
