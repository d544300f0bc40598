using Landfall.Commands;
using Landfall.Platform.Models;
using Landfall.Platform.Storage;
using Landfall.Protocol;
using Landfall.Protocol.Servers;
using Landfall.Training.Worker;

namespace Landfall.Hosting;

/// <summary>Gives commands a server: the one that runs on the data folder, or one of their own.</summary>
internal sealed class CommandHost : ICommandHost
{
    private const string FreeUrl = "http://127.0.0.1:0";
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan StartingTime = TimeSpan.FromSeconds(10);

    public async Task<IServerSession> ConnectAsync(ConnectOptions options, CancellationToken cancellation)
    {
        var dataFolder = options.DataFolder;
        var deadline = Environment.TickCount64 + (long)StartingTime.TotalMilliseconds;
        while (true)
        {
            if (await FindAsync(dataFolder, cancellation) is { } running)
            {
                return new RemoteSession(ClientOf(running.Url, options, ServerFile.ReadSecret(dataFolder)));
            }

            try
            {
                var place = options.Place;
                var server = await StartAsync(new LandfallServerOptions(dataFolder, FreeUrl, TakeOver: false, IsService: false, place.Database, place.DatabaseWait) { Models = OptionsOf(place.Models) }, cancellation);
                return new InProcessSession(server, ClientOf(server.Info.Url, options, server.LocalSecret));
            }
            catch (DataFolderInUseException) when (Environment.TickCount64 < deadline)
            {
                // A server that is just starting, or just ending, holds the lock and does not answer.
                await Task.Delay(200, cancellation);
            }
            catch (DataFolderInUseException)
            {
                throw InUse(dataFolder);
            }
        }
    }

    public async Task<int> ServeAsync(ServeOptions options, CancellationToken cancellation)
    {
        var folder = options.Place.DataFolder;
        if (!options.TakeOver && await FindAsync(folder, cancellation) is { } running)
        {
            throw new CommandException(
                ExitCodes.ServerTrouble, $"A server already runs on the data folder {folder}: {running.Url} (process {running.ProcessId}). Stop it first, give another folder with --data, or replace it with --take-over.");
        }

        LandfallServer server;
        try
        {
            server = await StartAsync(new LandfallServerOptions(folder, options.Urls, options.TakeOver, IsService: true, options.Place.Database, options.Place.DatabaseWait) { Models = OptionsOf(options.Place.Models) }, cancellation);
        }
        catch (DataFolderInUseException)
        {
            throw InUse(folder);
        }

        await using (server)
        {
            await System.Console.Error.WriteLineAsync($"Landfall {LandfallServer.Version} serves {folder} on {server.Info.Url} (console: /, OpenAI-compatible: /v1). Ctrl-C ends it.");
            if (await server.OfferFirstAdminAsync(cancellation) is { } link)
            {
                await System.Console.Error.WriteLineAsync($"Nobody else is let in yet. To have users, make the first admin within 24 hours, once: {link}");
            }

            await server.WaitForShutdownAsync(cancellation);
            return server.WasFenced ? ExitCodes.ServerTrouble : ExitCodes.Ok;
        }
    }

    public async Task<int> WorkAsync(CancellationToken cancellation)
    {
        // Events alone go to standard output: what libraries print there would not be understood.
        using var output = System.Console.OpenStandardOutput();
        System.Console.SetOut(System.Console.Error);
        using var input = System.Console.OpenStandardInput();
        if (!await new TrainingWorker(input, output).RunAsync(cancellation))
        {
            // libtorch still computes a step: its threads must not see the process take its memory apart.
            await System.Console.Error.WriteLineAsync("The step that was under way is left undone.");
            using var process = System.Diagnostics.Process.GetCurrentProcess();
            process.Kill();
        }

        return ExitCodes.Ok;
    }

