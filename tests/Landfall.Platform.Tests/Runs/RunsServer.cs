using System.Text.Json;
using Landfall.Platform.Runs;
using Landfall.Platform.Storage;
using Landfall.Protocol.Runs;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Landfall.Platform.Tests.Runs;

/// <summary>The storage and runs of one server on a data folder. A second one on the same folder is its successor.</summary>
internal sealed class RunsServer : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly ScriptedKind _kind = new();

    private RunsServer(string folder, string? database, TimeSpan? patience)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddStorage(folder, database, patience).AddRuns(resumeInterrupted: false).AddSingleton<IRunKind>(_kind);
        _services = services.BuildServiceProvider();
    }

    public RunJournal Journal => Get<RunJournal>();

    public RunStore Store => Get<RunStore>();

    public RunFeed Feed => Get<RunFeed>();

    public ServerFence Fence => Get<ServerFence>();

    public static async Task<RunsServer> StartAsync(string folder, string? database = null, TimeSpan? patience = null)
    {
        var server = new RunsServer(folder, database, patience);
        await DatabaseStartup.ClaimAsync(server.Get<IDbContextFactory<LandfallDatabase>>(), server.Fence, CancellationToken.None);
        return server;
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public async Task<string> CreateRunAsync(string request = "request") =>
        (await Store.JoinOrCreateAsync(ScriptedKind.Name, "a run", app: null, request, RunJson.ToElement(new { }), CancellationToken.None)).Id;

    /// <summary>Carries the run as far as the script lets it.</summary>
    public async Task<RunSummary> ExecuteAsync(string run, Func<RunContext, CancellationToken, Task<int>> script, CancellationToken cancelled = default, CancellationToken shutdown = default)
    {
        _kind.Script = script;
        await Get<RunExecutor>().ExecuteAsync(run, () => { }, cancelled, shutdown);
        return (await Store.FindAsync(run, CancellationToken.None))!.Value.Summary;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        SqliteConnection.ClearAllPools();
    }

    private sealed class ScriptedKind : IRunKind
    {
        public const string Name = "scripted";

        public string Kind => Name;

        public Func<RunContext, CancellationToken, Task<int>> Script { get; set; } = (_, _) => Task.FromResult(0);

        public async Task<JsonElement> ExecuteAsync(RunContext run, JsonElement input, CancellationToken cancellation) =>
            RunJson.ToElement(await Script(run, cancellation));
    }
}
