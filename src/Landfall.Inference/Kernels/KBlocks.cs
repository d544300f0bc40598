using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Landfall.Inference.Kernels;

/// <summary>A type whose blocks are 256 values in groups with scales of their own, which weights are multiplied by as integers.</summary>
internal unsafe interface IKBlock<TShorts, TInts, TFloat>
    where TShorts : struct, IShorts<TShorts, TInts, TFloat>
    where TInts : struct
    where TFloat : struct, IFloatVector<TFloat>
{
    static abstract int Bytes { get; }

    static abstract bool HasMinimum { get; }

    /// <summary>Adds up a block's products as integers.</summary>
    static abstract TInts Dot(byte* block, short* activations);

    /// <summary>Writes 256 integers.</summary>
    static abstract void Unpack(byte* block, short* values);

    /// <summary>What the integers are multiplied by.</summary>
    static abstract float Scale(byte* block);

    /// <summary>For each group of 32, what <see cref="MinimumScale"/> is multiplied by and added to each value.</summary>
    static abstract ulong Minima(byte* block);

    static abstract float MinimumScale(byte* block);
}

/// <summary>The 6-bit scales and minima of eight groups.</summary>
internal static unsafe class KScales
{
    public static ulong Scales(byte* block)
    {
        var (first, third) = (Unsafe.ReadUnaligned<uint>(block + 4), Unsafe.ReadUnaligned<uint>(block + 12));
        return (first & 0x3F3F3F3F) | ((ulong)((third & 0x0F0F0F0F) | ((first >> 2) & 0x30303030)) << 32);
    }

    public static ulong Minima(byte* block)
    {
        var (second, third) = (Unsafe.ReadUnaligned<uint>(block + 8), Unsafe.ReadUnaligned<uint>(block + 12));
        return (second & 0x3F3F3F3F) | ((ulong)(((third >> 4) & 0x0F0F0F0F) | ((second >> 2) & 0x30303030)) << 32);
    }

    /// <summary>Eight bytes times eight floats, added up in four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Dot(ulong bytes, float* values)
    {
        var shorts = Vector128.WidenLower(Vector128.CreateScalarUnsafe(bytes).AsByte());
        var lower = Vector128.ConvertToSingle(Vector128.WidenLower(shorts).AsInt32());
        var upper = Vector128.ConvertToSingle(Vector128.WidenUpper(shorts).AsInt32());
        return Vector128.MultiplyAddEstimate(lower, Vector128.Load(values), upper * Vector128.Load(values + 4));
    }
}

