using Landfall.Platform.Storage;

namespace Landfall.Platform.Endpoints.Calls;

/// <summary>A stream of events on its way to its reader, which is kept once its last event has come.</summary>
internal sealed class KeptStream(
    Stream source, HttpResponseMessage response, TimeSpan patience, TimeProvider time, Func<byte[], Task> keep, Func<string, Task<Exception>> fail) : ReadOnlyStream
{
    private static readonly byte[] Last = "data: [DONE]"u8.ToArray();
    private readonly MemoryStream _seen = new();
    private bool _isKept;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_isKept)
        {
            // The answer is whole: nothing that comes, or fails to come, after it changes that.
            return 0;
        }

        using var idle = new CancellationTokenSource(patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, idle.Token);
        int read;
        try
        {
            read = await source.ReadAsync(buffer, both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw await fail("nothing more came in time.").ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            throw await fail(error.Message).ConfigureAwait(false);
        }

        _seen.Write(buffer.Span[..read]);
        if (read == 0 || EndsHere(read))
        {
            await KeepAsync().ConfigureAwait(false);
        }

        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read it asynchronously.");

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
            response.Dispose();
            _seen.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task KeepAsync()
    {
        _isKept = true;
        try
        {
            await keep(_seen.ToArray()).ConfigureAwait(false);
        }
        catch (CompletionFormatException error)
        {
            throw await fail(error.Message + ".").ConfigureAwait(false);
        }
    }

    /// <summary>Whether the last event's line is among the bytes that have just come, or across their edge.</summary>
    private bool EndsHere(int read)
    {
        var from = Math.Max(0, (int)_seen.Length - read - Last.Length);
        return _seen.GetBuffer().AsSpan(from, (int)_seen.Length - from).IndexOf(Last) >= 0;
    }
}
