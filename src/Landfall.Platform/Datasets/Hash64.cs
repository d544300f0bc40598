using System.Buffers.Binary;

namespace Landfall.Platform.Datasets;

/// <summary>
/// A fast 64-bit hash of bytes, the same on every machine and in every process: 8 bytes at a time are folded in by a
/// 64x64 to 128-bit multiplication. For counting and splitting, not against an adversary.
/// </summary>
internal static class Hash64
{
    private const ulong First = 0x9E3779B97F4A7C15;
    private const ulong Second = 0xD1B54A32D192ED03;

    public static ulong Of(ReadOnlySpan<byte> bytes, ulong seed = 0)
    {
        var hash = Fold(seed ^ Second, First ^ (ulong)bytes.Length);
        while (bytes.Length >= 8)
        {
            hash = Fold(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes), First);
            bytes = bytes[8..];
        }

        ulong rest = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            rest |= (ulong)bytes[i] << (8 * i);
        }

        return Fold(hash ^ rest ^ Second, hash ^ First);
    }

    private static ulong Fold(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }
}
