using System.Buffers.Binary;
using System.Text;

namespace Landfall.Inference.Formats;

/// <summary>Reads the parts of a GGUF header from a mapped file. Each length is checked against the file before it is believed.</summary>
internal sealed class GgufReader(MappedFile file)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Known vocabularies have 2^18 tokens; an array takes up to eight times its bytes in memory.</summary>
    private const int LongestArray = 1 << 24;

    public long Position { get; private set; }

    public long Left => file.Length - Position;

    public ModelFormatException Wrong(string problem, long? offset = null) => new(file.Path, $"{problem} (at byte {offset ?? Position}).") { Offset = offset ?? Position };

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>A count of things that take at least so many bytes each.</summary>
    public int ReadCount(int leastBytes, string what)
    {
        var at = Position;
        var count = ReadUInt64();
        return count <= (ulong)(Left / leastBytes) && count <= int.MaxValue
            ? (int)count
            : throw Wrong($"{count} {what} are announced, which {Left} bytes cannot hold; the file is cut off or damaged", at);
    }

    /// <summary>A name: UTF-8 to the letter.</summary>
    public string ReadName(string what)
    {
        var at = Position;
        try
        {
            return Strict.GetString(Take(ReadCount(1, $"bytes of {what}")));
        }
        catch (DecoderFallbackException)
        {
            throw Wrong($"{what} is not UTF-8", at);
        }
    }

    public GgufKind ReadKind(string key)
    {
        var at = Position;
        var kind = ReadUInt32();
        return kind <= (uint)GgufKind.Float64 ? (GgufKind)kind : throw Wrong($"the metadata '{key}' is of the kind {kind}, which GGUF does not know", at);
    }

    /// <summary>A metadata value, as <see cref="GgufMetadata"/> has it.</summary>
    public object ReadValue(GgufKind kind, string key) => kind switch
    {
        GgufKind.Float32 or GgufKind.Float64 => ReadFloat(kind),
        GgufKind.Bool => ReadBool(key),
        // A token's bytes may be no UTF-8 of their own.
        GgufKind.Text => Encoding.UTF8.GetString(Take(ReadCount(1, $"bytes of '{key}'"))),
        GgufKind.Array => throw Wrong($"the metadata '{key}' is an array of arrays, which is not read"),
        _ => ReadInteger(kind),
    };

    /// <summary>An array's elements.</summary>
    public object ReadArray(GgufKind element, string key)
    {
        var at = Position;
        var count = ReadCount(LeastBytes(element), $"elements of '{key}'");
        if (count > LongestArray)
        {
            throw Wrong($"the metadata '{key}' has {count} elements, where {LongestArray} are the most", at);
        }

        return element switch
        {
            GgufKind.Float32 or GgufKind.Float64 => Fill(count, () => ReadFloat(element)),
            GgufKind.Bool => Fill(count, () => ReadBool(key)),
            GgufKind.Text => Fill(count, () => (string)ReadValue(element, key)),
            GgufKind.Array => throw Wrong($"the metadata '{key}' is an array of arrays, which is not read"),
            _ => Fill(count, () => ReadInteger(element)),
        };
    }

    private static T[] Fill<T>(int count, Func<T> read)
    {
        var values = new T[count];
        for (var index = 0; index < count; index++)
        {
            values[index] = read();
        }

        return values;
    }

    private static int LeastBytes(GgufKind kind) => kind switch
    {
        GgufKind.UInt8 or GgufKind.Int8 or GgufKind.Bool => 1,
        GgufKind.UInt16 or GgufKind.Int16 => 2,
        GgufKind.UInt32 or GgufKind.Int32 or GgufKind.Float32 => 4,
        GgufKind.Array => 12,
        _ => 8,
    };

    private long ReadInteger(GgufKind kind) => kind switch
    {
        GgufKind.UInt8 => Take(1)[0],
        GgufKind.Int8 => (sbyte)Take(1)[0],
        GgufKind.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(Take(2)),
        GgufKind.Int16 => BinaryPrimitives.ReadInt16LittleEndian(Take(2)),
        GgufKind.UInt32 => ReadUInt32(),
        GgufKind.Int32 => (int)ReadUInt32(),
        _ => (long)ReadUInt64(),
    };

    private double ReadFloat(GgufKind kind) => kind == GgufKind.Float32
        ? BinaryPrimitives.ReadSingleLittleEndian(Take(4))
        : BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    private bool ReadBool(string key) => Take(1)[0] switch
    {
        0 => false,
        1 => true,
        var other => throw Wrong($"a truth value of the metadata '{key}' is {other}, neither 0 nor 1", Position - 1),
    };

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > Left)
        {
            throw Wrong($"{length} bytes are expected, where the file ends after {Left}; it is cut off");
        }

        var span = file.Span(Position, length);
        Position += length;
        return span;
    }
}
