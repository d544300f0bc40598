using Landfall.Commands;
using Landfall.Protocol;

namespace Landfall.Tests.Commands;

/// <summary>What a command left behind.</summary>
internal sealed record Outcome(int ExitCode, string Out, string Error);

/// <summary>Runs commands against a fake server, in a folder of its own.</summary>
public abstract class CommandTest : IAsyncLifetime
{
    private DirectoryInfo _folder = null!;

    internal FakeServer Server { get; private set; } = null!;

    internal FakeHost Host { get; private set; } = null!;

    /// <summary>An empty folder for the test.</summary>
    protected string Folder => _folder.FullName;

    public async ValueTask InitializeAsync()
    {
        _folder = Directory.CreateTempSubdirectory("landfall-commands-");
        Server = await FakeServer.StartAsync();
        Host = new FakeHost(Server);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Runs a command line whose output is redirected.</summary>
    internal Task<Outcome> RunAsync(params string[] args) => RunAsync(input: null, CancellationToken.None, args);

    /// <summary>Runs a command line; with input it is interactive.</summary>
    internal async Task<Outcome> RunAsync(string? input, CancellationToken cancellation, params string[] args)
    {
        using var output = new Utf8Writer();
        using var error = new Utf8Writer();
        var console = new CommandConsole(output, error, new StringReader(input ?? ""), interactive: input is not null);
        var exitCode = await LandfallCommandLine.RunAsync(Host, ["--data", Path.Combine(Folder, "state"), .. args], console, TimeProvider.System, cancellation);
        return new Outcome(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>An app's folder with a brief and two data files.</summary>
    protected string MakeApp(string brief = "app: helpdesk\n")
    {
        var app = Path.Combine(Folder, "app");
        Directory.CreateDirectory(Path.Combine(app, "data"));
        File.WriteAllText(Path.Combine(app, "brief.yaml"), brief);
        File.WriteAllText(Path.Combine(app, "data", "train.jsonl"), """{"text":"a","label":"b"}""");
        File.WriteAllText(Path.Combine(app, "data", "test.jsonl"), """{"text":"c","label":"d"}""");
        return app;
    }

    private sealed class Utf8Writer : StringWriter
    {
        public override System.Text.Encoding Encoding => System.Text.Encoding.UTF8;
    }
}

/// <summary>Hands out sessions with the fake server.</summary>
internal sealed class FakeHost(FakeServer server) : ICommandHost
{
    public bool IsInProcess { get; set; }

    public Exception? ConnectFault { get; set; }

    public List<ServeOptions> Served { get; } = [];

    public int Closed { get; private set; }

    public bool WaitedForShutdown { get; private set; }

    public Task<IServerSession> ConnectAsync(ConnectOptions options, CancellationToken cancellation) =>
        ConnectFault is null ? Task.FromResult<IServerSession>(new Session(this, server)) : Task.FromException<IServerSession>(ConnectFault);

    public Task<int> ServeAsync(ServeOptions options, CancellationToken cancellation)
    {
        Served.Add(options);
        return Task.FromResult(ExitCodes.Ok);
    }

    public Task<int> WorkAsync(CancellationToken cancellation) => Task.FromResult(ExitCodes.Ok);

    private sealed class Session(FakeHost host, FakeServer server) : IServerSession
    {
        private readonly HttpClient _http = new() { BaseAddress = server.Url };

        public LandfallClient Client => new(_http);

        public Uri Url => server.Url;

        public bool IsInProcess => host.IsInProcess;

        public Task WaitForShutdownAsync(CancellationToken cancellation)
        {
            host.WaitedForShutdown = true;
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            host.Closed++;
            _http.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
