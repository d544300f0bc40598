using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Landfall.Platform.Runs;
using Landfall.Protocol;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Training;
using Microsoft.Extensions.Logging;

namespace Landfall.Platform.Training;

/// <summary>The right to use the worker.</summary>
public sealed class WorkerTurn : IDisposable
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);
    private readonly WorkerCommand _command;
    private readonly TimeSpan _farewell;
    private readonly ILogger _logger;
    private Action? _release;

    internal WorkerTurn(WorkerCommand command, TimeSpan farewell, ILogger logger, Action release) => (_command, _farewell, _logger, _release) = (command, farewell, logger, release);

    /// <summary>Has an order done. Cancelled, the worker is killed; its last checkpoint stays.</summary>
    /// <param name="order">What to do.</param>
    /// <param name="hear">Called with each event, one after another.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="RunFailedException">The worker refused the order, died, or does not speak the protocol.</exception>
    public async Task<TrainingResult> TuneAsync(TuningOrder order, Action<WorkerEvent> hear, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_release is null, this);
        cancellation.ThrowIfCancellationRequested();
        using var process = Start();
        var words = new LastWords(process, _logger);
        try
        {
            // The input stays open: its end tells the worker that nobody waits for it any more.
            await SendAsync(process, order).ConfigureAwait(false);
            var result = await ListenAsync(process, words, hear, cancellation).ConfigureAwait(false);
            process.StandardInput.Close();
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(_farewell);
            await process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return result;
        }
        finally
        {
            await KillAsync(process).ConfigureAwait(false);
        }
    }

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();

    private Process Start()
    {
        var start = new ProcessStartInfo(_command.FileName)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = Utf8,
            StandardOutputEncoding = Utf8,
            StandardErrorEncoding = Utf8,
            UseShellExecute = false,
        };
        foreach (var argument in _command.Arguments)
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            var process = Process.Start(start)!;
            _logger.WorkerStarted(process.Id);
            return process;
        }
        catch (Win32Exception error)
        {
            throw new RunFailedException($"The worker that trains cannot be started ({_command.FileName}): {error.Message}", ErrorCodes.TrainingFailed);
        }
    }

    private static async Task SendAsync(Process process, TuningOrder order)
    {
        try
        {
            await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(order, LandfallJsonContext.Default.TuningOrder)).ConfigureAwait(false);
            await process.StandardInput.FlushAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // It has ended already; why, is found where its output ends.
        }
    }

    private static async Task<TrainingResult> ListenAsync(Process process, LastWords words, Action<WorkerEvent> hear, CancellationToken cancellation)
    {
        while (await process.StandardOutput.ReadLineAsync(cancellation).ConfigureAwait(false) is { } line)
        {
            var said = Read(line);
            if (said.Error is { } error)
            {
                throw new RunFailedException(error.Message, error.Code);
            }

            hear(said);
            if (said.Done is { } done)
            {
                return done;
            }
        }

        await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
        throw new RunFailedException(
            $"The worker that trains ended in the middle of its work ({DescribeExit(process.ExitCode)}).{await words.TakeAsync().ConfigureAwait(false)} Land again to go on from its last checkpoint.",
            ErrorCodes.TrainingFailed);
    }

    private static WorkerEvent Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, LandfallJsonContext.Default.WorkerEvent) ?? throw new JsonException("null");
        }
        catch (JsonException)
        {
            throw new RunFailedException(
                $"The worker that trains wrote a line that is no event: {Briefs.Shown.Text(line)}. Is it of another release of Landfall?", ErrorCodes.TrainingFailed);
        }
    }

    /// <summary>A process that a signal ended has 128 and its number as exit code.</summary>
    private static string DescribeExit(int code) => code switch
    {
        128 + 9 => "it was killed, which a system does that runs out of memory",
        128 + 11 => "exit code 139, a fault in native code",
        _ => $"exit code {code}",
    };

    private static async Task KillAsync(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync().ConfigureAwait(false);
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }
    }

    /// <summary>Passes the worker's error output to the log, and keeps its end for the message of a death.</summary>
    private sealed class LastWords
    {
        private const int Kept = 5;
        private const int Longest = 400;
        private readonly Queue<string> _lines = new();
        private readonly Task _reading;

        public LastWords(Process process, ILogger logger) => _reading = ReadAsync(process, logger);

        public async Task<string> TakeAsync()
        {
            await _reading.ConfigureAwait(false);
            var words = string.Join(" / ", _lines);
            return words.Length == 0 ? "" : $" Its last words: '{(words.Length > Longest ? words[^Longest..] : words)}'.";
        }

        private async Task ReadAsync(Process process, ILogger logger)
        {
            while (await process.StandardError.ReadLineAsync().ConfigureAwait(false) is { } line)
            {
                if (string.IsNullOrWhiteSpace(line))
                {
                    continue;
                }

                logger.WorkerSays(line);
                _lines.Enqueue(line.Trim());
                if (_lines.Count > Kept)
                {
                    _lines.Dequeue();
                }
            }
        }
    }
}
