using Landfall.Platform.Storage;

namespace Landfall.Platform.Datasets.Reading.Xlsx;

/// <summary>
/// Passes XML on as long as each of its texts and attributes stays small: none of them holds a <c>&lt;</c>, so that a run of bytes without one bounds
/// what a reader must keep.
/// </summary>
internal sealed class TokenLimitedStream(Stream inner, int maxToken, Func<Exception> tooLong) : ReadOnlyStream
{
    private int _run;

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        var last = buffer[..read].LastIndexOf((byte)'<');
        _run = last < 0 ? _run + read : read - last;
        return _run > maxToken ? throw tooLong() : read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
