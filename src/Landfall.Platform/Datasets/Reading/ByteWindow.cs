namespace Landfall.Platform.Datasets.Reading;

/// <summary>
/// A window that moves over a file's UTF-8. It grows only for a row that does not fit, and never beyond the longest row
/// that is allowed, so that a file without line ends is refused in constant memory.
/// </summary>
internal sealed class ByteWindow(IByteSource source, string file, int maxRowBytes) : IRowPlace
{
    private const int InitialSize = 1 << 18;

    /// <summary>Room for a line end behind the longest row, and for one whole character in UTF-8.</summary>
    private const int Margin = 8;

    private byte[] _buffer = new byte[Math.Min(InitialSize, maxRowBytes + Margin)];
    private int _start;
    private int _end;

    public string File { get; } = file;

    /// <summary>No more bytes will come than are unread now.</summary>
    public bool Ended { get; private set; }

    /// <summary>The 1-based line on which the unread bytes begin.</summary>
    public long Line { get; private set; } = 1;

    public long BytesTaken => source.BytesTaken;

    /// <summary>What to look for, besides line ends, when a row is too long.</summary>
    public string TooLongHint { get; set; } = "";

    public ReadOnlySpan<byte> Unread => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Passes over bytes that contain a number of line ends.</summary>
    public void Advance(int bytes, int lineEnds)
    {
        _start += bytes;
        Line += lineEnds;
    }

    /// <summary>Reads until the window is full. The unread bytes stay at its beginning.</summary>
    public async ValueTask FillAsync(CancellationToken cancellation)
    {
        var unread = _end - _start;
        if (unread > maxRowBytes + 2)
        {
            throw TooLong();
        }

        // Doubling keeps the cost of looking at an unfinished row again linear in its length.
        var target = unread <= _buffer.Length / 2 ? _buffer : new byte[Math.Min(_buffer.Length * 2, Math.Max(_buffer.Length, maxRowBytes + Margin))];
        Buffer.BlockCopy(_buffer, _start, target, 0, unread);
        (_buffer, _start, _end) = (target, 0, unread);
        while (_buffer.Length - _end >= 4)
        {
            var read = await source.ReadAsync(_buffer.AsMemory(_end), cancellation).ConfigureAwait(false);
            _end += read;
            if (read == 0)
            {
                Ended = true;
                return;
            }
        }
    }

    public void CheckLength(int rowBytes)
    {
        if (rowBytes > maxRowBytes)
        {
            throw TooLong();
        }
    }

    public DataFormatException Error(string problem) => new(File, Line, problem);

    private DataFormatException TooLong() =>
        Error($"the row is longer than {(maxRowBytes >= 1 << 20 ? $"{maxRowBytes >> 20} MB" : $"{maxRowBytes} bytes")}. Each row stands on a line of its own: look for missing line ends{TooLongHint}, or shorten the row.");
}
