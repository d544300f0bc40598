using Landfall.Inference.Tensors;

namespace Landfall.Inference.Kernels;

/// <summary>A buffer of the current thread's own that kernels use within one call and that stays for the next.</summary>
internal static unsafe class KernelScratch
{
    [ThreadStatic]
    private static NativeBuffer? _buffer;

    /// <summary>Of any content, aligned to 64 bytes, valid until the thread's next call.</summary>
    public static float* Floats(int count) => (float*)Bytes((long)count * sizeof(float));

    /// <summary>Of any content, aligned to 64 bytes, valid until the thread's next call.</summary>
    public static byte* Bytes(long count)
    {
        if (_buffer is null || _buffer.Bytes < count)
        {
            _buffer?.Dispose();
            _buffer = new NativeBuffer(count);
        }

        return _buffer.Data;
    }
}