    /// <summary>The server that runs on the folder and answers, or null.</summary>
    private static async Task<ServerInfo?> FindAsync(string dataFolder, CancellationToken cancellation)
    {
        if (ServerFile.Read(dataFolder) is not { } noted)
        {
            return null;
        }

        using var http = ClientOf(noted.Url, new ConnectOptions(dataFolder), ServerFile.ReadSecret(dataFolder));
        http.Timeout = AnswerTime;
        try
        {
            var answered = await new LandfallClient(http).GetServerAsync(cancellation);
            return answered.Epoch == noted.Epoch && answered.ProcessId == noted.ProcessId ? answered : null;
        }
        catch (Exception error) when (error is HttpRequestException or Protocol.Errors.LandfallApiException or TaskCanceledException or System.Text.Json.JsonException && !cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Speaks with the key that was given, or as the owner of the data folder.</summary>
    private static HttpClient ClientOf(string url, ConnectOptions options, string? secret)
    {
        var http = new HttpClient { BaseAddress = new Uri(url + "/"), Timeout = Timeout.InfiniteTimeSpan };
        if ((options.ApiKey ?? secret) is { } token)
        {
            http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        }

        if (options.Team is { } team)
        {
            http.DefaultRequestHeaders.TryAddWithoutValidation(Platform.Access.Authenticator.TeamHeader, team);
        }

        return http;
    }

    private static async Task<LandfallServer> StartAsync(LandfallServerOptions options, CancellationToken cancellation)
    {
        try
        {
            return await LandfallServer.StartAsync(options, cancellation);
        }
        catch (DatabaseAddressException error)
        {
            throw new CommandException(ExitCodes.Usage, error.Message, error);
        }
        catch (Exception error) when (error is not (OperationCanceledException or DataFolderInUseException or CommandException))
        {
            var reason = error switch
            {
                _ when DiskSpace.IsExhausted(error) => DiskSpace.Message,
                _ when DatabaseOutage.Is(error) => DatabaseOutage.Describe(error) + " Is it running, and is --database right?",
                _ => error.Message,
            };
            throw new CommandException(ExitCodes.ServerTrouble, $"No server can be started on the data folder {options.DataFolder}: {reason}", error);
        }
    }

    private static ModelHostOptions OptionsOf(ModelLimits limits)
    {
        var standard = new ModelHostOptions();
        return standard with
        {
            Threads = limits.Threads ?? standard.Threads,
            MemoryBytes = limits.MemoryBytes ?? standard.MemoryBytes,
            MaxModels = limits.Count ?? standard.MaxModels,
            ContextLength = limits.ContextLength ?? standard.ContextLength,
            CacheBytes = limits.CacheBytes ?? standard.CacheBytes,
            MaxAnswers = limits.Answers ?? standard.MaxAnswers,
            QueueLength = limits.Queue ?? standard.QueueLength,
        };
    }

    private static CommandException InUse(string dataFolder)
    {
        var holder = ServerFile.Read(dataFolder) is { } noted ? $" (process {noted.ProcessId}, {noted.Url})" : "";
        return new CommandException(
            ExitCodes.ServerTrouble,
            $"Another server holds the data folder {dataFolder}{holder} and does not answer. End that process, give another folder with --data, or replace it with 'landfall serve --take-over'.");
    }

    private sealed class RemoteSession(HttpClient http) : IServerSession
    {
        public LandfallClient Client => new(http);

        public Uri Url => http.BaseAddress!;

        public bool IsInProcess => false;

        public async Task WaitForShutdownAsync(CancellationToken cancellation) =>
            await Task.Delay(Timeout.Infinite, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        public ValueTask DisposeAsync()
        {
            http.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class InProcessSession(LandfallServer server, HttpClient http) : IServerSession
    {
        public LandfallClient Client => new(http);

        public Uri Url => new(server.Info.Url);

        public bool IsInProcess => true;

        public Task WaitForShutdownAsync(CancellationToken cancellation) => server.WaitForShutdownAsync(cancellation);

        public async ValueTask DisposeAsync()
        {
            http.Dispose();
            await server.DisposeAsync();
        }
    }
}
