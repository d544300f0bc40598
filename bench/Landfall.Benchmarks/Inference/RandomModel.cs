using System.Runtime.InteropServices;
using Landfall.Inference.Formats;
using Landfall.Inference.Formats.Quantisation;
using Landfall.Inference.Tensors;

namespace Landfall.Benchmarks.Inference;

/// <summary>A Llama of a common shape with random weights, for speed alone: what its numbers say costs as much as what a trained model's do.</summary>
/// <param name="Name">Weights, roughly.</param>
/// <param name="Hidden">Width of the hidden states.</param>
/// <param name="Intermediate">Width of the feed-forward part.</param>
/// <param name="Layers">Layers.</param>
/// <param name="Heads">Query heads, 64 wide.</param>
/// <param name="KeyValueHeads">Heads of keys and values.</param>
internal sealed record RandomModel(string Name, int Hidden, int Intermediate, int Layers, int Heads, int KeyValueHeads)
{
    public const int Context = 4096;
    private const int HeadSize = 64;
    private const int RowsAtOnce = 1024;

    /// <summary>58, 360 and 1,100 million weights; the last has TinyLlama's shape.</summary>
    public static IReadOnlyList<RandomModel> All { get; } =
    [
        new("60m", 512, 1536, 8, 8, 4),
        new("360m", 1024, 2816, 25, 16, 8),
        new("1.1b", 2048, 5632, 22, 32, 4),
    ];

    /// <summary>Writes the model as GGUF: matrices in the type, norms in F32.</summary>
    public void Write(string path, TensorType type) => GgufWriter.Write(path, [.. Settings(type), .. RandomVocabulary.Entries()], [.. Tensors(type)]);

    private IEnumerable<GgufEntry> Settings(TensorType type) =>
    [
        GgufEntry.Of("general.architecture", "llama"),
        GgufEntry.Of("general.name", $"random {Name}"),
        GgufEntry.Of("general.file_type", FileType(type)),
        GgufEntry.Of("llama.block_count", Layers),
        GgufEntry.Of("llama.context_length", Context),
        GgufEntry.Of("llama.embedding_length", Hidden),
        GgufEntry.Of("llama.feed_forward_length", Intermediate),
        GgufEntry.Of("llama.attention.head_count", Heads),
        GgufEntry.Of("llama.attention.head_count_kv", KeyValueHeads),
        GgufEntry.Of("llama.attention.layer_norm_rms_epsilon", 1e-5f),
        GgufEntry.Of("llama.rope.freq_base", 10_000f),
        GgufEntry.Of("llama.rope.dimension_count", HeadSize),
        GgufEntry.Of("llama.vocab_size", RandomVocabulary.Size),
    ];

    private IEnumerable<TensorOutput> Tensors(TensorType type)
    {
        var seed = 0UL;
        yield return Matrix("token_embd.weight", RandomVocabulary.Size, Hidden, 1);
        for (var layer = 0; layer < Layers; layer++)
        {
            yield return Norm($"blk.{layer}.attn_norm.weight");
            yield return Matrix($"blk.{layer}.attn_q.weight", Heads * HeadSize, Hidden, 1);
            yield return Matrix($"blk.{layer}.attn_k.weight", KeyValueHeads * HeadSize, Hidden, 1);
            yield return Matrix($"blk.{layer}.attn_v.weight", KeyValueHeads * HeadSize, Hidden, 1);
            yield return Matrix($"blk.{layer}.attn_output.weight", Hidden, Heads * HeadSize, 1);
            yield return Norm($"blk.{layer}.ffn_norm.weight");
            yield return Matrix($"blk.{layer}.ffn_gate.weight", Intermediate, Hidden, 1);
            yield return Matrix($"blk.{layer}.ffn_up.weight", Intermediate, Hidden, 1);
            yield return Matrix($"blk.{layer}.ffn_down.weight", Hidden, Intermediate, 1);
        }

        yield return Norm("output_norm.weight");
        yield return Matrix("output.weight", RandomVocabulary.Size, Hidden, 2);

        TensorOutput Norm(string name) => TensorOutput.Of(name, Enumerable.Repeat(1f, Hidden).ToArray(), Hidden);

        TensorOutput Matrix(string name, int rows, int columns, float spread)
        {
            var own = ++seed << 32;
            return new TensorOutput(name, type, [rows, columns], (stream, _) => WriteRows(stream, type, rows, columns, spread, own));
        }
    }

    /// <summary>Rows are random and encoded on all processors, and written in order. The end token's row of the output is zero, so that no answer ends.</summary>
    private static void WriteRows(Stream stream, TensorType type, int rows, int columns, float spread, ulong seed)
    {
        var rowBytes = (int)type.RowBytes(columns);
        var buffer = new byte[RowsAtOnce * rowBytes];
        for (var begin = 0; begin < rows; begin += RowsAtOnce)
        {
            var first = begin;
            var count = Math.Min(RowsAtOnce, rows - begin);
            Parallel.For(0, count, row =>
            {
                var values = new float[columns];
                if (first + row != RandomVocabulary.EndToken || spread < 2)
                {
                    Fill(values, seed + (ulong)(first + row), spread / MathF.Sqrt(columns));
                }

                BlockCodec.Encode(type, values, buffer.AsSpan(row * rowBytes, rowBytes));
            });
            stream.Write(buffer.AsSpan(0, count * rowBytes));
        }
    }

    /// <summary>Nearly normal numbers: the sum of four uniform ones, of 16 bits of a SplitMix64 number each.</summary>
    private static void Fill(Span<float> values, ulong state, float spread)
    {
        // Four uniform numbers of variance 1/12 each, so their sum's is 1/3.
        var scale = spread * MathF.Sqrt(3) / 65536;
        state *= 0xD1342543DE82EF95;
        foreach (ref var value in values)
        {
            state += 0x9E3779B97F4A7C15;
            var mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            mixed ^= mixed >> 31;
            var parts = MemoryMarshal.Cast<ulong, ushort>(new Span<ulong>(ref mixed));
            value = (parts[0] + parts[1] + parts[2] + parts[3] - 131070) * scale;
        }
    }

    /// <summary>llama.cpp's number for what a file mostly holds.</summary>
    private static int FileType(TensorType type) => type switch
    {
        TensorType.F32 => 0,
        TensorType.F16 => 1,
        TensorType.Q4_0 => 2,
        TensorType.Q8_0 => 7,
        TensorType.Q4_K => 14,
        TensorType.Q6_K => 18,
        TensorType.BF16 => 32,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, message: null),
    };
}
