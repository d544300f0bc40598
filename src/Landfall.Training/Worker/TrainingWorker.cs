using System.Text.Json;
using System.Threading.Channels;
using Landfall.Protocol;
using Landfall.Protocol.Training;
using Landfall.Training.Tuning;

namespace Landfall.Training.Worker;

/// <summary>
/// The process that trains: it reads orders, a line of JSON each, carries them out one after another, and writes what
/// happens as lines of JSON. It ends when its input does, in the middle of a training too: who ordered it is gone.
/// </summary>
/// <param name="input">Orders.</param>
/// <param name="output">Events; nothing else may write to it.</param>
/// <param name="clock">For speeds and times.</param>
public sealed class TrainingWorker(Stream input, Stream output, TimeProvider? clock = null)
{
    private static readonly byte[] LineEnd = "\n"u8.ToArray();
    private static readonly TimeSpan StepInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a step may still take when the work is to end. What is left undone is in the last checkpoint.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly Lock _writing = new();

    /// <summary>Works until the input ends.</summary>
    /// <param name="cancellation">Ends the work, with a checkpoint.</param>
    /// <returns>Whether all threads are done; a step that takes too long is left behind, and the process must not wait for it.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellation = default)
    {
        var orders = Channel.CreateUnbounded<string>();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);

        // A read of standard input cannot be cancelled: it has a thread of its own, which nobody waits for.
        var stop = ended.Token;
        new Thread(() => Read(orders.Writer, ended)) { IsBackground = true, Name = "orders" }.Start();
        var work = Task.Run(() => WorkAsync(orders.Reader, stop), CancellationToken.None);
        await Task.WhenAny(work, Task.Delay(Timeout.Infinite, stop)).ConfigureAwait(false);
        var finished = await Task.WhenAny(work, Task.Delay(Grace, _clock, CancellationToken.None)).ConfigureAwait(false) == work;
        if (finished)
        {
            await work.ConfigureAwait(false);
        }

        return finished;
    }

    private void Read(ChannelWriter<string> orders, CancellationTokenSource ended)
    {
        try
        {
            using var reader = new StreamReader(input, leaveOpen: true);
            while (reader.ReadLine() is { } line)
            {
                if (line.Length > 0)
                {
                    orders.TryWrite(line);
                }
            }

            ended.Cancel();
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // The other end is gone, or the work has ended before its input.
            orders.TryComplete();
        }
    }

    private async Task WorkAsync(ChannelReader<string> orders, CancellationToken stop)
    {
        try
        {
            await foreach (var line in orders.ReadAllAsync(stop).ConfigureAwait(false))
            {
                await CarryOutAsync(line, stop).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is OutputEndedException || (error is OperationCanceledException && stop.IsCancellationRequested))
        {
            // Nobody is there any more, or the process is to end.
        }
    }

    private async Task CarryOutAsync(string line, CancellationToken stop)
    {
        try
        {
            var order = JsonSerializer.Deserialize(line, LandfallJsonContext.Default.TuningOrder) ?? throw new JsonException("null is no order.");
            Write(new WorkerEvent { Done = await new TuningJob(_clock).RunAsync(order, Reporter(), stop).ConfigureAwait(false) });
        }
        catch (Exception error) when (error is not OutputEndedException && !(error is OperationCanceledException && stop.IsCancellationRequested))
        {
            Write(new WorkerEvent { Error = WorkerErrors.Describe(error) });
        }
    }

    /// <summary>Writes events, but of the steps of a moment only the first, and the last of all.</summary>
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
        try
        {
            lock (_writing)
            {
                output.Write(line);
                output.Write(LineEnd);
                output.Flush();
            }
        }
        catch (IOException error)
        {
            throw new OutputEndedException(error);
        }
    }

    /// <summary>Nobody reads what is written.</summary>
    private sealed class OutputEndedException(Exception inner) : Exception("The output has ended.", inner);
}
