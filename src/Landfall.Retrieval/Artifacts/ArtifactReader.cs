using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Landfall.Retrieval.Artifacts;

/// <summary>
/// Reads what <see cref="ArtifactWriter"/> wrote. Whatever the bytes are, the only exception is
/// <see cref="InvalidDataException"/>, and no more memory is taken than the bytes that are there call for.
/// </summary>
internal sealed class ArtifactReader
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly byte[] _payload;
    private readonly string _kind;
    private int _position;

    private ArtifactReader(byte[] payload, string kind)
    {
        _payload = payload;
        _kind = kind;
    }

    private int Remaining => _payload.Length - _position;

    /// <summary>Reads one artifact from the stream and checks its kind, version and hash.</summary>
    public static ArtifactReader Open(Stream input, string kind, ushort version)
    {
        var header = ReadUpTo(input, ArtifactWriter.HeaderLength);
        if (header.Length < ArtifactWriter.HeaderLength || !header.AsSpan(0, 4).SequenceEqual(Encoding.ASCII.GetBytes(kind)))
        {
            throw new InvalidDataException($"This is not a '{kind}' artifact: its first four bytes differ.");
        }

        var found = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(4));
        if (found != version)
        {
            throw new InvalidDataException($"The '{kind}' artifact has version {found}; this program reads version {version}. Train it again.");
        }

        var length = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(6));
        if (length < 0 || length > Array.MaxLength)
        {
            throw new InvalidDataException($"The '{kind}' artifact states a length of {length} bytes, which cannot be.");
        }

        var payload = ReadUpTo(input, (int)length);
        var hash = ReadUpTo(input, SHA256.HashSizeInBytes);
        if (payload.Length != length || !hash.AsSpan().SequenceEqual(SHA256.HashData(payload)))
        {
            throw new InvalidDataException($"The '{kind}' artifact is cut short or damaged: its SHA-256 does not match. Train it again.");
        }

        return new ArtifactReader(payload, kind);
    }

    /// <summary>A count of items that take at least <paramref name="bytesEach"/> bytes each of what follows.</summary>
    public int ReadCount(int bytesEach)
    {
        var count = ReadNumber(int.MaxValue);
        return (long)count * bytesEach <= Remaining ? count : throw Damaged($"{count} items announced where {Remaining} bytes are left");
    }

    /// <summary>A number from 0 to <paramref name="max"/>.</summary>
    public int ReadNumber(int max)
    {
        var value = ReadUInt32();
        return value <= max ? (int)value : throw Damaged($"{value} found where at most {max} can be");
    }

    public uint ReadUInt32()
    {
        ulong value = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var next = ReadByte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value <= uint.MaxValue ? (uint)value : throw Damaged("a number of more than 32 bits");
            }
        }

        throw Damaged("a number of more than five bytes");
    }

    public byte ReadByte() => Take(1)[0];

    /// <summary>A finite number.</summary>
    public float ReadSingle()
    {
        var value = BinaryPrimitives.ReadSingleLittleEndian(Take(sizeof(float)));
        return float.IsFinite(value) ? value : throw Damaged("a weight that is not a finite number");
    }

    /// <summary>A finite number.</summary>
    public double ReadDouble()
    {
        var value = BinaryPrimitives.ReadDoubleLittleEndian(Take(sizeof(double)));
        return double.IsFinite(value) ? value : throw Damaged("a value that is not a finite number");
    }

    public string ReadString()
    {
        try
        {
            return Utf8.GetString(Take(ReadCount(bytesEach: 1)));
        }
        catch (DecoderFallbackException exception)
        {
            throw new InvalidDataException($"The '{_kind}' artifact is damaged: text that is not UTF-8.", exception);
        }
    }

    public string[] ReadStrings()
    {
        var values = new string[ReadCount(bytesEach: 1)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = ReadString();
        }

        return values;
    }

    /// <summary>Checks that nothing is left.</summary>
    public void End()
    {
        if (Remaining != 0)
        {
            throw Damaged($"{Remaining} bytes too many");
        }
    }

    public InvalidDataException Damaged(string found) => new($"The '{_kind}' artifact is damaged: {found} (byte {_position}). Train it again.");

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > Remaining)
        {
            throw Damaged("it ends too early");
        }

        _position += count;
        return _payload.AsSpan(_position - count, count);
    }

    // Grows with the bytes that come, so that a damaged length takes no memory.
    private static byte[] ReadUpTo(Stream input, int length)
    {
        var buffer = new byte[Math.Min(length, 1 << 16)];
        var read = 0;
        while (read < length)
        {
            if (read == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min(length, buffer.Length * 2L));
            }

            var count = input.Read(buffer, read, buffer.Length - read);
            if (count == 0)
            {
                break;
            }

            read += count;
        }

        return read == buffer.Length ? buffer : buffer[..read];
    }
}
