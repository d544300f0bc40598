using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Landfall.Inference.Tensors;

namespace Landfall.Inference.Kernels;

/// <summary>
/// Rows of quantised weights times many vectors by AVX-512: 32 rows are unpacked once into a panel that stays in the
/// second-level cache, and vectors pass by it in tiles of eight, whose 16 sums stay in registers.
/// </summary>
internal static unsafe class QuantisedPanels<TReader>
    where TReader : IRowReader
{
    private const int PanelRows = PanelTranspose.Rows;
    private const int GroupLength = InputView.GroupLength;
    private const int TileTokens = InputView.TileTokens;

    // A multiple of 256. 32 rows of 4,096 integers are a quarter of a megabyte.
    private const int PanelColumns = 4096;
    private const int UnpackColumns = 256;

    public static void Compute(in RowRange range, TensorType type)
    {
        var columns = Math.Min(range.Input.Columns, PanelColumns);
        var groups = columns / GroupLength;
        var panel = new Panel
        {
            Scales = KernelScratch.Floats((columns * PanelRows / 2) + (2 * groups * PanelRows) + (PanelRows * ((UnpackColumns / 2) + 16)) + (2 * TileTokens * 16)),
        };
        panel.Minima = panel.Scales + (groups * PanelRows);
        panel.Sums = panel.Minima + (groups * PanelRows);
        panel.Unpacked = (short*)(panel.Sums + (2 * TileTokens * 16));
        panel.Values = (int*)(panel.Unpacked + (PanelRows * UnpackColumns)) + (PanelRows * 16);
        for (var row = 0; row < range.Rows; row += PanelRows)
        {
            for (var column = 0; column < range.Input.Columns; column += PanelColumns)
            {
                panel.Rows = Math.Min(PanelRows, range.Rows - row);
                panel.Column = column;
                panel.Columns = Math.Min(PanelColumns, range.Input.Columns - column);
                Fill(ref panel, range.Weights + (row * range.RowBytes) + type.RowBytes(column), range.RowBytes, type);
                for (var token = 0; token < range.Input.Tokens; token += TileTokens)
                {
                    Multiply(panel, range, row, token);
                }
            }
        }
    }

    // Unpacks a few columns of all rows at a time, so that what is unpacked is still in the first-level cache when it is transposed.
    private static void Fill(ref Panel panel, byte* weights, long rowBytes, TensorType type)
    {
        var scales = stackalloc float[2 * UnpackColumns / GroupLength];
        var minima = scales + (UnpackColumns / GroupLength);
        if (panel.Rows < PanelRows)
        {
            new Span<short>(panel.Unpacked, PanelRows * UnpackColumns).Clear();
            new Span<float>(panel.Scales, panel.Columns / GroupLength * PanelRows).Clear();
            new Span<float>(panel.Minima, panel.Columns / GroupLength * PanelRows).Clear();
        }

        for (var column = 0; column < panel.Columns; column += UnpackColumns)
        {
            var count = Math.Min(UnpackColumns, panel.Columns - column);
            var group = column / GroupLength;
            for (var row = 0; row < panel.Rows; row++)
            {
                TReader.Unpack(weights + (row * rowBytes), count, panel.Unpacked + (row * UnpackColumns), scales, minima);
                for (var index = 0; index < count / GroupLength; index++)
                {
                    panel.Scales[((group + index) * PanelRows) + row] = scales[index];
                    panel.Minima[((group + index) * PanelRows) + row] = minima[index];
                }
            }

            for (var word = 0; word < count / 2; word += 16)
            {
                var source = (int*)panel.Unpacked + word;
                var target = panel.Values + (((column / 2) + word) * PanelRows);
                PanelTranspose.Transpose(source, UnpackColumns / 2, target);
                PanelTranspose.Transpose(source + (16 * UnpackColumns / 2), UnpackColumns / 2, target + 16);
            }

            weights += type.RowBytes(count);
        }
    }

    private static void Multiply(in Panel panel, in RowRange range, int row, int token)
    {
        var tokens = Math.Min(TileTokens, range.Input.Tokens - token);
        var sums = (Vector512<float>*)panel.Sums;
        new Span<float>(panel.Sums, 2 * TileTokens * 16).Clear();
        Tile(panel, range.Input, token, tokens - 1, sums);
        for (var index = 0; index < tokens; index++)
        {
            var scale = range.Input.Scales[token + index];
            var output = range.Output + ((nint)(token + index) * range.Stride) + row;
            var (lower, upper) = (sums[2 * index] * scale, sums[(2 * index) + 1] * scale);
            if (panel.Rows == PanelRows)
            {
                (panel.Column == 0 ? lower : lower + Vector512.Load(output)).Store(output);
                (panel.Column == 0 ? upper : upper + Vector512.Load(output + 16)).Store(output + 16);
                continue;
            }

            (sums[2 * index], sums[(2 * index) + 1]) = (lower, upper);
            for (var each = 0; each < panel.Rows; each++)
            {
                output[each] = panel.Sums[(index * PanelRows) + each] + (panel.Column == 0 ? 0f : output[each]);
            }
        }
    }

    /// <summary>Eight vectors times the panel.</summary>
    private static void Tile(in Panel panel, in InputView input, int token, int last, Vector512<float>* sums)
    {
        var inputs = input.Packed + ((nint)token * input.Columns / 2) + (panel.Column / 2 * TileTokens);
        var values = panel.Values;
        var groups = panel.Columns / GroupLength;
        for (var group = 0; group < groups; group++)
        {
            var zero = Vector512<int>.Zero;
            var (sum00, sum01, sum02, sum03, sum04, sum05, sum06, sum07) = (zero, zero, zero, zero, zero, zero, zero, zero);
            var (sum10, sum11, sum12, sum13, sum14, sum15, sum16, sum17) = (zero, zero, zero, zero, zero, zero, zero, zero);
            for (var word = 0; word < GroupLength / 2; word++, values += PanelRows, inputs += TileTokens)
            {
                var (lower, upper) = (Vector512.Load(values).AsInt16(), Vector512.Load(values + 16).AsInt16());
                var value = Vector512.Create(inputs[0]).AsInt16();
                sum00 += Avx512BW.MultiplyAddAdjacent(lower, value);
                sum10 += Avx512BW.MultiplyAddAdjacent(upper, value);
                value = Vector512.Create(inputs[1]).AsInt16();
                sum01 += Avx512BW.MultiplyAddAdjacent(lower, value);
                sum11 += Avx512BW.MultiplyAddAdjacent(upper, value);
                value = Vector512.Create(inputs[2]).AsInt16();
                sum02 += Avx512BW.MultiplyAddAdjacent(lower, value);
                sum12 += Avx512BW.MultiplyAddAdjacent(upper, value);
                value = Vector512.Create(inputs[3]).AsInt16();
                sum03 += Avx512BW.MultiplyAddAdjacent(lower, value);
                sum13 += Avx512BW.MultiplyAddAdjacent(upper, value);
                value = Vector512.Create(inputs[4]).AsInt16();
                sum04 += Avx512BW.MultiplyAddAdjacent(lower, value);
                sum14 += Avx512BW.MultiplyAddAdjacent(upper, value);
                value = Vector512.Create(inputs[5]).AsInt16();
                sum05 += Avx512BW.MultiplyAddAdjacent(lower, value);
                sum15 += Avx512BW.MultiplyAddAdjacent(upper, value);
                value = Vector512.Create(inputs[6]).AsInt16();
                sum06 += Avx512BW.MultiplyAddAdjacent(lower, value);
                sum16 += Avx512BW.MultiplyAddAdjacent(upper, value);
                value = Vector512.Create(inputs[7]).AsInt16();
                sum07 += Avx512BW.MultiplyAddAdjacent(lower, value);
                sum17 += Avx512BW.MultiplyAddAdjacent(upper, value);
            }

            var (lowerScale, upperScale) = (Vector512.Load(panel.Scales + (group * PanelRows)), Vector512.Load(panel.Scales + (group * PanelRows) + 16));
            Add(sums, sum00, sum10, lowerScale, upperScale);
            Add(sums + 2, sum01, sum11, lowerScale, upperScale);
            Add(sums + 4, sum02, sum12, lowerScale, upperScale);
            Add(sums + 6, sum03, sum13, lowerScale, upperScale);
            Add(sums + 8, sum04, sum14, lowerScale, upperScale);
            Add(sums + 10, sum05, sum15, lowerScale, upperScale);
            Add(sums + 12, sum06, sum16, lowerScale, upperScale);
            Add(sums + 14, sum07, sum17, lowerScale, upperScale);
            if (TReader.HasMinimum)
            {
                AddMinima(panel, input, token, last, group, sums);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Vector512<float>* sums, Vector512<int> lower, Vector512<int> upper, Vector512<float> lowerScale, Vector512<float> upperScale)
    {
        sums[0] = Vector512.MultiplyAddEstimate(Vector512.ConvertToSingle(lower), lowerScale, sums[0]);
        sums[1] = Vector512.MultiplyAddEstimate(Vector512.ConvertToSingle(upper), upperScale, sums[1]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddMinima(in Panel panel, in InputView input, int token, int last, int group, Vector512<float>* sums)
    {
        var (lower, upper) = (Vector512.Load(panel.Minima + (group * PanelRows)), Vector512.Load(panel.Minima + (group * PanelRows) + 16));
        var inputs = input.Sums + ((nint)token * input.Groups) + (panel.Column / GroupLength) + group;
        for (var index = 0; index <= last; index++, inputs += input.Groups)
        {
            var value = Vector512.Create(*inputs);
            sums[2 * index] = Vector512.MultiplyAddEstimate(lower, value, sums[2 * index]);
            sums[(2 * index) + 1] = Vector512.MultiplyAddEstimate(upper, value, sums[(2 * index) + 1]);
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Panel
    {
        /// <summary><c>[columns / 2, rows, 2]</c>, two columns in a word.</summary>
        public int* Values;

        /// <summary><c>[columns / 32, rows]</c></summary>
        public float* Scales;

        /// <summary><c>[columns / 32, rows]</c></summary>
        public float* Minima;

        /// <summary><c>[tile's vectors, rows]</c></summary>
        public float* Sums;

        /// <summary><c>[rows, some columns]</c>, on their way into the panel.</summary>
        public short* Unpacked;
        public int Rows;
        public int Column;
        public int Columns;
    }
}
