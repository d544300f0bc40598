using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Unicode;

namespace Landfall.Platform.Datasets.Reading;

/// <summary>Where a <see cref="ByteWindow"/> gets its UTF-8 from.</summary>
internal interface IByteSource
{
    /// <summary>Bytes taken from the file so far, for progress.</summary>
    long BytesTaken { get; }

    /// <summary>Fills a part of the destination (at least 4 bytes long); 0 at the end.</summary>
    ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellation);
}

/// <summary>A stream as it is, after the bytes that were already taken from it.</summary>
internal sealed class StreamSource(Stream stream, ReadOnlyMemory<byte> taken, int skipped) : IByteSource
{
    private ReadOnlyMemory<byte> _taken = taken;

    public long BytesTaken { get; private set; } = skipped;

    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellation)
    {
        int read;
        if (_taken.IsEmpty)
        {
            read = await stream.ReadAsync(destination, cancellation).ConfigureAwait(false);
        }
        else
        {
            read = Math.Min(_taken.Length, destination.Length);
            _taken[..read].CopyTo(destination);
            _taken = _taken[read..];
        }

        BytesTaken += read;
        return read;
    }
}

/// <summary>UTF-16 as UTF-8. What is not UTF-16 is refused, not replaced.</summary>
internal sealed class Utf16Source(IByteSource inner, bool bigEndian, string file) : IByteSource
{
    private readonly byte[] _pending = new byte[1 << 16];
    private readonly char[] _characters = new char[1 << 15];
    private int _length;
    private long _line = 1;
    private bool _ended;

    public long BytesTaken => inner.BytesTaken;

    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellation)
    {
        while (true)
        {
            var written = Convert(destination.Span);
            if (written > 0 || _ended)
            {
                return written;
            }

            var read = await inner.ReadAsync(_pending.AsMemory(_length), cancellation).ConfigureAwait(false);
            _length += read;
            _ended = read == 0;
        }
    }

    private int Convert(Span<byte> destination)
    {
        if (_ended && _length % 2 == 1)
        {
            throw new DataFormatException(file, _line, "the UTF-16 text ends in the middle of a character: the file was cut off. Export it again, best as UTF-8.");
        }

        var characters = _characters.AsSpan(0, _length / 2);
        var units = MemoryMarshal.Cast<byte, ushort>(_pending.AsSpan(0, characters.Length * 2));
        if (bigEndian == BitConverter.IsLittleEndian)
        {
            BinaryPrimitives.ReverseEndianness(units, MemoryMarshal.Cast<char, ushort>(characters));
        }
        else
        {
            MemoryMarshal.Cast<ushort, char>(units).CopyTo(characters);
        }

        var isLast = _ended && characters.Length * 2 == _length;
        var status = Utf8.FromUtf16(characters, destination, out var used, out var written, replaceInvalidSequences: false, isFinalBlock: isLast);
        _line += characters[..used].Count('\n');
        if (status is OperationStatus.InvalidData)
        {
            throw new DataFormatException(file, _line, $"invalid UTF-16 (half of a surrogate pair, 0x{(int)characters[used]:X4}). Save the file as UTF-8.");
        }

        _length -= used * 2;
        _pending.AsSpan(used * 2, _length).CopyTo(_pending);
        return written;
    }
}
