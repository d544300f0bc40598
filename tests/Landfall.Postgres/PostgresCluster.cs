using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Landfall.Postgres;

/// <summary>
/// A PostgreSQL server made for tests in a temporary folder, on a free port, that can be stopped and started. Its
/// programs are Debian's, or those in the folder that <c>LANDFALL_POSTGRES</c> names.
/// </summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    /// <summary>Why a test is skipped.</summary>
    public const string NotInstalled = "PostgreSQL is not installed: apt-get install -y postgresql, or name the folder of its programs in LANDFALL_POSTGRES.";

    /// <summary>The password of the user <see cref="User"/>: with characters that an address has to escape.</summary>
    public const string Password = "pass/word:with@all%";

    public const string User = "landfall";

    private static readonly string? Programs = FindPrograms();
    private static readonly Lazy<Task<PostgresCluster>> Shared = new(StartAsync);
    private readonly string _folder;
    private int _databases;

    private PostgresCluster(string folder, int port) => (_folder, Port) = (folder, port);

    public static bool IsInstalled => Programs is not null;

    public int Port { get; }

    private string Data => Path.Combine(_folder, "data");

    /// <summary>The server that all tests of this process share; <see cref="SharedPostgres"/> ends it.</summary>
    public static Task<PostgresCluster> SharedAsync() => Shared.Value;

    /// <summary>Ends the shared server where one was started.</summary>
    internal static async ValueTask EndSharedAsync()
    {
        if (Shared.IsValueCreated)
        {
            await (await Shared.Value).DisposeAsync();
        }
    }

    /// <summary>Makes and starts a server.</summary>
    public static async Task<PostgresCluster> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("landfall-postgres-").FullName;
        var cluster = new PostgresCluster(folder, FreePort());
        var password = Path.Combine(folder, "password");
        await File.WriteAllTextAsync(password, Password);
        if (Environment.IsPrivilegedProcess)
        {
            // The server refuses to run as root.
            await RunAsync("chown", ["-R", SystemUser, folder]);
        }

        await cluster.ProgramAsync("initdb", "-D", cluster.Data, "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256", "--username=" + User, "--pwfile=" + password);
        await cluster.ResumeAsync();
        return cluster;
    }

    /// <summary>Makes an empty database.</summary>
    /// <returns>Its address, as <c>--database</c> takes it.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _databases)}");
        await ProgramAsync("createdb", "-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-U", User, name);
        return $"postgres://{User}:{Uri.EscapeDataString(Password)}@127.0.0.1:{Port}/{name}";
    }

    /// <summary>Starts the server after <see cref="StopAsync"/>, on the same port, and waits until it answers.</summary>
    public Task ResumeAsync() => ProgramAsync(
        "pg_ctl", "start", "-w", "-D", Data, "-l", Path.Combine(_folder, "log"), "-o", $"-p {Port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={_folder} -c max_connections=200");

    /// <summary>Ends the server and its connections, without a word to those who are connected, as a crash does.</summary>
    public Task StopAsync() => ProgramAsync("pg_ctl", "stop", "-w", "-m", "immediate", "-D", Data);

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid")))
        {
            await StopAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static string SystemUser { get; } = File.ReadLines("/etc/passwd").Any(l => l.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";

    private static string? FindPrograms()
    {
        var named = Environment.GetEnvironmentVariable("LANDFALL_POSTGRES");
        string[] versions = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [];
        return versions.Select(v => Path.Combine(v, "bin")).OrderDescending(StringComparer.Ordinal).Prepend(named)
            .FirstOrDefault(f => f is not null && File.Exists(Path.Combine(f, "initdb")));
    }

    private Task ProgramAsync(string program, params string[] arguments)
    {
        var path = Path.Combine(Programs ?? throw new InvalidOperationException(NotInstalled), program);
        return Environment.IsPrivilegedProcess
            ? RunAsync("setpriv", ["--reuid=" + SystemUser, "--regid=" + SystemUser, "--clear-groups", path, .. arguments])
            : RunAsync(path, arguments);
    }

    private static async Task RunAsync(string program, IReadOnlyList<string> arguments)
    {
        // What the programs report goes nowhere; their errors show in the test run.
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = "/", RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["PGPASSWORD"] = Password;
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await process.StandardOutput.ReadToEndAsync()}");
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
