using System.Runtime.InteropServices;
using Landfall.Inference.Tensors;

namespace Landfall.Inference.Kernels;

/// <summary>
/// Vectors of activations that several matrices are multiplied by (query, key and value; gate and up): what quantised weights
/// need of them is computed once. To be reused from call to call, by one thread at a time.
/// </summary>
/// <remarks>
/// Quantised weights are multiplied by 16-bit integers with one scale for each vector: .NET offers no 8-bit dot product, and
/// without it 16 bits cost what 8 would.
/// </remarks>
public sealed unsafe class PreparedInput : IDisposable
{
    private NativeBuffer? _buffer;
    private NativeBuffer? _quantised;
    private float* _values;
    private bool _isQuantised;

    /// <summary>Vectors.</summary>
    public int Tokens { get; private set; }

    /// <summary>Length of each.</summary>
    public int Columns { get; private set; }

    /// <summary>Makes room for vectors, which the caller then writes into what is returned, before the first product.</summary>
    /// <param name="tokens">Vectors.</param>
    /// <param name="columns">Length of each.</param>
    /// <returns><c>[tokens, columns]</c> of any content.</returns>
    public Span<float> Begin(int tokens, int columns)
    {
        var count = checked(tokens * columns);
        Reserve(ref _buffer, (long)count * sizeof(float));
        Attach((float*)_buffer!.Data, tokens, columns);
        return new Span<float>(_values, count);
    }

    /// <summary>Copies vectors.</summary>
    /// <param name="values"><c>[tokens, columns]</c></param>
    /// <param name="tokens">Vectors.</param>
    /// <param name="columns">Length of each.</param>
    public void Set(ReadOnlySpan<float> values, int tokens, int columns) => values[..(tokens * columns)].CopyTo(Begin(tokens, columns));

    /// <summary>Lets the memory go.</summary>
    public void Dispose()
    {
        _buffer?.Dispose();
        _quantised?.Dispose();
        (_buffer, _quantised, Tokens) = (null, null, 0);
        _values = null;
    }

    /// <summary>Uses vectors where they lie, for as long as they lie there.</summary>
    internal void Attach(float* values, int tokens, int columns)
    {
        _values = values;
        (Tokens, Columns, _isQuantised) = (tokens, columns, false);
    }

    /// <summary>The vectors as weights of the type need them.</summary>
    internal InputView View(TensorType type, KernelPath path, ComputePool pool)
    {
        if (type.BlockLength() == 1 || path == KernelPath.Portable)
        {
            return new InputView(_values, Tokens, Columns);
        }

        var groups = Columns / InputView.GroupLength;
        var isPacked = path == KernelPath.Avx512 && Tokens >= RowKernels.PanelTokens;
        var isReordered = path == KernelPath.Avx512 && Tokens == 1;
        var rows = isPacked ? (Tokens + InputView.TileTokens - 1) / InputView.TileTokens * InputView.TileTokens : Tokens;
        var (shorts, sums) = ((long)rows * Columns * sizeof(short), (long)Tokens * groups * sizeof(float));
        var packed = isReordered || isPacked ? shorts : 0;
        if (!_isQuantised)
        {
            Reserve(ref _quantised, Align(shorts) + Align(sums) + Align(packed) + (Tokens * sizeof(float)));
        }

        var data = _quantised!.Data;
        var view = new InputView(_values, Tokens, Columns)
        {
            Quantised = (short*)data,
            Sums = (float*)(data + Align(shorts)),
            Packed = (int*)(data + Align(shorts) + Align(sums)),
            IsPacked = isPacked,
            IsReordered = isReordered,
            Scales = (float*)(data + Align(shorts) + Align(sums) + Align(packed)),
        };
        if (!_isQuantised)
        {
            InputQuantiser.Quantise(view, path, pool);
            _isQuantised = true;
        }

        return view;
    }

    private static long Align(long bytes) => (bytes + 63) & ~63L;

    private static void Reserve(ref NativeBuffer? buffer, long bytes)
    {
        if (buffer is null || buffer.Bytes < bytes)
        {
            buffer?.Dispose();
            buffer = new NativeBuffer(bytes);
        }
    }
}

/// <summary>Activations as kernels read them.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct InputView(float* values, int tokens, int columns)
{
    /// <summary>Quantised activations that share one sum.</summary>
    public const int GroupLength = 32;

    /// <summary>Vectors that pass by a panel of weights at once.</summary>
    public const int TileTokens = 8;

    /// <summary><c>[tokens, columns]</c></summary>
    public readonly float* Values = values;

    public readonly int Tokens = tokens;
    public readonly int Columns = columns;

    /// <summary><c>[tokens, columns]</c>: value / the token's scale, rounded; zeros follow up to a whole tile where there is <see cref="Packed"/>.</summary>
    public short* Quantised { get; init; }

    /// <summary><c>[tiles, columns / 2, tile's tokens, 2]</c>: the same with two columns of all of a tile's tokens side by side, in the order of <see cref="PanelTranspose"/>.</summary>
    public int* Packed { get; init; }

    /// <summary>Whether there is <see cref="Packed"/>.</summary>
    public bool IsPacked { get; init; }

    /// <summary>A single vector in the order of <see cref="NibbleRows"/>.</summary>
    public short* Reordered => (short*)Packed;

    /// <summary>Whether there is <see cref="Reordered"/>.</summary>
    public bool IsReordered { get; init; }

    /// <summary><c>[tokens, columns / 32]</c>: sums of the quantised values, for weights that have a minimum or an offset.</summary>
    public float* Sums { get; init; }

    /// <summary><c>[tokens]</c></summary>
    public float* Scales { get; init; }

    public int Groups => Columns / GroupLength;
}
