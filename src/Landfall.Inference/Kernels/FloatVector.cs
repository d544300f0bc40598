using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Landfall.Inference.Kernels;

/// <summary>Some floats at once: what kernels of floating-point numbers are written in, once for all widths.</summary>
internal unsafe interface IFloatVector<TSelf>
    where TSelf : struct, IFloatVector<TSelf>
{
    static abstract int Width { get; }

    static abstract TSelf Create(float value);

    static abstract TSelf Load(float* source);

    /// <summary>Widens IEEE halves. What is infinite or not a number as a half becomes a number beyond 65,504.</summary>
    static abstract TSelf LoadHalf(ushort* source);

    /// <summary>Widens IEEE halves, times 2 to the -112th.</summary>
    static abstract TSelf LoadHalfBits(ushort* source);

    static abstract TSelf LoadBFloat16(ushort* source);

    static abstract TSelf operator +(TSelf left, TSelf right);

    static abstract TSelf operator -(TSelf left, TSelf right);

    static abstract TSelf operator *(TSelf left, TSelf right);

    static abstract TSelf operator /(TSelf left, TSelf right);

    /// <summary><c>left * right + addend</c></summary>
    static abstract TSelf MultiplyAdd(TSelf left, TSelf right, TSelf addend);

    static abstract TSelf Max(TSelf left, TSelf right);

    static abstract TSelf Min(TSelf left, TSelf right);

    /// <summary>Adds the low bits of <paramref name="powers"/> to the exponents.</summary>
    static abstract TSelf AddToExponent(TSelf value, TSelf powers);

    void Store(float* target);

    float Sum();

    float Largest();
}

