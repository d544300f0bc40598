using System.Text.Json;
using System.Threading.Channels;
using Landfall.Inference;
using Landfall.Protocol;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Training;
using Landfall.Training.Tuning;

namespace Landfall.Training.Worker;

/// <summary>
/// The process that trains: it reads orders, a line of JSON each, carries them out one after another, and writes what
/// happens as lines of JSON. It ends when its input does, in the middle of a training too: who ordered it is gone.
/// </summary>
public sealed class TrainingWorker(Stream input, Stream output, TimeProvider? clock = null)
{
    private static readonly byte[] LineEnd = "\n"u8.ToArray();
    private static readonly TimeSpan StepInterval = TimeSpan.FromMilliseconds(100);
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly Lock _writing = new();

    /// <summary>Works until the input ends.</summary>
    /// <param name="cancellation">Ends the work, with a checkpoint.</param>
    public async Task RunAsync(CancellationToken cancellation = default)
    {
        var orders = Channel.CreateUnbounded<string>();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var reading = ReadAsync(orders.Writer, ended);
        try
        {
            await foreach (var line in orders.Reader.ReadAllAsync(ended.Token).ConfigureAwait(false))
            {
                await CarryOutAsync(line, ended.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The input has ended, or the process is to end.
        }

        await ended.CancelAsync().ConfigureAwait(false);
        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ReadAsync(ChannelWriter<string> orders, CancellationTokenSource ended)
    {
        using var reader = new StreamReader(input, leaveOpen: true);
        while (await reader.ReadLineAsync(ended.Token).ConfigureAwait(false) is { } line)
        {
            if (line.Length > 0)
            {
                await orders.WriteAsync(line, ended.Token).ConfigureAwait(false);
            }
        }

        orders.Complete();
        await ended.CancelAsync().ConfigureAwait(false);
    }

    private async Task CarryOutAsync(string line, CancellationToken cancellation)
    {
        try
        {
            var order = JsonSerializer.Deserialize(line, LandfallJsonContext.Default.TuningOrder) ?? throw new JsonException("null is no order.");
            var result = await new TuningJob(_clock).RunAsync(order, Reporter(), cancellation).ConfigureAwait(false);
            Write(new WorkerEvent { Done = result });
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (TrainingException error)
        {
            Fail(error.Code, error.Message);
        }
        catch (JsonException error)
        {
            Fail(ErrorCodes.TrainingFailed, $"The worker was given no order: {error.Message}");
        }
        catch (InferenceException error)
        {
            Fail(ErrorCodes.ModelInvalid, error.Message);
        }
        catch (OutOfMemoryException error)
        {
            Fail(ErrorCodes.OutOfMemory, error.Message);
        }
        catch (IOException error)
        {
            Fail(ErrorCodes.DiskFull, error.Message);
        }
        catch (Exception error)
        {
            Fail(ErrorCodes.Internal, error.ToString());
        }
    }

    private void Fail(string code, string message) => Write(new WorkerEvent { Error = new WorkerError(code, message) });

    /// <summary>Writes events, but of many steps in a moment only the last one and the first.</summary>
    private Action<WorkerEvent> Reporter()
    {
        long? last = null;
        return what =>
        {
            if (what.Step is { } step)
            {
                if (last is { } before && step.Number < step.Steps && _clock.GetElapsedTime(before) < StepInterval)
                {
                    return;
                }

                last = _clock.GetTimestamp();
            }

            Write(what);
        };
    }

    private void Write(WorkerEvent what)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(what, LandfallJsonContext.Default.WorkerEvent);
        lock (_writing)
        {
            output.Write(line);
            output.Write(LineEnd);
            output.Flush();
        }
    }
}
