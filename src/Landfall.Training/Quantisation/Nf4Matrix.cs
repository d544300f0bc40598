using System.Runtime.InteropServices;
using Landfall.Inference.Formats.Quantisation;
using TorchSharp;
using static TorchSharp.torch;
using Stored = Landfall.Inference.Tensors.Tensor;

namespace Landfall.Training.Quantisation;

/// <summary>
/// A frozen matrix in four bits, blocks running over its rows. It is decoded when it is needed and let go again: 0.13 of F32
/// are held. On a GPU too it lies in the processor's memory and is decoded there.
/// </summary>
internal sealed class Nf4Matrix
{
    private const int ChunkBlocks = 1 << 12;
    private readonly byte[] _codes;
    private readonly DoubleQuantisedScales _scales;

    /// <summary>Encodes a matrix rows by rows.</summary>
    public Nf4Matrix(Stored stored)
    {
        (Rows, Columns) = (stored.Rows, stored.Columns);
        var numbers = (long)Rows * Columns;
        _codes = new byte[checked((int)((numbers + 1) / 2))];
        var scales = new float[(numbers + Nf4.BlockLength - 1) / Nf4.BlockLength];

        // As many rows at once as are whole blocks.
        var whole = Nf4.BlockLength / (int)System.Numerics.BigInteger.GreatestCommonDivisor(Nf4.BlockLength, Columns);
        var chunk = new float[whole * Columns];
        for (var first = 0; first < Rows; first += whole)
        {
            var count = Math.Min(whole, Rows - first);
            for (var row = 0; row < count; row++)
            {
                BlockCodec.Decode(stored, first + row, chunk.AsSpan(row * Columns, Columns));
            }

            var begin = (int)((long)first * Columns / Nf4.BlockLength);
            EncodeBlocks(chunk.AsSpan(0, count * Columns), scales.AsSpan(begin), _codes.AsSpan(begin * (Nf4.BlockLength / 2)));
        }

        _scales = new DoubleQuantisedScales(scales);
    }

    /// <summary>Outputs.</summary>
    public int Rows { get; }

    /// <summary>Inputs.</summary>
    public int Columns { get; }

    /// <summary>Bytes that it takes.</summary>
    public long Bytes => _codes.Length + _scales.Bytes;

    /// <summary>The matrix, <c>[rows, columns]</c>.</summary>
    /// <param name="type">F32 or BF16.</param>
    /// <param name="device">Where to.</param>
    public Tensor Decode(ScalarType type, Device device)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var decoded = empty(Rows, Columns);
        Decode(decoded);
        return decoded.to(type).to(device).MoveToOuterDisposeScope();
    }

    private unsafe void Decode(Tensor target)
    {
        fixed (byte* bytes = target.bytes)
        {
            var address = (nint)bytes;
            var length = Rows * Columns;
            Parallel.For(0, (_scales.Count + ChunkBlocks - 1) / ChunkBlocks, new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() }, chunk =>
            {
                var numbers = new Span<float>((void*)address, length);
                for (var block = chunk * ChunkBlocks; block < Math.Min(_scales.Count, (chunk + 1) * ChunkBlocks); block++)
                {
                    DecodeBlock(block, numbers.Slice(block * Nf4.BlockLength, Math.Min(Nf4.BlockLength, length - (block * Nf4.BlockLength))));
                }
            });
        }
    }

    private void DecodeBlock(int block, Span<float> numbers)
    {
        var codes = _codes.AsSpan(block * (Nf4.BlockLength / 2));
        if (numbers.Length % 2 == 0)
        {
            Nf4.Decode(codes, _scales[block], numbers);
            return;
        }

        Span<float> padded = stackalloc float[numbers.Length + 1];
        Nf4.Decode(codes, _scales[block], padded);
        padded[..^1].CopyTo(numbers);
    }

    private static void EncodeBlocks(ReadOnlySpan<float> numbers, Span<float> scales, Span<byte> codes)
    {
        for (var begin = 0; begin < numbers.Length; begin += Nf4.BlockLength)
        {
            var block = numbers.Slice(begin, Math.Min(Nf4.BlockLength, numbers.Length - begin));
            scales[begin / Nf4.BlockLength] = Nf4.Encode(block, codes.Slice(begin / 2, (block.Length + 1) / 2));
        }
    }
}
