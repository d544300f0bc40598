using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Landfall.Inference.Kernels;

/// <summary>Rows of Q4_K: a scale and a minimum for each 32, the integers are nibbles.</summary>
internal readonly unsafe struct Q4KPanelReader : IPanelReader
{
    private const int Rows = PanelTranspose.Rows;

    public static bool HasMinimum => true;

    public static void Read(byte* rows, nint rowBytes, int columns, in PanelTarget target)
    {
        ReadScales(rows, rowBytes, target);
        for (var pair = 0; pair < 4; pair++)
        {
            for (var half = 0; half < 2; half++)
            {
                var values = target.Values + (((32 * pair) + (8 * half)) * Rows);
                var (word0, word1, word2, word3) = PanelTranspose.Words(rows + 16 + (32 * pair) + (16 * half), rowBytes);
                Store(word0, values);
                Store(word1, values + (2 * Rows));
                Store(word2, values + (4 * Rows));
                Store(word3, values + (6 * Rows));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<short> word, int* values)
    {
        var nibble = Vector512.Create((short)15);
        (word & nibble).Store((short*)values);
        ((word >>> 8) & nibble).Store((short*)(values + Rows));
        ((word >>> 4) & nibble).Store((short*)(values + (16 * Rows)));
        (word >>> 12).Store((short*)(values + (17 * Rows)));
    }

    // The first word holds the halves that all scales, and all minima, are multiplied by.
    private static void ReadScales(byte* rows, nint rowBytes, in PanelTarget target)
    {
        var (first, second, third, fourth) = PanelTranspose.Words(rows, rowBytes);
        var (halves, lower, middle, upper) = (first.AsInt32(), second.AsInt32(), third.AsInt32(), fourth.AsInt32());
        var (six, low, high) = (Vector512.Create(0x3F3F3F3F), Vector512.Create(0x0F0F0F0F), Vector512.Create(0x30303030));
        var scale = PanelTranspose.FromHalves((halves << 16) >> 16);
        var minimum = -PanelTranspose.FromHalves(halves >> 16);
        StoreFour(lower & six, scale, target.Scales);
        StoreFour((upper & low) | ((lower >>> 2) & high), scale, target.Scales + (4 * Rows));
        StoreFour(middle & six, minimum, target.Minima);
        StoreFour(((upper >>> 4) & low) | ((middle >>> 2) & high), minimum, target.Minima + (4 * Rows));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreFour(Vector512<int> bytes, Vector512<float> factor, float* target)
    {
        for (var index = 0; index < 4; index++, bytes >>>= 8)
        {
            (Vector512.ConvertToSingle(bytes & Vector512.Create(255)) * factor).Store(target + (index * Rows));
        }
    }
}

/// <summary>Rows of Q6_K: the integers are less 32 and times the scale of their 16, so that one scale remains for 256.</summary>
internal readonly unsafe struct Q6KPanelReader : IPanelReader
{
    private const int Rows = PanelTranspose.Rows;
    private const int Groups = 8;

    public static bool HasMinimum => false;

    public static void Read(byte* rows, nint rowBytes, int columns, in PanelTarget target)
    {
        ReadScales(rows, rowBytes, target);
        var scales = (Vector512<short>*)target.Scratch;
        for (var half = 0; half < 2; half++)
        {
            for (var part = 0; part < 2; part++)
            {
                var values = target.Values + (((64 * half) + (8 * part)) * Rows);
                var lower = PanelTranspose.Words(rows + (64 * half) + (16 * part), rowBytes);
                var upper = PanelTranspose.Words(rows + (64 * half) + 32 + (16 * part), rowBytes);
                var high = PanelTranspose.Words(rows + 128 + (32 * half) + (16 * part), rowBytes);
                Store(lower.First, upper.First, high.First, scales + (8 * half) + part, values);
                Store(lower.Second, upper.Second, high.Second, scales + (8 * half) + part, values + (2 * Rows));
                Store(lower.Third, upper.Third, high.Third, scales + (8 * half) + part, values + (4 * Rows));
                Store(lower.Fourth, upper.Fourth, high.Fourth, scales + (8 * half) + part, values + (6 * Rows));
            }
        }
    }

    // A word's columns of four groups, which share the bytes of upper bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<short> lower, Vector512<short> upper, Vector512<short> high, Vector512<short>* scales, int* values)
    {
        StoreOne(lower, high << 4, scales[0], values);
        StoreOne(lower >>> 8, high >>> 4, scales[0], values + Rows);
        StoreOne(upper, high << 2, scales[2], values + (16 * Rows));
        StoreOne(upper >>> 8, high >>> 6, scales[2], values + (17 * Rows));
        StoreOne(lower >>> 4, high, scales[4], values + (32 * Rows));
        StoreOne(lower >>> 12, high >>> 8, scales[4], values + (33 * Rows));
        StoreOne(upper >>> 4, high >>> 2, scales[6], values + (48 * Rows));
        StoreOne(upper >>> 12, high >>> 10, scales[6], values + (49 * Rows));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreOne(Vector512<short> nibbles, Vector512<short> bits, Vector512<short> scale, int* values)
    {
        var integers = (nibbles & Vector512.Create((short)15)) | (bits & Vector512.Create((short)48));
        ((integers - Vector512.Create((short)32)) * scale).Store((short*)values);
    }

    // The 16 scales of all rows, each in both halves of the rows' words.
    private static void ReadScales(byte* rows, nint rowBytes, in PanelTarget target)
    {
        var scales = (Vector512<short>*)target.Scratch;
        var (first, second, third, fourth) = PanelTranspose.Words(rows + 192, rowBytes);
        StoreFour(first.AsInt32(), scales);
        StoreFour(second.AsInt32(), scales + 4);
        StoreFour(third.AsInt32(), scales + 8);
        StoreFour(fourth.AsInt32(), scales + 12);
        var halves = stackalloc int[16];
        for (var row = 0; row < 16; row++)
        {
            halves[row] = Unsafe.ReadUnaligned<short>(rows + (row * rowBytes) + 208);
        }

        var scale = PanelTranspose.FromHalves(Vector512.Load(halves));
        for (var group = 0; group < Groups; group++)
        {
            scale.Store(target.Scales + (group * Rows));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreFour(Vector512<int> bytes, Vector512<short>* target)
    {
        for (var index = 0; index < 4; index++, bytes >>>= 8)
        {
            var scale = (bytes << 24) >> 24;
            target[index] = ((scale & Vector512.Create(0xFFFF)) | (scale << 16)).AsInt16();
        }
    }
}
