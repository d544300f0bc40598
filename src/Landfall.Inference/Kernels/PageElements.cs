using System.Runtime.CompilerServices;

namespace Landfall.Inference.Kernels;

/// <summary>How one number of a page is read.</summary>
internal unsafe interface IElement<TVector>
{
    /// <summary>What is read is a number divided by this; the other factor of a product is multiplied by it, once for many.</summary>
    static abstract float Unit { get; }

    static abstract TVector Load(byte* source, int index);

    static abstract float LoadOne(byte* source, int index);
}

/// <summary>Singles.</summary>
internal readonly unsafe struct SingleElement<TVector> : IElement<TVector>
    where TVector : struct, IFloatVector<TVector>
{
    public static float Unit => 1f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load(byte* source, int index) => TVector.Load((float*)source + index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float LoadOne(byte* source, int index) => ((float*)source)[index];
}

/// <summary>Halves.</summary>
internal readonly unsafe struct HalfElement<TVector> : IElement<TVector>
    where TVector : struct, IFloatVector<TVector>
{
    public static float Unit => FloatBits.HalfScale;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load(byte* source, int index) => TVector.LoadHalfBits((ushort*)source + index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float LoadOne(byte* source, int index) => FloatBits.HalfBits(((ushort*)source)[index]);
}
