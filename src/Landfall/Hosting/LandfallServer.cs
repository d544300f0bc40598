using System.Net;
using System.Net.Sockets;
using System.Reflection;
using Landfall.Console;
using Landfall.Platform.Access;
using Landfall.Platform.Apps;
using Landfall.Platform.Briefs;
using Landfall.Platform.Candidates;
using Landfall.Platform.Datasets;
using Landfall.Platform.Drafts;
using Landfall.Platform.Endpoints;
using Landfall.Platform.Evaluation;
using Landfall.Platform.Gateway;
using Landfall.Platform.Hosting;
using Landfall.Platform.Labelling;
using Landfall.Platform.Landings;
using Landfall.Platform.Models;
using Landfall.Platform.Prompts;
using Landfall.Platform.Releases;
using Landfall.Platform.Runs;
using Landfall.Platform.Search;
using Landfall.Platform.Storage;
using Landfall.Platform.Training;
using Landfall.Protocol;
using Landfall.Protocol.Servers;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;

namespace Landfall.Hosting;

/// <summary>How a server is started.</summary>
/// <param name="DataFolder">The full path of the data folder.</param>
/// <param name="Urls">Addresses to listen on, separated by semicolons; port 0 takes a free one.</param>
/// <param name="TakeOver">Fence off the present owner of the data folder.</param>
/// <param name="IsService">Whether it is <c>serve</c> (resumes runs, logs what it does) or a command's own host.</param>
/// <param name="Database">The database's address. A password may be in it: it is never printed.</param>
/// <param name="DatabaseWait">How long runs wait for a database that has gone away.</param>
internal sealed record LandfallServerOptions(
    string DataFolder, string Urls, bool TakeOver, bool IsService, string Database = DatabaseAddress.Sqlite, TimeSpan? DatabaseWait = null)
{
    /// <summary>How much of the machine local models may take.</summary>
    public ModelHostOptions Models { get; init; } = new();

    public override string ToString() => $"{DataFolder} on {Urls}";
}

