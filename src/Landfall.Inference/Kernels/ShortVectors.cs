using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Landfall.Inference.Kernels;

/// <summary>32 weights as 16-bit integers: what kernels of quantised weights are written in, once for all instruction sets.</summary>
internal unsafe interface IShorts<TSelf, TInts, TFloat>
    where TSelf : struct, IShorts<TSelf, TInts, TFloat>
    where TInts : struct
    where TFloat : struct, IFloatVector<TFloat>
{
    static abstract TSelf Load(short* source);

    /// <summary>32 signed bytes.</summary>
    static abstract TSelf LoadSigned(byte* source);

    /// <summary>32 unsigned bytes.</summary>
    static abstract TSelf LoadUnsigned(byte* source);

    /// <summary>16 bytes: their lower nibbles, then their upper ones.</summary>
    static abstract TSelf LoadNibbles(byte* source);

    /// <summary>All alike.</summary>
    static abstract TSelf Create(short value);

    /// <summary>16 and 16 alike.</summary>
    static abstract TSelf Create(short lower, short upper);

    /// <summary>16 where a bit is set, from the lowest on, 0 elsewhere.</summary>
    static abstract TSelf FifthBits(uint bits);

    static abstract TSelf operator +(TSelf left, TSelf right);

    static abstract TSelf operator *(TSelf left, TSelf right);

    static abstract TSelf operator &(TSelf left, TSelf right);

    static abstract TSelf operator >>>(TSelf value, int count);

    static abstract TSelf operator <<(TSelf value, int count);

    /// <summary>The 32 products with activations, added up in lanes.</summary>
    static abstract TInts MultiplyAdd(TSelf weights, short* activations, TInts addend);

    static abstract TFloat ToFloat(TInts values);

    void Store(short* target);
}