/// <summary>4 floats: Arm NEON, and what is portable.</summary>
internal readonly unsafe struct Float4(Vector128<float> value) : IFloatVector<Float4>
{
    private readonly Vector128<float> _value = value;

    public static int Width => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 Create(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 Load(float* source) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 LoadHalf(ushort* source) => new(((Vector128.WidenLower(Vector64.Load((short*)source).ToVector128Unsafe()) << 13)
        & Vector128.Create(FloatBits.HalfMask)).AsSingle() * Vector128.Create(FloatBits.HalfScale));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 LoadHalfBits(ushort* source) =>
        new(((Vector128.WidenLower(Vector64.Load((short*)source).ToVector128Unsafe()) << 13) & Vector128.Create(FloatBits.HalfMask)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 LoadBFloat16(ushort* source) =>
        new((Vector128.WidenLower(Vector64.Load(source).ToVector128Unsafe()) << 16).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 operator +(Float4 left, Float4 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 operator -(Float4 left, Float4 right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 operator *(Float4 left, Float4 right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 operator /(Float4 left, Float4 right) => new(left._value / right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 MultiplyAdd(Float4 left, Float4 right, Float4 addend) =>
        new(Vector128.MultiplyAddEstimate(left._value, right._value, addend._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 Max(Float4 left, Float4 right) => new(Vector128.MaxNative(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 Min(Float4 left, Float4 right) => new(Vector128.MinNative(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 AddToExponent(Float4 value, Float4 powers) =>
        new((value._value.AsInt32() + (powers._value.AsInt32() << 23)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target) => _value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Sum() => Vector128.Sum(_value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Largest()
    {
        var pairs = Vector128.MaxNative(_value, Vector128.Shuffle(_value, Vector128.Create(2, 3, 0, 1)));
        return Math.Max(pairs[0], pairs[1]);
    }
}

/// <summary>8 floats: AVX2.</summary>
internal readonly unsafe struct Float8(Vector256<float> value) : IFloatVector<Float8>
{
    private readonly Vector256<float> _value = value;

    public static int Width => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float8 Create(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float8 Load(float* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float8 LoadHalf(ushort* source) => new(((Vector256.WidenLower(Vector128.Load((short*)source).ToVector256Unsafe()) << 13)
        & Vector256.Create(FloatBits.HalfMask)).AsSingle() * Vector256.Create(FloatBits.HalfScale));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float8 LoadHalfBits(ushort* source) =>
        new(((Vector256.WidenLower(Vector128.Load((short*)source).ToVector256Unsafe()) << 13) & Vector256.Create(FloatBits.HalfMask)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float8 LoadBFloat16(ushort* source) =>
        new((Vector256.WidenLower(Vector128.Load(source).ToVector256Unsafe()) << 16).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float8 operator +(Float8 left, Float8 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float8 operator -(Float8 left, Float8 right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float8 operator *(Float8 left, Float8 right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float8 operator /(Float8 left, Float8 right) => new(left._value / right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float8 MultiplyAdd(Float8 left, Float8 right, Float8 addend) =>
        new(Vector256.MultiplyAddEstimate(left._value, right._value, addend._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float8 Max(Float8 left, Float8 right) => new(Vector256.MaxNative(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float8 Min(Float8 left, Float8 right) => new(Vector256.MinNative(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float8 AddToExponent(Float8 value, Float8 powers) =>
        new((value._value.AsInt32() + (powers._value.AsInt32() << 23)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target) => _value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Sum() => Vector256.Sum(_value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Largest() => new Float4(Vector128.MaxNative(_value.GetLower(), _value.GetUpper())).Largest();
}

/// <summary>16 floats: AVX-512.</summary>
internal readonly unsafe struct Float16(Vector512<float> value) : IFloatVector<Float16>
{
    private readonly Vector512<float> _value = value;

    public static int Width => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float16 Create(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float16 Load(float* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float16 LoadHalf(ushort* source) => new(((Vector512.WidenLower(Vector256.Load((short*)source).ToVector512Unsafe()) << 13)
        & Vector512.Create(FloatBits.HalfMask)).AsSingle() * Vector512.Create(FloatBits.HalfScale));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float16 LoadHalfBits(ushort* source) =>
        new(((Vector512.WidenLower(Vector256.Load((short*)source).ToVector512Unsafe()) << 13) & Vector512.Create(FloatBits.HalfMask)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float16 LoadBFloat16(ushort* source) =>
        new((Vector512.WidenLower(Vector256.Load(source).ToVector512Unsafe()) << 16).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float16 operator +(Float16 left, Float16 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float16 operator -(Float16 left, Float16 right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float16 operator *(Float16 left, Float16 right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float16 operator /(Float16 left, Float16 right) => new(left._value / right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float16 MultiplyAdd(Float16 left, Float16 right, Float16 addend) =>
        new(Vector512.MultiplyAddEstimate(left._value, right._value, addend._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float16 Max(Float16 left, Float16 right) => new(Vector512.MaxNative(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float16 Min(Float16 left, Float16 right) => new(Vector512.MinNative(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float16 AddToExponent(Float16 value, Float16 powers) =>
        new((value._value.AsInt32() + (powers._value.AsInt32() << 23)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target) => _value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Sum() => Vector512.Sum(_value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Largest() => new Float8(Vector256.MaxNative(_value.GetLower(), _value.GetUpper())).Largest();
}

/// <summary>
/// How halves are widened without an instruction for it, which .NET does not expose: sign and the other bits moved into a
/// single's places make the number times 2 to the -112th, subnormal halves included.
/// </summary>
internal static class FloatBits
{
    public const int HalfMask = unchecked((int)0x8FFFE000);
    public const float HalfScale = 5.192296858534828e33f;

    /// <summary>One half, as vectors widen it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float FromHalf(ushort half) => HalfBits(half) * HalfScale;

    /// <summary>One half times 2 to the -112th.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float HalfBits(ushort half) => BitConverter.Int32BitsToSingle(((short)half << 13) & HalfMask);

    /// <summary>The upper half of a single.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float FromBFloat16(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);
}
