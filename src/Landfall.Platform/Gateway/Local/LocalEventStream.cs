using System.Text;
using Landfall.Platform.Storage;

namespace Landfall.Platform.Gateway.Local;

/// <summary>Events as the bytes of a stream of server-sent events, made as they are read.</summary>
internal sealed class LocalEventStream(IAsyncEnumerable<string> events, IAsyncDisposable owner) : ReadOnlyStream
{
    private readonly CancellationTokenSource _stop = new();
    private IAsyncEnumerator<string>? _events;
    private ReadOnlyMemory<byte> _left;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _events ??= events.GetAsyncEnumerator(_stop.Token);
        if (_left.IsEmpty)
        {
            using var cancelling = cancellationToken.Register(_stop.Cancel);
            if (!await _events.MoveNextAsync().ConfigureAwait(false))
            {
                return 0;
            }

            _left = Encoding.UTF8.GetBytes($"data: {_events.Current}\n\n");
        }

        var length = Math.Min(buffer.Length, _left.Length);
        _left[..length].CopyTo(buffer);
        _left = _left[length..];
        return length;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read it asynchronously.");

    public override async ValueTask DisposeAsync()
    {
        await owner.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // Whoever disposes synchronously does not wait for the model to stop.
            _ = owner.DisposeAsync().AsTask();
        }

        base.Dispose(disposing);
    }
}