/// <summary>AVX-512.</summary>
internal readonly unsafe struct Shorts512(Vector512<short> value) : IShorts<Shorts512, Vector512<int>, Float16>
{
    private readonly Vector512<short> _value = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Shorts512 Load(short* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Shorts512 LoadSigned(byte* source) => new(Avx512BW.ConvertToVector512Int16(Vector256.Load((sbyte*)source)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Shorts512 LoadUnsigned(byte* source) => new(Avx512BW.ConvertToVector512Int16(Vector256.Load(source)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Shorts512 LoadNibbles(byte* source)
    {
        var bytes = Avx2.ConvertToVector256Int16(source);
        return new(Join(bytes & Vector256.Create((short)15), bytes >>> 4));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Shorts512 Create(short value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Shorts512 Create(short lower, short upper) => new(Join(Vector256.Create(lower), Vector256.Create(upper)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Shorts512 FifthBits(uint bits)
    {
        var select = Vector256.Create(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, -32768);
        var (low, high) = (Vector256.Create((short)bits) & select, Vector256.Create((short)(bits >> 16)) & select);
        return new(Vector512.Equals(Join(low, high), Vector512.Create(select, select)) & Vector512.Create((short)16));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Shorts512 operator +(Shorts512 left, Shorts512 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Shorts512 operator *(Shorts512 left, Shorts512 right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Shorts512 operator &(Shorts512 left, Shorts512 right) => new(left._value & right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Shorts512 operator >>>(Shorts512 value, int count) => new(value._value >>> count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Shorts512 operator <<(Shorts512 value, int count) => new(value._value << count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> MultiplyAdd(Shorts512 weights, short* activations, Vector512<int> addend) =>
        Avx512BW.MultiplyAddAdjacent(weights._value, Vector512.Load(activations)) + addend;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float16 ToFloat(Vector512<int> values) => new(Vector512.ConvertToSingle(values));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(short* target) => _value.Store(target);

    // Vector512.Create of two halves waits for the register's former content.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> Join(Vector256<short> lower, Vector256<short> upper) =>
        Avx512F.InsertVector256(lower.ToVector512Unsafe(), upper, 1);
}

/// <summary>AVX2.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct Shorts256(Vector256<short> lower, Vector256<short> upper) : IShorts<Shorts256, Vector256<int>, Float8>
{
    private readonly Vector256<short> _lower = lower;
    private readonly Vector256<short> _upper = upper;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Shorts256 Load(short* source) => new(Vector256.Load(source), Vector256.Load(source + 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Shorts256 LoadSigned(byte* source) => new(Avx2.ConvertToVector256Int16((sbyte*)source), Avx2.ConvertToVector256Int16((sbyte*)source + 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Shorts256 LoadUnsigned(byte* source) => new(Avx2.ConvertToVector256Int16(source), Avx2.ConvertToVector256Int16(source + 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Shorts256 LoadNibbles(byte* source)
    {
        var bytes = Avx2.ConvertToVector256Int16(source);
        return new(bytes & Vector256.Create((short)15), bytes >>> 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Shorts256 Create(short value) => Create(value, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Shorts256 Create(short lower, short upper) => new(Vector256.Create(lower), Vector256.Create(upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Shorts256 FifthBits(uint bits)
    {
        var select = Vector256.Create(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, -32768);
        var sixteen = Vector256.Create((short)16);
        return new(
            Vector256.Equals(Vector256.Create((short)bits) & select, select) & sixteen,
            Vector256.Equals(Vector256.Create((short)(bits >> 16)) & select, select) & sixteen);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Shorts256 operator +(Shorts256 left, Shorts256 right) => new(left._lower + right._lower, left._upper + right._upper);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Shorts256 operator *(Shorts256 left, Shorts256 right) => new(left._lower * right._lower, left._upper * right._upper);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Shorts256 operator &(Shorts256 left, Shorts256 right) => new(left._lower & right._lower, left._upper & right._upper);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Shorts256 operator >>>(Shorts256 value, int count) => new(value._lower >>> count, value._upper >>> count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Shorts256 operator <<(Shorts256 value, int count) => new(value._lower << count, value._upper << count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MultiplyAdd(Shorts256 weights, short* activations, Vector256<int> addend) =>
        Avx2.MultiplyAddAdjacent(weights._lower, Vector256.Load(activations))
        + (Avx2.MultiplyAddAdjacent(weights._upper, Vector256.Load(activations + 16)) + addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float8 ToFloat(Vector256<int> values) => new(Vector256.ConvertToSingle(values));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(short* target)
    {
        _lower.Store(target);
        _upper.Store(target + 16);
    }
}

/// <summary>128-bit vectors: Arm NEON.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct Shorts128(Vector128<short> first, Vector128<short> second, Vector128<short> third, Vector128<short> fourth)
    : IShorts<Shorts128, Vector128<int>, Float4>
{
    private readonly Vector128<short> _first = first;
    private readonly Vector128<short> _second = second;
    private readonly Vector128<short> _third = third;
    private readonly Vector128<short> _fourth = fourth;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Shorts128 Load(short* source) =>
        new(Vector128.Load(source), Vector128.Load(source + 8), Vector128.Load(source + 16), Vector128.Load(source + 24));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Shorts128 LoadSigned(byte* source)
    {
        var (lower, upper) = (Vector128.Load((sbyte*)source), Vector128.Load((sbyte*)source + 16));
        return new(Vector128.WidenLower(lower), Vector128.WidenUpper(lower), Vector128.WidenLower(upper), Vector128.WidenUpper(upper));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Shorts128 LoadUnsigned(byte* source) => Widen(Vector128.Load(source), Vector128.Load(source + 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Shorts128 LoadNibbles(byte* source)
    {
        var bytes = Vector128.Load(source);
        return Widen(bytes & Vector128.Create((byte)15), bytes >>> 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Shorts128 Create(short value) => Create(value, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Shorts128 Create(short lower, short upper) =>
        new(Vector128.Create(lower), Vector128.Create(lower), Vector128.Create(upper), Vector128.Create(upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Shorts128 FifthBits(uint bits)
    {
        var select = Vector128.Create(1, 2, 4, 8, 16, 32, 64, 128);
        var sixteen = Vector128.Create((short)16);
        return new(
            Vector128.Equals(Vector128.Create((short)(byte)bits) & select, select) & sixteen,
            Vector128.Equals(Vector128.Create((short)(byte)(bits >> 8)) & select, select) & sixteen,
            Vector128.Equals(Vector128.Create((short)(byte)(bits >> 16)) & select, select) & sixteen,
            Vector128.Equals(Vector128.Create((short)(byte)(bits >> 24)) & select, select) & sixteen);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Shorts128 operator +(Shorts128 left, Shorts128 right) =>
        new(left._first + right._first, left._second + right._second, left._third + right._third, left._fourth + right._fourth);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Shorts128 operator *(Shorts128 left, Shorts128 right) =>
        new(left._first * right._first, left._second * right._second, left._third * right._third, left._fourth * right._fourth);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Shorts128 operator &(Shorts128 left, Shorts128 right) =>
        new(left._first & right._first, left._second & right._second, left._third & right._third, left._fourth & right._fourth);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Shorts128 operator >>>(Shorts128 value, int count) =>
        new(value._first >>> count, value._second >>> count, value._third >>> count, value._fourth >>> count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Shorts128 operator <<(Shorts128 value, int count) =>
        new(value._first << count, value._second << count, value._third << count, value._fourth << count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> MultiplyAdd(Shorts128 weights, short* activations, Vector128<int> addend)
    {
        addend = MultiplyAdd(weights._first, Vector128.Load(activations), addend);
        addend = MultiplyAdd(weights._second, Vector128.Load(activations + 8), addend);
        addend = MultiplyAdd(weights._third, Vector128.Load(activations + 16), addend);
        return MultiplyAdd(weights._fourth, Vector128.Load(activations + 24), addend);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 ToFloat(Vector128<int> values) => new(Vector128.ConvertToSingle(values));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(short* target)
    {
        _first.Store(target);
        _second.Store(target + 8);
        _third.Store(target + 16);
        _fourth.Store(target + 24);
    }

    // Without Arm's instruction: the same sums, in other lanes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> MultiplyAdd(Vector128<short> left, Vector128<short> right, Vector128<int> addend) => AdvSimd.IsSupported
        ? AdvSimd.MultiplyWideningUpperAndAdd(AdvSimd.MultiplyWideningLowerAndAdd(addend, left.GetLower(), right.GetLower()), left, right)
        : Sse2.IsSupported
            ? Sse2.MultiplyAddAdjacent(left, right) + addend
            : addend + (Vector128.WidenLower(left) * Vector128.WidenLower(right)) + (Vector128.WidenUpper(left) * Vector128.WidenUpper(right));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Shorts128 Widen(Vector128<byte> lower, Vector128<byte> upper) => new(
        Vector128.WidenLower(lower).AsInt16(), Vector128.WidenUpper(lower).AsInt16(), Vector128.WidenLower(upper).AsInt16(), Vector128.WidenUpper(upper).AsInt16());
}
