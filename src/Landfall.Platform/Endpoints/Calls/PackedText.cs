using System.IO.Compression;

namespace Landfall.Platform.Endpoints.Calls;

/// <summary>Requests repeat their examples, and are kept by the thousand: they are stored compressed (Brotli).</summary>
internal static class PackedText
{
    public static byte[] Pack(ReadOnlySpan<byte> content)
    {
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(content.Length)];
        return BrotliEncoder.TryCompress(content, packed, out var length, quality: 4, window: 22)
            ? packed[..length]
            : throw new InvalidOperationException("A call cannot be compressed.");
    }

    public static byte[] Unpack(byte[] packed)
    {
        using var reader = new BrotliStream(new MemoryStream(packed, writable: false), CompressionMode.Decompress);
        using var content = new MemoryStream();
        reader.CopyTo(content);
        return content.ToArray();
    }
}
