using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Landfall.Inference.Kernels;

/// <summary>Turns rows of weights into a panel, where what is multiplied by the same activation lies side by side.</summary>
internal static unsafe class PanelTranspose
{
    /// <summary>Rows side by side in a panel: two vectors.</summary>
    public const int Rows = 32;

    /// <summary>Transposes 16 rows of 16 words: <c>target[column * 32 + row] = source[row * stride + column]</c>.</summary>
    public static void Transpose(int* source, nint stride, int* target)
    {
        // By words within pairs of rows, then by pairs, then by quarters of vectors.
        var temporary = stackalloc Vector512<int>[16];
        for (var four = 0; four < 4; four++)
        {
            var rows = source + (4 * four * stride);
            var (row0, row1) = (Vector512.Load(rows), Vector512.Load(rows + stride));
            var (row2, row3) = (Vector512.Load(rows + (2 * stride)), Vector512.Load(rows + (3 * stride)));
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

    /// <summary>Packs a tile of activations; vectors that are not there are zeros.</summary>
    public static void Pack(in InputView view, int tile)
    {
        var target = view.Packed + ((nint)tile * InputView.TileTokens * view.Columns / 2);
        var words = view.Columns / 2;
        var first = (int*)(view.Quantised + ((nint)tile * InputView.TileTokens * view.Columns));
        var tokens = Math.Min(InputView.TileTokens, view.Tokens - (tile * InputView.TileTokens));
        if (tokens < InputView.TileTokens)
        {
            for (var word = 0; word < words; word++, target += InputView.TileTokens)
            {
                for (var token = 0; token < InputView.TileTokens; token++)
                {
                    target[token] = token < tokens ? first[((nint)token * words) + word] : 0;
                }
            }

            return;
        }

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
            var row0 = Vector256.Create(Vector128.Load(source), Vector128.Load(source + (4 * stride)));
            var row1 = Vector256.Create(Vector128.Load(source + stride), Vector128.Load(source + (5 * stride)));
            var row2 = Vector256.Create(Vector128.Load(source + (2 * stride)), Vector128.Load(source + (6 * stride)));
            var row3 = Vector256.Create(Vector128.Load(source + (3 * stride)), Vector128.Load(source + (7 * stride)));
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
}
