using Landfall.Inference.Tensors;

namespace Landfall.Inference.Kernels;

/// <summary>The code for one type of weights, one instruction set and few or many vectors.</summary>
/// <param name="compute">Computes a range of rows of a type.</param>
/// <param name="type">The type.</param>
/// <param name="rowMultiple">Ranges should begin at a multiple of it.</param>
internal readonly unsafe struct RowKernel(delegate*<in RowRange, TensorType, void> compute, TensorType type, int rowMultiple)
{
    public int RowMultiple { get; } = rowMultiple;

    public void Compute(in RowRange range) => compute(range, type);
}

/// <summary>Chooses the code for a product, once for each call.</summary>
internal static unsafe class RowKernels
{
    public static RowKernel Find(TensorType type, KernelPath path, int tokens) => new(&PortableRows.Compute, type, 1);
}
