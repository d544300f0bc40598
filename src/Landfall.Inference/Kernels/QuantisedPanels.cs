using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Landfall.Inference.Tensors;

namespace Landfall.Inference.Kernels;

/// <summary>
/// Rows of quantised weights times several vectors by AVX-512: 32 rows are unpacked once into a panel that stays in a cache,
/// and vectors pass by it in tiles of eight, whose 16 sums stay in registers.
/// </summary>
/// <typeparam name="TPanel">Reads rows into a panel.</typeparam>
/// <typeparam name="TReader">Reads the rows that do not fill a panel.</typeparam>
internal static unsafe class QuantisedPanels<TPanel, TReader>
    where TPanel : IPanelReader
    where TReader : IRowReader
{
    private const int PanelRows = PanelTranspose.Rows;
    private const int GroupLength = InputView.GroupLength;
    private const int TileTokens = InputView.TileTokens;
    private const int ReadColumns = 256;

    // Few vectors: the panel stays in the first-level cache (16 KB), many: in the second-level cache (a quarter of a megabyte).
    private const int FewColumns = ReadColumns;
    private const int ManyColumns = 4096;

    public static void Compute(in RowRange range, TensorType type)
    {
        var columns = Math.Min(range.Input.Columns, range.Input.Tokens <= 4 * TileTokens ? FewColumns : ManyColumns);
        var tiles = (range.Input.Tokens + TileTokens - 1) / TileTokens;
        var panel = new Panel(columns, tiles);
        var row = 0;
        for (; row <= range.Rows - PanelRows; row += PanelRows)
        {
            new Span<float>(panel.Sums, tiles * TileTokens * PanelRows).Clear();
            for (var column = 0; column < range.Input.Columns; column += columns)
            {
                var count = Math.Min(columns, range.Input.Columns - column);
                Fill(panel, range.Weights + (row * range.RowBytes) + type.RowBytes(column), range.RowBytes, count, type);
                var next = Next(range, row, column + count, columns, type);
                for (var tile = 0; tile < tiles; tile++)
                {
                    Multiply(panel, range.Input, tile, column, count, tile == 0 ? next : default);
                }
            }

            Finish(panel, range, row);
        }

        if (row < range.Rows)
        {
            QuantisedRows<TReader, Shorts512, Vector512<int>, Float16>.Vectors(
                new RowRange(range.Weights + (row * range.RowBytes), range.RowBytes, range.Rows - row, range.Input, range.Output + row, range.Stride), type);
        }
    }

    // A large panel is multiplied by so many vectors that waiting for its weights is a small part.
    private static Ahead Next(in RowRange range, int row, int column, int columns, TensorType type)
    {
        if (column == range.Input.Columns)
        {
            row += PanelRows;
            column = 0;
        }

        return row <= range.Rows - PanelRows && columns == FewColumns
            ? new Ahead(range.Weights + (row * range.RowBytes) + type.RowBytes(column), (nint)range.RowBytes, (int)type.RowBytes(Math.Min(columns, range.Input.Columns - column)))
            : default;
    }

    private static void Fill(in Panel panel, byte* weights, long rowBytes, int columns, TensorType type)
    {
        for (var column = 0; column < columns; column += ReadColumns)
        {
            var count = Math.Min(ReadColumns, columns - column);
            var group = column / GroupLength;
            for (var half = 0; half < PanelRows; half += 16)
            {
                var target = new PanelTarget(
                    panel.Values + (column / 2 * PanelRows) + half, panel.Scales + (group * PanelRows) + half, panel.Minima + (group * PanelRows) + half, panel.Scratch);
                TPanel.Read(weights + (half * rowBytes), (nint)rowBytes, count, target);
            }

            weights += type.RowBytes(count);
        }
    }

    private static void Finish(in Panel panel, in RowRange range, int row)
    {
        var sums = panel.Sums;
        for (var token = 0; token < range.Input.Tokens; token++, sums += PanelRows)
        {
            var scale = range.Input.Scales[token];
            var output = range.Output + ((nint)token * range.Stride) + row;
            (Vector512.Load(sums) * scale).Store(output);
            (Vector512.Load(sums + 16) * scale).Store(output + 16);
        }
    }

    private static void Multiply(in Panel panel, in InputView input, int tile, int column, int columns, in Ahead next)
    {
        var sums = (Vector512<float>*)(panel.Sums + (tile * TileTokens * PanelRows));
        var inputs = input.Packed + ((nint)tile * TileTokens * input.Columns / 2) + (column / 2 * TileTokens);
        if (input.Tokens - (tile * TileTokens) > TileTokens / 2)
        {
            Tile<Full>(panel, inputs, columns / GroupLength, sums, next);
        }
        else
        {
            Tile<HalfFull>(panel, inputs, columns / GroupLength, sums, next);
        }

        if (TPanel.HasMinimum)
        {
            AddMinima(panel, input, tile, column / GroupLength, columns / GroupLength, sums);
        }
    }

    /// <summary>Eight vectors times the panel, or four.</summary>
    private static void Tile<TSize>(in Panel panel, int* inputs, int groups, Vector512<float>* sums, Ahead next)
        where TSize : struct
    {
        var isFull = typeof(TSize) == typeof(Full);
        var values = panel.Values;
        var scales = panel.Scales;
        for (var group = 0; group < groups; group++, scales += PanelRows)
        {
            next.Fetch(group, groups);
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
                if (!isFull)
                {
                    continue;
                }

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

            var (lowerScale, upperScale) = (Vector512.Load(scales), Vector512.Load(scales + 16));
            Add(sums, sum00, sum10, lowerScale, upperScale);
            Add(sums + 2, sum01, sum11, lowerScale, upperScale);
            Add(sums + 4, sum02, sum12, lowerScale, upperScale);
            Add(sums + 6, sum03, sum13, lowerScale, upperScale);
            if (isFull)
            {
                Add(sums + 8, sum04, sum14, lowerScale, upperScale);
                Add(sums + 10, sum05, sum15, lowerScale, upperScale);
                Add(sums + 12, sum06, sum16, lowerScale, upperScale);
                Add(sums + 14, sum07, sum17, lowerScale, upperScale);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Vector512<float>* sums, Vector512<int> lower, Vector512<int> upper, Vector512<float> lowerScale, Vector512<float> upperScale)
    {
        sums[0] = Vector512.MultiplyAddEstimate(Vector512.ConvertToSingle(lower), lowerScale, sums[0]);
        sums[1] = Vector512.MultiplyAddEstimate(Vector512.ConvertToSingle(upper), upperScale, sums[1]);
    }

    private static void AddMinima(in Panel panel, in InputView input, int tile, int firstGroup, int groups, Vector512<float>* sums)
    {
        var tokens = Math.Min(TileTokens, input.Tokens - (tile * TileTokens));
        var values = input.Sums + ((nint)tile * TileTokens * input.Groups) + firstGroup;
        for (var token = 0; token < tokens; token++, values += input.Groups, sums += 2)
        {
            var (lower, upper) = (sums[0], sums[1]);
            var minima = panel.Minima;
            for (var group = 0; group < groups; group++, minima += PanelRows)
            {
                var value = Vector512.Create(values[group]);
                lower = Vector512.MultiplyAddEstimate(Vector512.Load(minima), value, lower);
                upper = Vector512.MultiplyAddEstimate(Vector512.Load(minima + 16), value, upper);
            }

            (sums[0], sums[1]) = (lower, upper);
        }
    }

    /// <summary>
    /// The weights of the panel after this one, to be brought into the second-level cache while this one is multiplied: otherwise memory
    /// waits while products are made, and products while panels are filled.
    /// </summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly struct Ahead(byte* rows, nint rowBytes, int bytes)
    {
        private const int LineBytes = 64;

        /// <summary>Asks for one group's share of the rows.</summary>
        public void Fetch(int group, int groups)
        {
            if (bytes == 0)
            {
                return;
            }

            var count = (PanelRows + groups - 1) / groups;
            var end = Math.Min(PanelRows, (group + 1) * count);
            for (var row = group * count; row < end; row++)
            {
                var first = rows + (row * rowBytes);
                for (var at = 0; at < bytes; at += LineBytes)
                {
                    Sse.Prefetch1(first + at);
                }

                Sse.Prefetch1(first + bytes - 1);
            }
        }
    }

    private readonly struct Full;

    private readonly struct HalfFull;

    /// <summary>Some columns of 32 rows, and the sums of their products.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly struct Panel
    {
        /// <summary><c>[columns / 2, rows, 2]</c>, two columns in a word.</summary>
        public readonly int* Values;

        /// <summary><c>[columns / 32, rows]</c></summary>
        public readonly float* Scales;

        /// <summary><c>[columns / 32, rows]</c></summary>
        public readonly float* Minima;

        /// <summary><c>[vectors, rows]</c></summary>
        public readonly float* Sums;

        /// <summary>Of readers.</summary>
        public readonly short* Scratch;

        public Panel(int columns, int tiles)
        {
            var groups = columns / GroupLength;
            Values = (int*)KernelScratch.Floats((columns * PanelRows / 2) + (2 * groups * PanelRows) + (tiles * TileTokens * PanelRows) + (16 * ReadColumns / 2));
            Scales = (float*)Values + (columns * PanelRows / 2);
            Minima = Scales + (groups * PanelRows);
            Sums = Minima + (groups * PanelRows);
            Scratch = (short*)(Sums + (tiles * TileTokens * PanelRows));
        }
    }
}
