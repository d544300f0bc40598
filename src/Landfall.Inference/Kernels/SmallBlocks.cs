using System.Runtime.CompilerServices;

namespace Landfall.Inference.Kernels;

/// <summary>A type whose blocks are 32 values: <c>value = scale * integer + minimum</c>.</summary>
internal unsafe interface ISmallBlock<TShorts, TInts, TFloat>
    where TShorts : struct, IShorts<TShorts, TInts, TFloat>
    where TInts : struct
    where TFloat : struct, IFloatVector<TFloat>
{
    static abstract int Bytes { get; }

    static abstract bool HasMinimum { get; }

    static abstract TShorts Read(byte* block);

    static abstract float Scale(byte* block);

    static abstract float Minimum(byte* block);
}

/// <summary>Scale, 32 signed bytes.</summary>
internal readonly unsafe struct Q8Block<TShorts, TInts, TFloat> : ISmallBlock<TShorts, TInts, TFloat>
    where TShorts : struct, IShorts<TShorts, TInts, TFloat>
    where TInts : struct
    where TFloat : struct, IFloatVector<TFloat>
{
    public static int Bytes => 34;

    public static bool HasMinimum => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TShorts Read(byte* block) => TShorts.LoadSigned(block + 2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(byte* block) => FloatBits.FromHalf(*(ushort*)block);

    public static float Minimum(byte* block) => 0f;
}

/// <summary>Scale, 16 bytes of nibbles; the integers are less 8.</summary>
internal readonly unsafe struct Q4Block<TShorts, TInts, TFloat> : ISmallBlock<TShorts, TInts, TFloat>
    where TShorts : struct, IShorts<TShorts, TInts, TFloat>
    where TInts : struct
    where TFloat : struct, IFloatVector<TFloat>
{
    public static int Bytes => 18;

    public static bool HasMinimum => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TShorts Read(byte* block) => TShorts.LoadNibbles(block + 2) + TShorts.Create(-8);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(byte* block) => FloatBits.FromHalf(*(ushort*)block);

    public static float Minimum(byte* block) => 0f;
}

/// <summary>Scale, minimum, 16 bytes of nibbles.</summary>
internal readonly unsafe struct Q4MinimumBlock<TShorts, TInts, TFloat> : ISmallBlock<TShorts, TInts, TFloat>
    where TShorts : struct, IShorts<TShorts, TInts, TFloat>
    where TInts : struct
    where TFloat : struct, IFloatVector<TFloat>
{
    public static int Bytes => 20;

    public static bool HasMinimum => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TShorts Read(byte* block) => TShorts.LoadNibbles(block + 4);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(byte* block) => FloatBits.FromHalf(*(ushort*)block);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Minimum(byte* block) => FloatBits.FromHalf(((ushort*)block)[1]);
}

/// <summary>Scale, 32 fifth bits, 16 bytes of nibbles; the integers are less 16.</summary>
internal readonly unsafe struct Q5Block<TShorts, TInts, TFloat> : ISmallBlock<TShorts, TInts, TFloat>
    where TShorts : struct, IShorts<TShorts, TInts, TFloat>
    where TInts : struct
    where TFloat : struct, IFloatVector<TFloat>
{
    public static int Bytes => 22;

    public static bool HasMinimum => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TShorts Read(byte* block) =>
        TShorts.LoadNibbles(block + 6) + TShorts.FifthBits(Unsafe.ReadUnaligned<uint>(block + 2)) + TShorts.Create(-16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(byte* block) => FloatBits.FromHalf(*(ushort*)block);

    public static float Minimum(byte* block) => 0f;
}

/// <summary>Scale, minimum, 32 fifth bits, 16 bytes of nibbles.</summary>
internal readonly unsafe struct Q5MinimumBlock<TShorts, TInts, TFloat> : ISmallBlock<TShorts, TInts, TFloat>
    where TShorts : struct, IShorts<TShorts, TInts, TFloat>
    where TInts : struct
    where TFloat : struct, IFloatVector<TFloat>
{
    public static int Bytes => 24;

    public static bool HasMinimum => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TShorts Read(byte* block) => TShorts.LoadNibbles(block + 8) + TShorts.FifthBits(Unsafe.ReadUnaligned<uint>(block + 4));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(byte* block) => FloatBits.FromHalf(*(ushort*)block);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Minimum(byte* block) => FloatBits.FromHalf(((ushort*)block)[1]);
}