/// <summary>Scale, scale of the minima, scales and minima, 128 bytes of nibbles.</summary>
internal readonly unsafe struct Q4KBlock<TShorts, TInts, TFloat> : IKBlock<TShorts, TInts, TFloat>
    where TShorts : struct, IShorts<TShorts, TInts, TFloat>
    where TInts : struct
    where TFloat : struct, IFloatVector<TFloat>
{
    public static int Bytes => 144;

    public static bool HasMinimum => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInts Dot(byte* block, short* activations)
    {
        var scales = KScales.Scales(block);
        var sum = default(TInts);
        for (var pair = 0; pair < 4; pair++, scales >>= 16, activations += 64)
        {
            var bytes = TShorts.LoadUnsigned(block + 16 + (32 * pair));
            sum = TShorts.MultiplyAdd((bytes & TShorts.Create(15)) * TShorts.Create((byte)scales), activations, sum);
            sum = TShorts.MultiplyAdd((bytes >>> 4) * TShorts.Create((byte)(scales >> 8)), activations + 32, sum);
        }

        return sum;
    }

    public static void Unpack(byte* block, short* values)
    {
        var scales = KScales.Scales(block);
        for (var pair = 0; pair < 4; pair++, scales >>= 16, values += 64)
        {
            var bytes = TShorts.LoadUnsigned(block + 16 + (32 * pair));
            ((bytes & TShorts.Create(15)) * TShorts.Create((byte)scales)).Store(values);
            ((bytes >>> 4) * TShorts.Create((byte)(scales >> 8))).Store(values + 32);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(byte* block) => FloatBits.FromHalf(*(ushort*)block);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Minima(byte* block) => KScales.Minima(block);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MinimumScale(byte* block) => -FloatBits.FromHalf(((ushort*)block)[1]);
}

/// <summary>As Q4_K, with 32 bytes of fifth bits before the nibbles: a byte's bit for each group.</summary>
internal readonly unsafe struct Q5KBlock<TShorts, TInts, TFloat> : IKBlock<TShorts, TInts, TFloat>
    where TShorts : struct, IShorts<TShorts, TInts, TFloat>
    where TInts : struct
    where TFloat : struct, IFloatVector<TFloat>
{
    public static int Bytes => 176;

    public static bool HasMinimum => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInts Dot(byte* block, short* activations)
    {
        var scales = KScales.Scales(block);
        var sum = default(TInts);
        for (var pair = 0; pair < 4; pair++, scales >>= 16, activations += 64)
        {
            var (lower, upper) = Read(block, pair);
            sum = TShorts.MultiplyAdd(lower * TShorts.Create((byte)scales), activations, sum);
            sum = TShorts.MultiplyAdd(upper * TShorts.Create((byte)(scales >> 8)), activations + 32, sum);
        }

        return sum;
    }

    public static void Unpack(byte* block, short* values)
    {
        var scales = KScales.Scales(block);
        for (var pair = 0; pair < 4; pair++, scales >>= 16, values += 64)
        {
            var (lower, upper) = Read(block, pair);
            (lower * TShorts.Create((byte)scales)).Store(values);
            (upper * TShorts.Create((byte)(scales >> 8))).Store(values + 32);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(byte* block) => FloatBits.FromHalf(*(ushort*)block);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Minima(byte* block) => KScales.Minima(block);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MinimumScale(byte* block) => -FloatBits.FromHalf(((ushort*)block)[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TShorts Lower, TShorts Upper) Read(byte* block, int pair)
    {
        var fifth = TShorts.LoadUnsigned(block + 16) >>> (2 * pair);
        var bytes = TShorts.LoadUnsigned(block + 48 + (32 * pair));
        return (
            (bytes & TShorts.Create(15)) + ((fifth & TShorts.Create(1)) << 4),
            (bytes >>> 4) + ((fifth & TShorts.Create(2)) << 3));
    }
}

/// <summary>128 bytes of lower nibbles, 64 of upper two bits, 16 signed scales, scale; the integers are less 32.</summary>
internal readonly unsafe struct Q6KBlock<TShorts, TInts, TFloat> : IKBlock<TShorts, TInts, TFloat>
    where TShorts : struct, IShorts<TShorts, TInts, TFloat>
    where TInts : struct
    where TFloat : struct, IFloatVector<TFloat>
{
    public static int Bytes => 210;

    public static bool HasMinimum => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInts Dot(byte* block, short* activations)
    {
        var sum = default(TInts);
        for (var half = 0; half < 2; half++, activations += 128)
        {
            var (first, second, third, fourth) = Read(block, half);
            sum = TShorts.MultiplyAdd(first, activations, sum);
            sum = TShorts.MultiplyAdd(second, activations + 32, sum);
            sum = TShorts.MultiplyAdd(third, activations + 64, sum);
            sum = TShorts.MultiplyAdd(fourth, activations + 96, sum);
        }

        return sum;
    }

    public static void Unpack(byte* block, short* values)
    {
        for (var half = 0; half < 2; half++, values += 128)
        {
            var (first, second, third, fourth) = Read(block, half);
            first.Store(values);
            second.Store(values + 32);
            third.Store(values + 64);
            fourth.Store(values + 96);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(byte* block) => FloatBits.FromHalf(Unsafe.ReadUnaligned<ushort>(block + 208));

    public static ulong Minima(byte* block) => 0;

    public static float MinimumScale(byte* block) => 0f;

    // Four groups of 32 that share their upper bits' bytes, times the scales of their halves.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TShorts First, TShorts Second, TShorts Third, TShorts Fourth) Read(byte* block, int half)
    {
        var lower = TShorts.LoadUnsigned(block + (64 * half));
        var upper = TShorts.LoadUnsigned(block + (64 * half) + 32);
        var high = TShorts.LoadUnsigned(block + 128 + (32 * half));
        var scales = (sbyte*)block + 192 + (8 * half);
        var (nibble, offset) = (TShorts.Create(15), TShorts.Create(-32));
        return (
            ((lower & nibble) + ((high & TShorts.Create(3)) << 4) + offset) * TShorts.Create(scales[0], scales[1]),
            ((upper & nibble) + ((high & TShorts.Create(12)) << 2) + offset) * TShorts.Create(scales[2], scales[3]),
            ((lower >>> 4) + (high & TShorts.Create(48)) + offset) * TShorts.Create(scales[4], scales[5]),
            ((upper >>> 4) + ((high & TShorts.Create(192)) >>> 2) + offset) * TShorts.Create(scales[6], scales[7]));
    }
}
