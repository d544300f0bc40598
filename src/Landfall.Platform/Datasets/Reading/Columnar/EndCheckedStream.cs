using Landfall.Platform.Storage;

namespace Landfall.Platform.Datasets.Reading.Columnar;

/// <summary>
/// Reads another stream, and throws where that has ended: a reader of damaged bytes that takes "no more" for a byte would ask for ever.
/// </summary>
internal sealed class EndCheckedStream(Stream inner) : ReadOnlyStream
{
    public override bool CanSeek => true;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => inner.Position = value;
    }

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        return read == 0 && buffer.Length > 0 ? throw new EndOfStreamException("the bytes end too early") : read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int ReadByte()
    {
        Span<byte> one = stackalloc byte[1];
        _ = Read(one);
        return one[0];
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        return read == 0 && buffer.Length > 0 ? throw new EndOfStreamException("the bytes end too early") : read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);
}
