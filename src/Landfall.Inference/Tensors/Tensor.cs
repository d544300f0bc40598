using System.Runtime.InteropServices;

namespace Landfall.Inference.Tensors;

/// <summary>Memory that tensors lie in: a mapped file or a buffer. It stays until it and all its tensors are let go.</summary>
public abstract class TensorMemory : IDisposable
{
    /// <summary>Lets the memory go; tensors in it must not be read any more.</summary>
    public abstract void Dispose();
}

/// <summary>
/// A named array of numbers in foreign memory, row-major, the last dimension contiguous. Rows are whole blocks of
/// <see cref="Type"/>. It does not own its memory but keeps it from being collected.
/// </summary>
public sealed unsafe class Tensor
{
    private readonly TensorMemory _memory;

    /// <param name="name">Its name in the file.</param>
    /// <param name="type">How values lie in memory.</param>
    /// <param name="shape">Dimensions, outermost first (Hugging Face's order; GGUF's reversed).</param>
    /// <param name="memory">What owns the bytes.</param>
    /// <param name="data">The first byte.</param>
    public Tensor(string name, TensorType type, ReadOnlySpan<long> shape, TensorMemory memory, byte* data)
    {
        Name = name;
        Type = type;
        Shape = shape.ToArray();
        _memory = memory;
        Data = data;
        Columns = checked((int)(shape.Length == 0 ? 1 : shape[^1]));
        var rows = 1L;
        foreach (var dimension in shape.Length == 0 ? [] : shape[..^1])
        {
            rows = checked(rows * dimension);
        }

        Rows = checked((int)rows);
        RowBytes = type.RowBytes(Columns);
    }

    /// <summary>Its name in the file.</summary>
    public string Name { get; }

    /// <summary>How values lie in memory.</summary>
    public TensorType Type { get; }

    /// <summary>Dimensions, outermost first.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>All dimensions but the last, multiplied: a linear layer's outputs.</summary>
    public int Rows { get; }

    /// <summary>The last dimension: a linear layer's inputs.</summary>
    public int Columns { get; }

    /// <summary>Bytes from one row to the next.</summary>
    public long RowBytes { get; }

    /// <summary>Bytes of all rows.</summary>
    public long Bytes => Rows * RowBytes;

    /// <summary>What owns the bytes.</summary>
    public TensorMemory Memory => _memory;

    /// <summary>The first byte. Valid while <see cref="Memory"/> is not disposed of.</summary>
    public byte* Data { get; }

    /// <summary>The bytes of one row.</summary>
    public ReadOnlySpan<byte> Row(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows, nameof(row));
        return new ReadOnlySpan<byte>(Data + (row * RowBytes), checked((int)RowBytes));
    }

    /// <summary>Name, type and shape.</summary>
    public override string ToString() => $"{Name} {Type} [{string.Join(", ", Shape)}]";
}

/// <summary>Zeroed memory outside the garbage collector's heap, aligned to 64 bytes.</summary>
public sealed unsafe class NativeBuffer : TensorMemory
{
    private readonly Allocation _allocation;

    /// <summary>A zeroed buffer.</summary>
    public NativeBuffer(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        Bytes = bytes;
        _allocation = new Allocation(bytes);
    }

    /// <summary>Its length.</summary>
    public long Bytes { get; }

    /// <summary>The first byte.</summary>
    public byte* Data => _allocation.Data;

    /// <summary>A tensor in a buffer of its own.</summary>
    public static Tensor Allocate(string name, TensorType type, params ReadOnlySpan<long> shape)
    {
        var bytes = type.RowBytes(shape[^1]);
        foreach (var dimension in shape[..^1])
        {
            bytes = checked(bytes * dimension);
        }

        var buffer = new NativeBuffer(bytes);
        return new Tensor(name, type, shape, buffer, buffer.Data);
    }

    /// <summary>Frees the memory.</summary>
    public override void Dispose() => _allocation.Dispose();

    private sealed class Allocation : SafeHandle
    {
        private readonly long _bytes;

        public Allocation(long bytes)
            : base(0, ownsHandle: true)
        {
            _bytes = Math.Max(bytes, 1);
            handle = (nint)NativeMemory.AlignedAlloc((nuint)_bytes, 64);
            NativeMemory.Clear((void*)handle, (nuint)_bytes);
            GC.AddMemoryPressure(_bytes);
        }

        public override bool IsInvalid => handle == 0;

        public byte* Data => (byte*)handle;

        protected override bool ReleaseHandle()
        {
            NativeMemory.AlignedFree((void*)handle);
            GC.RemoveMemoryPressure(_bytes);
            return true;
        }
    }
}
