using System.Runtime.Intrinsics;
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
    /// <summary>From so many vectors on, making a panel of the weights pays, and from so many where they are unpacked row by row first.</summary>
    public const int PanelTokens = 2;
    private const int UnpackedPanelTokens = 28;

    public static RowKernel Find(TensorType type, KernelPath path, int tokens) => path switch
    {
        KernelPath.Avx512 => Rows<Shorts512, Vector512<int>, Float16>(type, tokens),
        KernelPath.Avx2 => Rows<Shorts256, Vector256<int>, Float8>(type, tokens),
        KernelPath.Neon => Rows<Shorts128, Vector128<int>, Float4>(type, tokens),
        _ => new RowKernel(&PortableRows.Compute, type, 1),
    };

    private static RowKernel Rows<TShorts, TInts, TFloat>(TensorType type, int tokens)
        where TShorts : struct, IShorts<TShorts, TInts, TFloat>
        where TInts : struct
        where TFloat : struct, IFloatVector<TFloat> => type switch
        {
            TensorType.F32 => Floats<SingleReader<TFloat>, TFloat>(type, tokens),
            TensorType.F16 => Floats<HalfReader<TFloat>, TFloat>(type, tokens),
            TensorType.BF16 => Floats<BFloat16Reader<TFloat>, TFloat>(type, tokens),
            TensorType.Q8_0 => Small<Q8Block<TShorts, TInts, TFloat>, TShorts, TInts, TFloat>(type, tokens),
            TensorType.Q4_0 when tokens == 1 && typeof(TShorts) == typeof(Shorts512) => new RowKernel(&NibbleRows.Vector, type, 2),
            TensorType.Q4_0 => Small<Q4Block<TShorts, TInts, TFloat>, TShorts, TInts, TFloat>(type, tokens),
            TensorType.Q4_1 => Small<Q4MinimumBlock<TShorts, TInts, TFloat>, TShorts, TInts, TFloat>(type, tokens),
            TensorType.Q5_0 => Small<Q5Block<TShorts, TInts, TFloat>, TShorts, TInts, TFloat>(type, tokens),
            TensorType.Q5_1 => Small<Q5MinimumBlock<TShorts, TInts, TFloat>, TShorts, TInts, TFloat>(type, tokens),
            TensorType.Q4_K => K<Q4KBlock<TShorts, TInts, TFloat>, TShorts, TInts, TFloat>(type, tokens),
            TensorType.Q5_K => K<Q5KBlock<TShorts, TInts, TFloat>, TShorts, TInts, TFloat>(type, tokens),
            TensorType.Q6_K => K<Q6KBlock<TShorts, TInts, TFloat>, TShorts, TInts, TFloat>(type, tokens),
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, message: null),
        };

    private static RowKernel Floats<TReader, TFloat>(TensorType type, int tokens)
        where TReader : IFloatReader<TFloat>
        where TFloat : struct, IFloatVector<TFloat> =>
        tokens == 1 ? new RowKernel(&FloatRows<TReader, TFloat>.Vector, type, 1) : new RowKernel(&FloatRows<TReader, TFloat>.Vectors, type, 4);

    private static RowKernel Small<TBlock, TShorts, TInts, TFloat>(TensorType type, int tokens)
        where TBlock : ISmallBlock<TShorts, TInts, TFloat>
        where TShorts : struct, IShorts<TShorts, TInts, TFloat>
        where TInts : struct
        where TFloat : struct, IFloatVector<TFloat> =>
        Quantised<SmallBlockReader<TBlock, TShorts, TInts, TFloat>, TShorts, TInts, TFloat>(type, tokens);

    private static RowKernel K<TBlock, TShorts, TInts, TFloat>(TensorType type, int tokens)
        where TBlock : IKBlock<TShorts, TInts, TFloat>
        where TShorts : struct, IShorts<TShorts, TInts, TFloat>
        where TInts : struct
        where TFloat : struct, IFloatVector<TFloat> =>
        Quantised<KBlockReader<TBlock, TShorts, TInts, TFloat>, TShorts, TInts, TFloat>(type, tokens);

    private static RowKernel Quantised<TReader, TShorts, TInts, TFloat>(TensorType type, int tokens)
        where TReader : IRowReader
        where TShorts : struct, IShorts<TShorts, TInts, TFloat>
        where TInts : struct
        where TFloat : struct, IFloatVector<TFloat> => tokens switch
        {
            1 => new RowKernel(&QuantisedRows<TReader, TShorts, TInts, TFloat>.Vector, type, 1),
            _ when typeof(TShorts) == typeof(Shorts512) && tokens >= LeastPanelTokens(type) => Panels<TReader>(type),
            _ => new RowKernel(&QuantisedRows<TReader, TShorts, TInts, TFloat>.Vectors, type, 4),
        };

    private static int LeastPanelTokens(TensorType type) =>
        type is TensorType.Q5_0 or TensorType.Q5_1 or TensorType.Q5_K ? UnpackedPanelTokens : PanelTokens;

    private static RowKernel Panels<TReader>(TensorType type)
        where TReader : IRowReader => type switch
        {
            TensorType.Q8_0 => Panels<SmallPanelReader<Q8PanelBlock>, TReader>(type),
            TensorType.Q4_0 => Panels<SmallPanelReader<Q4PanelBlock>, TReader>(type),
            TensorType.Q4_1 => Panels<SmallPanelReader<Q4MinimumPanelBlock>, TReader>(type),
            TensorType.Q4_K => Panels<Q4KPanelReader, TReader>(type),
            TensorType.Q6_K => Panels<Q6KPanelReader, TReader>(type),
            _ => Panels<UnpackedPanelReader<TReader>, TReader>(type),
        };

    private static RowKernel Panels<TPanel, TReader>(TensorType type)
        where TPanel : IPanelReader
        where TReader : IRowReader => new(&QuantisedPanels<TPanel, TReader>.Compute, type, PanelTranspose.Rows);
}
