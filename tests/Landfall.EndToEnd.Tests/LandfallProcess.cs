using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Landfall.Protocol;
using Landfall.Protocol.Servers;

namespace Landfall.EndToEnd;

/// <summary>How a command ended.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error, TimeSpan Elapsed)
{
    public override string ToString() => $"exit code {ExitCode} after {Elapsed.TotalSeconds:0.0} s\n--- output\n{Output}\n--- error\n{Error}";
}

/// <summary>The built <c>landfall</c>, started as a process. It is killed when disposed of.</summary>
internal sealed class LandfallProcess : IAsyncDisposable
{
    private const int ContinueSignal = 18;
    private const int StopSignal = 19;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly Task _pumps;

    private LandfallProcess(Process process)
    {
        _process = process;
        _pumps = Task.WhenAll(PumpAsync(process.StandardOutput, _output), PumpAsync(process.StandardError, _error));
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Output => Snapshot(_output);

    public string Error => Snapshot(_error);

    /// <summary>Starts a command.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="environment">Variables set in addition to the test's own.</param>
    /// <param name="workingFolder">The command's current folder.</param>
    /// <param name="executableFolder">The folder of the executable, where it is not the one built with these tests.</param>
    public static LandfallProcess Start(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? workingFolder = null, string? executableFolder = null)
    {
        var folder = executableFolder ?? RepositoryRoot.ExecutableFolder;
        var appHost = Path.Combine(folder, OperatingSystem.IsWindows() ? "landfall.exe" : "landfall");
        var isAppHost = File.Exists(appHost);
        var start = new ProcessStartInfo(isAppHost ? appHost : Path.Combine(DotnetRoot, "dotnet"))
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = workingFolder ?? RepositoryRoot.Path,
        };
        foreach (var argument in isAppHost ? arguments : [Path.Combine(folder, "landfall.dll"), .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["DOTNET_ROOT"] = DotnetRoot;
        foreach (var setting in new[] { "LANDFALL_DATA", "LANDFALL_DATABASE", "LANDFALL_CONFIG", "LANDFALL_URLS" })
        {
            start.Environment.Remove(setting);
        }

        // A key or an Ollama of whoever runs the tests is not theirs to use.
        start.Environment["LANDFALL_ENDPOINT"] = "none";
        start.Environment.Remove("OPENAI_API_KEY");
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return new LandfallProcess(process);
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<CommandResult> RunAsync(
        IEnumerable<string> arguments, CancellationToken cancellation, IReadOnlyDictionary<string, string>? environment = null, string? workingFolder = null)
    {
        await using var process = Start(arguments, environment, workingFolder);
        return await process.WaitAsync(cancellation);
    }

    /// <summary>Starts <c>serve</c> on a free port, and waits until it answers.</summary>
    public static async Task<(LandfallProcess Process, ServerInfo Info)> ServeAsync(
        string dataFolder, CancellationToken cancellation, IEnumerable<string>? arguments = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var process = Start(["serve", "--data", dataFolder, "--urls", "http://127.0.0.1:0", .. arguments ?? []], environment);
        try
        {
            return (process, await process.AnsweringAsync(dataFolder, cancellation));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until this process has noted itself in <c>server.json</c>, and answers.</summary>
    public async Task<ServerInfo> AnsweringAsync(string dataFolder, CancellationToken cancellation)
    {
        var deadline = Stopwatch.StartNew();
        while (deadline.Elapsed < Patience)
        {
            if (HasExited)
            {
                throw new InvalidOperationException($"The server ended: {await WaitAsync(cancellation)}");
            }

            if (ReadServerFile(dataFolder) is { } noted && noted.ProcessId == Id)
            {
                using var http = new HttpClient { BaseAddress = new Uri(noted.Url + "/") };
                return await new LandfallClient(http).GetServerAsync(cancellation);
            }

            await Task.Delay(20, cancellation);
        }

        throw new TimeoutException($"The server does not answer. It said: {Error}");
    }

    /// <summary>What <c>server.json</c> says, or null.</summary>
    public static ServerInfo? ReadServerFile(string dataFolder)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(dataFolder, "server.json")), LandfallJsonContext.Default.ServerInfo);
        }
        catch (Exception error) when (error is IOException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Waits for the end.</summary>
    public async Task<CommandResult> WaitAsync(CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
            await _pumps.WaitAsync(patience.Token);
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"The command has not ended after {Patience}.\n--- output\n{Output}\n--- error\n{Error}", error);
        }

        return new CommandResult(_process.ExitCode, Output, Error, Stopwatch.GetElapsedTime(_started));
    }

    /// <summary>Waits for the end, but no longer than this.</summary>
    /// <returns>Whether it has ended.</returns>
    public async Task<bool> WaitForAsync(TimeSpan time, CancellationToken cancellation)
    {
        var ended = _process.WaitForExitAsync(cancellation);
        await Task.WhenAny(ended, Task.Delay(time, cancellation));
        return ended.IsCompletedSuccessfully;
    }

    /// <summary>Kills the process: it has no chance to do anything more (SIGKILL).</summary>
    public async Task KillAsync(CancellationToken cancellation)
    {
        _process.Kill();
        await _process.WaitForExitAsync(cancellation);
    }

    /// <summary>Stops the process where it stands (SIGSTOP).</summary>
    public void Pause() => Signal(StopSignal);

    /// <summary>Lets a paused process go on (SIGCONT).</summary>
    public void Continue() => Signal(ContinueSignal);

    /// <summary>The folder of the <c>dotnet</c> that runs these tests.</summary>
    public static string DotnetRoot { get; } =
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private void Signal(int signal)
    {
        if (SendSignal(Id, signal) != 0)
        {
            throw new InvalidOperationException($"Signal {signal} cannot be sent to process {Id} (error {Marshal.GetLastPInvokeError()}).");
        }
    }

    private static async Task PumpAsync(StreamReader reader, StringBuilder into)
    {
        var buffer = new char[4096];
        int read;
        while ((read = await reader.ReadAsync(buffer)) > 0)
        {
            lock (into)
            {
                into.Append(buffer, 0, read);
            }
        }
    }

    private static string Snapshot(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int SendSignal(int process, int signal);
}