/// <summary>The composition root: gateway, API, console and runs in one process.</summary>
internal sealed class LandfallServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly DataFolderLock _lock;
    private readonly IAsyncDisposable _hold;
    private readonly LandfallServerOptions _options;

    private LandfallServer(WebApplication app, DataFolderLock dataLock, IAsyncDisposable hold, LandfallServerOptions options, ServerInfo info) =>
        (_app, _lock, _hold, _options, Info) = (app, dataLock, hold, options, info);

    public ServerInfo Info { get; }

    /// <summary>What the server is made of.</summary>
    internal IServiceProvider Services => _app.Services;

    /// <summary>Whether another server has taken the data folder over.</summary>
    public bool WasFenced => _app.Services.GetRequiredService<ServerFence>().Lost.IsCompleted;

    public static string Version { get; } =
        typeof(LandfallServer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Takes the data folder, brings the database up to date, and listens.</summary>
    /// <exception cref="DataFolderInUseException">Another process holds the data folder.</exception>
    /// <exception cref="DatabaseInUseException">A server of another data folder holds the database.</exception>
    public static async Task<LandfallServer> StartAsync(LandfallServerOptions options, CancellationToken cancellation)
    {
        ListenAddresses.EnsureFree(options.Urls);
        var dataLock = DataFolderLock.Acquire(options.DataFolder, options.TakeOver);
        WebApplication? app = null;
        IAsyncDisposable? hold = null;
        try
        {
            app = Build(options);
            var fence = app.Services.GetRequiredService<ServerFence>();
            hold = await app.Services.GetRequiredService<DatabaseConnections>().HoldAsync(options.TakeOver, cancellation);
            await DatabaseStartup.ClaimAsync(app.Services.GetRequiredService<IDbContextFactory<LandfallDatabase>>(), fence, cancellation);
            await app.StartAsync(cancellation);
            var url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            var info = new ServerInfo(LocalUrl(url), Environment.ProcessId, Version, fence.Epoch, app.Services.GetRequiredService<TimeProvider>().GetUtcNow());
            app.Services.GetRequiredService<ServerIdentity>().Info = info;
            ServerFile.Write(options.DataFolder, info, app.Services.GetRequiredService<ServerSecrets>().Local);
            StopWhenFenced(app, fence);
            return new LandfallServer(app, dataLock, hold, options, info);
        }
        catch
        {
            if (hold is not null)
            {
                await hold.DisposeAsync();
            }

            if (app is not null)
            {
                await app.DisposeAsync();
            }

            dataLock.Dispose();
            throw;
        }
    }

    /// <summary>What the owner of the data folder sends as a bearer token.</summary>
    public string LocalSecret => Services.GetRequiredService<ServerSecrets>().Local;

    /// <summary>A link that makes the first user, good once; null when there are users.</summary>
    public async Task<string?> OfferFirstAdminAsync(CancellationToken cancellation) =>
        await Services.GetRequiredService<SignIn>().OfferFirstAdminAsync(cancellation) is { } code ? $"{Info.Url}/welcome?code={code}" : null;

    public Task WaitForShutdownAsync(CancellationToken cancellation) => _app.WaitForShutdownAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _app.StopAsync();
            await _hold.DisposeAsync();
            await _app.DisposeAsync();
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            ServerFile.Remove(_options.DataFolder, Info.Epoch);
            _lock.Dispose();
        }
    }

    private static WebApplication Build(LandfallServerOptions options)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            // Not the caller's folder: settings and static files lie beside the program.
            ContentRootPath = AppContext.BaseDirectory,
            ApplicationName = typeof(LandfallServer).Assembly.GetName().Name,
        });
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.UseUrls(options.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.SetMinimumLevel(options.IsService ? LogLevel.Information : LogLevel.Error);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Orleans", LogLevel.Error).AddFilter("Polly", LogLevel.Warning)
            // It warns that its key is not encrypted; the data folder, where it lies, is its owner's alone.
            .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error)
            // What the database refuses comes back as an exception, which is told once, by whoever it concerns.
            .AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Critical).AddFilter("Npgsql", LogLevel.Critical);
        builder.Host.UseOrleans(ConfigureSilo);
        AddServices(builder.Services, options);
        var app = builder.Build();
        MapEverything(app);
        return app;
    }

    /// <summary>One silo in one process: loopback, a free port, no gateway for outside clients.</summary>
    private static void ConfigureSilo(ISiloBuilder silo)
    {
        var id = Guid.NewGuid().ToString("n");
        silo.UseLocalhostClustering(siloPort: FreePort(), gatewayPort: 0, serviceId: "landfall", clusterId: id);
    }

    private static void AddServices(IServiceCollection services, LandfallServerOptions options)
    {
        services.AddSingleton<ServerIdentity>();

        // The command line ends a server on Ctrl-C; the host's own handler would get ahead of it.
        services.AddSingleton<IHostLifetime, CommandLifetime>();
        services.AddProblemDetails();
        services.AddExceptionHandler<ApiExceptionHandler>();
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, LandfallJsonContext.Default);
            json.SerializerOptions.RespectNullableAnnotations = true;
        });

        // Otherwise a malformed body is answered by a bare 400 outside of development.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddOpenApi(document => document.DescribeAccess());
        services.AddAccess().AddStorage(options.DataFolder, options.Database, options.DatabaseWait).AddEndpoints(options.DataFolder).AddModels(options.DataFolder, options.Models).AddTraining(TrainingOf(options)).AddRuns(options.IsService)
            .AddBriefs().AddDatasets().AddLabelling().AddEvaluation().AddCandidates().AddPrompts().AddLandings().AddSearch().AddReleases().AddApps().AddDrafts().AddGateway();
        services.AddConsole(provider => new LandfallClient(new HttpClient(ConsoleCredentials.For(provider))
        {
            BaseAddress = new Uri(provider.GetRequiredService<ServerIdentity>().Info!.Url + "/"),
            Timeout = Timeout.InfiniteTimeSpan,
        }));
    }

    private static TrainingOptions TrainingOf(LandfallServerOptions options) => new()
    {
        Worker = WorkerProgram.Command(Environment.ProcessPath, AppContext.BaseDirectory),
        Folder = Path.Combine(options.DataFolder, "training"),
        DefaultBase = WorkerProgram.DefaultBase,
    };

    private static void MapEverything(WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseErrorBodies();
        app.UseAccess();
        app.MapOpenApi().Requires(Role.Viewer);
        app.MapGet("/api/server", (ServerIdentity identity) => identity.Info).WithName("GetServer").WithSummary("Who answers.").WithTags("Server")
            .Requires(Role.Viewer);
        app.MapBlobs().MapRuns().MapBriefs().MapDatasets().MapLabellings().MapLandings().MapSearches().MapApps().MapDrafts().MapReleases().MapGateway().MapEndpoints().MapModels().MapPrompts().MapAccess().MapSessionForms();
        app.MapConsole(pages => pages.Requires(Role.Viewer));
    }

    /// <summary>A server that has been replaced ends by itself.</summary>
    private static void StopWhenFenced(WebApplication app, ServerFence fence) => _ = fence.Lost.ContinueWith(
        _ =>
        {
            app.Logger.LogTakenOver();
            app.Lifetime.StopApplication();
        },
        TaskScheduler.Default);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The address for callers on this machine: a server that listens everywhere is reached over loopback.</summary>
    private static string LocalUrl(string address)
    {
        var url = new UriBuilder(address.Replace("://+", "://0.0.0.0", StringComparison.Ordinal).Replace("://*", "://0.0.0.0", StringComparison.Ordinal));
        if (IPAddress.TryParse(url.Host.Trim('[', ']'), out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)))
        {
            url.Host = "127.0.0.1";
        }

        return url.Uri.GetLeftPart(UriPartial.Authority);
    }

    /// <summary>A life that the command decides on.</summary>
    private sealed class CommandLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>What <c>GET /api/server</c> says; set once the address is known.</summary>
    private sealed class ServerIdentity
    {
        public ServerInfo? Info { get; set; }
    }
}

internal static partial class HostingLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Another server has taken this data folder over. This one stops and writes nothing more.")]
    public static partial void LogTakenOver(this ILogger logger);
}
