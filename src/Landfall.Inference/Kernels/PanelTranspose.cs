using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Landfall.Inference.Kernels;

/// <summary>Turns rows of weights into a panel, where what is multiplied by the same activation lies side by side.</summary>
/// <remarks>
/// Columns are in pairs, for <c>vpmaddwd</c>: of each four the first with the third, and the second with the fourth, as four bytes of a row
/// come apart with the fewest instructions. Activations are in the same order.
/// </remarks>
internal static unsafe class PanelTranspose
{
    /// <summary>Rows side by side in a panel: two vectors.</summary>
    public const int Rows = 32;

    /// <summary>16 rows' 16 bytes: each result has one word of all rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<short> First, Vector512<short> Second, Vector512<short> Third, Vector512<short> Fourth) Words(byte* rows, nint stride)
    {
        var row0 = Load(rows, 4 * stride);
        var row1 = Load(rows + stride, 4 * stride);
        var row2 = Load(rows + (2 * stride), 4 * stride);
        var row3 = Load(rows + (3 * stride), 4 * stride);
        var low01 = Avx512F.UnpackLow(row0, row1).AsInt64();
        var high01 = Avx512F.UnpackHigh(row0, row1).AsInt64();
        var low23 = Avx512F.UnpackLow(row2, row3).AsInt64();
        var high23 = Avx512F.UnpackHigh(row2, row3).AsInt64();
        return (
            Avx512F.UnpackLow(low01, low23).AsInt16(),
            Avx512F.UnpackHigh(low01, low23).AsInt16(),
            Avx512F.UnpackLow(high01, high23).AsInt16(),
            Avx512F.UnpackHigh(high01, high23).AsInt16());
    }

    /// <summary>16 halves, widened to words with their sign, to singles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> FromHalves(Vector512<int> halves) =>
        ((halves << 13) & Vector512.Create(FloatBits.HalfMask)).AsSingle() * Vector512.Create(FloatBits.HalfScale);

    /// <summary>Transposes 16 rows of 16 words of two columns each: <c>target[word * 32 + row] = source[row * stride + word]</c>, in the panels' order of columns.</summary>
    public static void Transpose(int* source, nint stride, int* target)
    {
        // By words within pairs of rows, then by pairs, then by quarters of vectors.
        var temporary = stackalloc Vector512<int>[16];
        for (var four = 0; four < 4; four++)
        {
            var rows = source + (4 * four * stride);
            var (row0, row1) = (Order(Vector512.Load(rows)), Order(Vector512.Load(rows + stride)));
            var (row2, row3) = (Order(Vector512.Load(rows + (2 * stride))), Order(Vector512.Load(rows + (3 * stride))));
            var low01 = Avx512F.UnpackLow(row0, row1).AsInt64();
            var high01 = Avx512F.UnpackHigh(row0, row1).AsInt64();
            var low23 = Avx512F.UnpackLow(row2, row3).AsInt64();
            var high23 = Avx512F.UnpackHigh(row2, row3).AsInt64();
            temporary[four] = Avx512F.UnpackLow(low01, low23).AsInt32();
            temporary[4 + four] = Avx512F.UnpackHigh(low01, low23).AsInt32();
            temporary[8 + four] = Avx512F.UnpackLow(high01, high23).AsInt32();
            temporary[12 + four] = Avx512F.UnpackHigh(high01, high23).AsInt32();
        }

        for (var column = 0; column < 4; column++)
        {
            Quarters(temporary + (4 * column), target + (column * Rows));
        }
    }

    /// <summary>Packs a tile of activations.</summary>
    public static void Pack(in InputView view, int tile)
    {
        var words = view.Columns / 2;
        var first = (int*)(view.Quantised + ((nint)tile * InputView.TileTokens * view.Columns));
        var target = view.Packed + ((nint)tile * InputView.TileTokens * words);
        for (var word = 0; word < words; word += 8, target += 8 * InputView.TileTokens)
        {
            Transpose8(first + word, words, target);
        }
    }

    // Eight rows of eight words.
    private static void Transpose8(int* source, nint stride, int* target)
    {
        for (var half = 0; half < 2; half++, source += 4)
        {
            // Rows r and r + 4 in one vector: four columns of each.
            var row0 = Load(source, source + (4 * stride));
            var row1 = Load(source + stride, source + (5 * stride));
            var row2 = Load(source + (2 * stride), source + (6 * stride));
            var row3 = Load(source + (3 * stride), source + (7 * stride));
            var low01 = Avx2.UnpackLow(row0, row1).AsInt64();
            var high01 = Avx2.UnpackHigh(row0, row1).AsInt64();
            var low23 = Avx2.UnpackLow(row2, row3).AsInt64();
            var high23 = Avx2.UnpackHigh(row2, row3).AsInt64();
            Avx2.UnpackLow(low01, low23).AsInt32().Store(target + (32 * half));
            Avx2.UnpackHigh(low01, low23).AsInt32().Store(target + (32 * half) + 8);
            Avx2.UnpackLow(high01, high23).AsInt32().Store(target + (32 * half) + 16);
            Avx2.UnpackHigh(high01, high23).AsInt32().Store(target + (32 * half) + 24);
        }
    }

    // Four vectors whose quarters q hold column 4 q + c of four rows each: to columns c, 4 + c, 8 + c, 12 + c of 16 rows.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quarters(Vector512<int>* source, int* target)
    {
        var even01 = Avx512F.Shuffle4x128(source[0], source[1], 0x88);
        var odd01 = Avx512F.Shuffle4x128(source[0], source[1], 0xDD);
        var even23 = Avx512F.Shuffle4x128(source[2], source[3], 0x88);
        var odd23 = Avx512F.Shuffle4x128(source[2], source[3], 0xDD);
        Avx512F.Shuffle4x128(even01, even23, 0x88).Store(target);
        Avx512F.Shuffle4x128(odd01, odd23, 0x88).Store(target + (4 * Rows));
        Avx512F.Shuffle4x128(even01, even23, 0xDD).Store(target + (8 * Rows));
        Avx512F.Shuffle4x128(odd01, odd23, 0xDD).Store(target + (12 * Rows));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Load(byte* row, nint stride)
    {
        var rows = Vector128.Load((int*)row).ToVector256Unsafe().ToVector512Unsafe();
        rows = Avx512F.InsertVector128(rows, Vector128.Load((int*)(row + stride)), 1);
        rows = Avx512F.InsertVector128(rows, Vector128.Load((int*)(row + (2 * stride))), 2);
        return Avx512F.InsertVector128(rows, Vector128.Load((int*)(row + (3 * stride))), 3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Load(int* lower, int* upper) =>
        Avx2.ShuffleHigh(Avx2.ShuffleLow(Avx2.InsertVector128(Vector128.Load(lower).ToVector256Unsafe(), Vector128.Load(upper), 1).AsInt16(), 0xD8), 0xD8).AsInt32();

    // Of each four columns the first and the third, then the second and the fourth.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Order(Vector512<int> words) =>
        Avx512BW.ShuffleHigh(Avx512BW.ShuffleLow(words.AsInt16(), 0xD8), 0xD8).AsInt32();
}
