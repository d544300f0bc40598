using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Landfall.Inference.Formats;
using TorchSharp;
using static TorchSharp.torch;

namespace Landfall.Training.Tuning;

/// <summary>The memory of tensors of F32 that lie contiguous: for kernels of our own, and for files.</summary>
internal static unsafe class FloatMemory
{
    private const long MostSpanBytes = 1L << 30;

    /// <summary>The first number of a tensor on the processor; valid while the tensor is.</summary>
    public static float* Pointer(Tensor tensor)
    {
        // A span ends at 2 GB; the memory goes on.
        using var one = tensor.numel() * sizeof(float) <= MostSpanBytes ? null : Flat(tensor).narrow(0, 0, 1);
        return (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference((one ?? tensor).bytes));
    }

    /// <summary>A tensor for a safetensors file.</summary>
    public static TensorOutput Output(string name, Tensor tensor) =>
        new(name, Inference.Tensors.TensorType.F32, tensor.shape, (stream, cancellation) => Write(tensor, stream, cancellation));

    /// <summary>A file's tensor that is to fill one of ours.</summary>
    /// <exception cref="Inference.ModelFormatException">There is none of that name, type and shape.</exception>
    public static Inference.Tensors.Tensor Find(SafetensorsFile file, string name, Tensor tensor)
    {
        var found = file.Tensors.Get(name);
        return found.Type == Inference.Tensors.TensorType.F32 && found.Shape.SequenceEqual(tensor.shape) ? found
            : throw new Inference.ModelFormatException(file.Tensors.File, $"the tensor {found} is not F32 [{string.Join(", ", tensor.shape)}].") { Tensor = name };
    }

    /// <summary>Fills a tensor with a file's numbers.</summary>
    public static void Fill(Tensor tensor, Inference.Tensors.Tensor found)
    {
        using var scope = NewDisposeScope();
        var target = tensor.device_type == DeviceType.CPU ? tensor : empty(tensor.shape, ScalarType.Float32);
        Buffer.MemoryCopy(found.Data, Pointer(target), found.Bytes, found.Bytes);
        if (!ReferenceEquals(target, tensor))
        {
            using var guard = no_grad();
            tensor.copy_(target);
        }
    }

    private static void Write(Tensor tensor, Stream stream, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var source = tensor.detach().cpu().contiguous();
        var first = (byte*)Pointer(source);
        var bytes = source.numel() * sizeof(float);
        for (var offset = 0L; offset < bytes; offset += MostSpanBytes)
        {
            cancellation.ThrowIfCancellationRequested();
            stream.Write(new ReadOnlySpan<byte>(first + offset, (int)Math.Min(MostSpanBytes, bytes - offset)));
        }
    }

    private static Tensor Flat(Tensor tensor) => tensor.detach().view(-1);
}
