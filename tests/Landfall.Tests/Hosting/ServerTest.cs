using System.Security.Cryptography;
using System.Text.Json;
using Landfall.Hosting;
using Landfall.Protocol;
using Landfall.Protocol.Briefs;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Landings;
using Landfall.Protocol.Reports;
using Landfall.Protocol.Runs;
using Microsoft.Data.Sqlite;

namespace Landfall.Tests.Hosting;

/// <summary>A real server on a data folder of its own.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly LandfallServer _server;
    private readonly string _folder;

    private RunningServer(LandfallServer server, string folder)
    {
        (_server, _folder) = (server, folder);
        Http = new HttpClient { BaseAddress = new Uri(server.Info.Url + "/"), Timeout = TimeSpan.FromMinutes(5) };
    }

    public HttpClient Http { get; }

    public IServiceProvider Services => _server.Services;

    public LandfallClient Client => new(Http);

    public string Folder => _folder;

    public static async Task<RunningServer> StartAsync(string? folder = null, string database = "sqlite")
    {
        folder ??= Directory.CreateTempSubdirectory("landfall-server-").FullName;
        return new RunningServer(await LandfallServer.StartAsync(new LandfallServerOptions(folder, "http://127.0.0.1:0", TakeOver: false, IsService: false, database), CancellationToken.None), folder);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Uploads the files and makes the request.</summary>
    public async Task<LandingRequest> RequestAsync(AppFiles app, string origin = "here")
    {
        var files = new Dictionary<string, FileReference>(StringComparer.Ordinal);
        foreach (var (path, content) in app.Files)
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(content));
            await Client.PutBlobAsync(hash, new MemoryStream(content));
            files[path] = new FileReference(FileState.Present, hash, content.Length);
        }

        return new LandingRequest { Brief = new BriefSource { Text = app.Brief, Files = files }, Origin = origin };
    }

    /// <summary>Starts the landing and follows it to its end.</summary>
    public async Task<RunSummary> RunAsync(LandingRequest request) => await EndAsync((await Client.LandAsync(request)).Id);

    public async Task<RunSummary> EndAsync(string run)
    {
        await foreach (var next in Client.FollowRunAsync(run))
        {
            if (next.Run is { State: RunState.Completed or RunState.Failed or RunState.Cancelled } ended)
            {
                return ended;
            }
        }

        return (await Client.GetRunAsync(run)).Run;
    }

    public async Task<LandingResult> LandAsync(LandingRequest request)
    {
        var run = await RunAsync(request);
        Assert.True(run.State == RunState.Completed, run.Error);
        return (await Client.GetRunAsync(run.Id)).Result!.Value.Deserialize(LandfallJsonContext.Default.LandingResult)!;
    }

    public async Task<Report> LandAsync(AppFiles app) => (await LandAsync(await RequestAsync(app))).Report;

    public async Task<LandfallApiException> RefusedAsync(LandingRequest request, int status, string code)
    {
        var refused = await Assert.ThrowsAsync<LandfallApiException>(() => Client.LandAsync(request));
        Assert.Equal((status, code), (refused.Problem.Status, refused.Code));
        return refused;
    }

    /// <summary>All files of the data folder as they are on disk now.</summary>
    public async Task<IReadOnlyList<(string Name, byte[] Content)>> ReadDataFolderAsync()
    {
        var files = new List<(string, byte[])>();
        foreach (var path in Directory.GetFiles(_folder, "*", SearchOption.AllDirectories).Where(p => Path.GetFileName(p) != "lock"))
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            await using (file)
            {
                using var content = new MemoryStream();
                await file.CopyToAsync(content);
                files.Add((Path.GetRelativePath(_folder, path), content.ToArray()));
            }
        }

        return files;
    }

    /// <summary>A number out of the database.</summary>
    public long Count(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder, "landfall.db")};Pooling=False;Default Timeout=30");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}

/// <summary>Tests that share one server per class; each takes app names of its own.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    internal RunningServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await RunningServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
