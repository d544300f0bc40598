using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Landfall.Inference.Kernels;

/// <summary>Writes keys and values into pages.</summary>
internal static unsafe class KeyValuePages
{
    private const int PageLength = KeyValueLayout.PageLength;

    public static void StoreSingle(KeyValueLayout layout, float* page, int slot, ReadOnlySpan<float> keys, ReadOnlySpan<float> values)
    {
        var size = layout.HeadSize;
        for (var index = 0; index < keys.Length; index++)
        {
            page[(index * PageLength) + slot] = keys[index];
        }

        page += keys.Length * PageLength;
        for (var head = 0; head < layout.KeyValueHeads; head++)
        {
            values.Slice(head * size, size).CopyTo(new Span<float>(page + (((head * PageLength) + slot) * size), size));
        }
    }

    [SkipLocalsInit]
    public static void StoreHalf(KeyValueLayout layout, ushort* page, int slot, ReadOnlySpan<float> keys, ReadOnlySpan<float> values)
    {
        var size = layout.HeadSize;
        var halves = stackalloc ushort[size];
        var head = new Span<Half>(halves, size);
        for (var index = 0; index < layout.KeyValueHeads; index++)
        {
            TensorPrimitives.ConvertToHalf(keys.Slice(index * size, size), head);
            var target = page + ((nint)index * size * PageLength) + slot;
            for (var dimension = 0; dimension < size; dimension++)
            {
                target[dimension * PageLength] = halves[dimension];
            }
        }

        page += (nint)keys.Length * PageLength;
        for (var index = 0; index < layout.KeyValueHeads; index++)
        {
            TensorPrimitives.ConvertToHalf(values.Slice(index * size, size), new Span<Half>(page + (((index * PageLength) + slot) * size), size));
        }
    }
}
