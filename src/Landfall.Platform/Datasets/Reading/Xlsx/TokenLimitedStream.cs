namespace Landfall.Platform.Datasets.Reading.Xlsx;

/// <summary>
/// Passes XML on as long as each of its texts and attributes stays small: none of them holds a <c>&lt;</c>, so that a run of bytes without one bounds
/// what a reader must keep.
/// </summary>
internal sealed class TokenLimitedStream(Stream inner, int maxToken, Func<Exception> tooLong) : Stream
{
    private int _run;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        var last = buffer[..read].LastIndexOf((byte)'<');
        _run = last < 0 ? _run + read : read - last;
        return _run > maxToken ? throw tooLong() : read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
