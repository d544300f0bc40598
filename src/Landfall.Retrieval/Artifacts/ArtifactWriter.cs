using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Landfall.Retrieval.Artifacts;

/// <summary>
/// Writes an artifact: four bytes that name its kind, a version (u16), the payload's length (i64), the payload and its
/// SHA-256. Numbers are little-endian; counts are varints of seven bits a byte.
/// </summary>
internal sealed class ArtifactWriter : IDisposable
{
    public const int HeaderLength = 14;
    private readonly MemoryStream _payload = new();

    public void WriteCount(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        WriteUInt32((uint)count);
    }

    public void WriteUInt32(uint value)
    {
        var rest = value;
        for (; rest >= 0x80; rest >>= 7)
        {
            _payload.WriteByte((byte)(rest | 0x80));
        }

        _payload.WriteByte((byte)rest);
    }

    public void WriteByte(byte value) => _payload.WriteByte(value);

    public void WriteSingle(float value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        _payload.Write(bytes);
    }

    public void WriteDouble(double value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        _payload.Write(bytes);
    }

    public void WriteString(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        WriteCount(bytes.Length);
        _payload.Write(bytes);
    }

    public void WriteStrings(IReadOnlyCollection<string> values)
    {
        WriteCount(values.Count);
        foreach (var value in values)
        {
            WriteString(value);
        }
    }

    /// <summary>Writes the whole artifact to the stream.</summary>
    public void Seal(Stream output, string kind, ushort version)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        Encoding.ASCII.GetBytes(kind, header);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], version);
        BinaryPrimitives.WriteInt64LittleEndian(header[6..], _payload.Length);
        output.Write(header);
        var payload = _payload.GetBuffer().AsSpan(0, (int)_payload.Length);
        output.Write(payload);
        output.Write(SHA256.HashData(payload));
    }

    public void Dispose() => _payload.Dispose();
}
