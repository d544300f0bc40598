using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Landfall.Inference.Kernels;

/// <summary>Where the columns of 16 rows of a panel go.</summary>
/// <param name="values"><c>[columns / 2, panel's rows, 2]</c>, in <see cref="PanelTranspose"/>'s order of columns.</param>
/// <param name="scales"><c>[columns / 32, panel's rows]</c></param>
/// <param name="minima"><c>[columns / 32, panel's rows]</c></param>
/// <param name="scratch">Room for what is on its way: 16 rows of 256 integers.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct PanelTarget(int* values, float* scales, float* minima, short* scratch)
{
    public readonly int* Values = values;
    public readonly float* Scales = scales;
    public readonly float* Minima = minima;
    public readonly short* Scratch = scratch;
}

/// <summary>How rows of a quantised type come into a panel.</summary>
internal unsafe interface IPanelReader
{
    /// <summary>Whether values have a minimum, or an offset, to be added to them.</summary>
    static abstract bool HasMinimum { get; }

    /// <summary>Reads 256 columns at most of 16 rows: integers, a scale and a minimum for each 32.</summary>
    static abstract void Read(byte* rows, nint rowBytes, int columns, in PanelTarget target);
}

/// <summary>A type whose blocks are 32 values, as 16 rows' blocks at once.</summary>
internal unsafe interface ISmallPanelBlock
{
    static abstract int Bytes { get; }

    static abstract bool HasMinimum { get; }

    /// <summary>Writes the integers of a block of 16 rows.</summary>
    static abstract void Read(byte* block, nint rowBytes, int* values);
}

/// <summary>Rows of small blocks, which begin with the scale and, where there is one, the minimum.</summary>
internal readonly unsafe struct SmallPanelReader<TBlock> : IPanelReader
    where TBlock : ISmallPanelBlock
{
    private const int Rows = 16;
    private const int MostGroups = 8;

    public static bool HasMinimum => TBlock.HasMinimum;

    public static void Read(byte* rows, nint rowBytes, int columns, in PanelTarget target)
    {
        // Halves are gathered one by one and widened 16 at once, all of them later on, when they have arrived.
        var halves = (ushort*)target.Scratch;
        var minima = halves + (MostGroups * Rows);
        var groups = columns / InputView.GroupLength;
        for (var group = 0; group < groups; group++, rows += TBlock.Bytes)
        {
            TBlock.Read(rows, rowBytes, target.Values + (group * InputView.GroupLength / 2 * PanelTranspose.Rows));
            var block = rows;
            for (var row = 0; row < Rows; row++, block += rowBytes)
            {
                halves[(group * Rows) + row] = *(ushort*)block;
                if (TBlock.HasMinimum)
                {
                    minima[(group * Rows) + row] = ((ushort*)block)[1];
                }
            }
        }

        for (var group = 0; group < groups; group++)
        {
            Float16.LoadHalf(halves + (group * Rows)).Store(target.Scales + (group * PanelTranspose.Rows));
            if (TBlock.HasMinimum)
            {
                Float16.LoadHalf(minima + (group * Rows)).Store(target.Minima + (group * PanelTranspose.Rows));
            }
        }
    }
}

/// <summary>Scale, 32 signed bytes.</summary>
internal readonly unsafe struct Q8PanelBlock : ISmallPanelBlock
{
    public static int Bytes => 34;

    public static bool HasMinimum => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Read(byte* block, nint rowBytes, int* values)
    {
        Half(block + 2, rowBytes, values);
        Half(block + 18, rowBytes, values + (8 * PanelTranspose.Rows));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Half(byte* bytes, nint rowBytes, int* values)
    {
        var (word0, word1, word2, word3) = PanelTranspose.Words(bytes, rowBytes);
        Store(word0, values);
        Store(word1, values + (2 * PanelTranspose.Rows));
        Store(word2, values + (4 * PanelTranspose.Rows));
        Store(word3, values + (6 * PanelTranspose.Rows));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<short> word, int* values)
    {
        ((word << 8) >> 8).Store((short*)values);
        (word >> 8).Store((short*)(values + PanelTranspose.Rows));
    }
}

/// <summary>Scale, 16 bytes of nibbles; the integers are less 8.</summary>
internal readonly unsafe struct Q4PanelBlock : ISmallPanelBlock
{
    public static int Bytes => 18;

    public static bool HasMinimum => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Read(byte* block, nint rowBytes, int* values)
    {
        var (word0, word1, word2, word3) = PanelTranspose.Words(block + 2, rowBytes);
        Store(word0, values);
        Store(word1, values + (2 * PanelTranspose.Rows));
        Store(word2, values + (4 * PanelTranspose.Rows));
        Store(word3, values + (6 * PanelTranspose.Rows));
    }

    // Less 8 is the upper bit turned over, and taken as a sign.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<short> word, int* values)
    {
        word ^= Vector512.Create(unchecked((short)0x8888));
        ((word << 12) >> 12).Store((short*)values);
        ((word << 4) >> 12).Store((short*)(values + PanelTranspose.Rows));
        ((word << 8) >> 12).Store((short*)(values + (8 * PanelTranspose.Rows)));
        (word >> 12).Store((short*)(values + (9 * PanelTranspose.Rows)));
    }
}

/// <summary>Scale, minimum, 16 bytes of nibbles.</summary>
internal readonly unsafe struct Q4MinimumPanelBlock : ISmallPanelBlock
{
    public static int Bytes => 20;

    public static bool HasMinimum => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Read(byte* block, nint rowBytes, int* values)
    {
        var (word0, word1, word2, word3) = PanelTranspose.Words(block + 4, rowBytes);
        Store(word0, values);
        Store(word1, values + (2 * PanelTranspose.Rows));
        Store(word2, values + (4 * PanelTranspose.Rows));
        Store(word3, values + (6 * PanelTranspose.Rows));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<short> word, int* values)
    {
        var nibble = Vector512.Create((short)15);
        (word & nibble).Store((short*)values);
        ((word >>> 8) & nibble).Store((short*)(values + PanelTranspose.Rows));
        ((word >>> 4) & nibble).Store((short*)(values + (8 * PanelTranspose.Rows)));
        (word >>> 12).Store((short*)(values + (9 * PanelTranspose.Rows)));
    }
}

/// <summary>Any type: unpacked row by row, then transposed.</summary>
internal readonly unsafe struct UnpackedPanelReader<TReader> : IPanelReader
    where TReader : IRowReader
{
    private const int Rows = 16;
    private const int MostColumns = 256;

    public static bool HasMinimum => TReader.HasMinimum;

    public static void Read(byte* rows, nint rowBytes, int columns, in PanelTarget target)
    {
        var scales = stackalloc float[2 * MostColumns / InputView.GroupLength];
        var minima = scales + (MostColumns / InputView.GroupLength);
        for (var row = 0; row < Rows; row++, rows += rowBytes)
        {
            TReader.Unpack(rows, columns, target.Scratch + (row * MostColumns), scales, minima);
            for (var group = 0; group < columns / InputView.GroupLength; group++)
            {
                target.Scales[(group * PanelTranspose.Rows) + row] = scales[group];
                target.Minima[(group * PanelTranspose.Rows) + row] = minima[group];
            }
        }

        for (var word = 0; word < columns / 2; word += 16)
        {
            PanelTranspose.Transpose((int*)target.Scratch + word, MostColumns / 2, target.Values + (word * PanelTranspose.Rows));
        }
    }
}
