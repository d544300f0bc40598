using CsCheck;
using Landfall.Inference.Tensors;

namespace Landfall.Inference.Formats.Quantisation;

public sealed class BlockCodecTests
{
    public static TheoryData<TensorType> Types => [.. Enum.GetValues<TensorType>()];

    /// <summary>
    /// Root mean square error over root mean square of normal values: above what so many bits can do, below what
    /// stretching each block to its largest value gives for Q4_0 (0.0856).
    /// </summary>
    [Theory]
    [InlineData(TensorType.F32, 0, 0)]
    [InlineData(TensorType.F16, 1e-4, 3e-4)]
    [InlineData(TensorType.BF16, 1e-3, 2e-3)]
    [InlineData(TensorType.Q8_0, 0.004, 0.0056)]
    [InlineData(TensorType.Q6_K, 0.012, 0.019)]
    [InlineData(TensorType.Q5_K, 0.03, 0.038)]
    [InlineData(TensorType.Q5_1, 0.03, 0.036)]
    [InlineData(TensorType.Q5_0, 0.03, 0.042)]
    [InlineData(TensorType.Q4_K, 0.06, 0.075)]
    [InlineData(TensorType.Q4_1, 0.06, 0.075)]
    [InlineData(TensorType.Q4_0, 0.06, 0.082)]
    public void Encode_NormalValues_ErrsWithinItsBits(TensorType type, double least, double most)
    {
        var values = Normal(65_536, seed: 7);
        var decoded = RoundTrip(type, values);
        var error = Math.Sqrt(values.Zip(decoded, (a, b) => Math.Pow(a - b, 2)).Sum() / values.Sum(value => (double)value * value));
        TestContext.Current.TestOutputHelper!.WriteLine($"{type}: {error:F5}");
        Assert.InRange(error, least, most);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Encode_Decoded_IsAFixedPointWithinRounding(TensorType type)
    {
        var once = RoundTrip(type, Normal(4096, seed: 11));
        var twice = RoundTrip(type, once);
        var scale = once.Max(MathF.Abs);
        var step = type switch { TensorType.F32 or TensorType.F16 or TensorType.BF16 => 0, TensorType.Q8_0 => 1e-3f, TensorType.Q6_K => 0.02f, _ => 0.08f };
        Assert.All(once.Zip(twice), pair => Assert.InRange(MathF.Abs(pair.First - pair.Second), 0, step * scale));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Encode_ValuesWithinAHalfsScales_ErrsByAFewSteps(TensorType type) =>
        Gen.Select(Gen.Float[-1, 1].Array[256], Gen.Int[-3, 12], Gen.Float[-1, 1]).Sample((unit, exponent, shift) =>
        {
            var magnitude = MathF.Pow(2, exponent);
            var values = Array.ConvertAll(unit, value => (value + shift) * magnitude);
            var decoded = RoundTrip(type, values);
            var largest = values.Max(MathF.Abs);
            var bound = type switch
            {
                TensorType.F32 => 0,
                TensorType.F16 => largest / 2048 + 1e-7f,
                TensorType.BF16 => largest / 256,
                TensorType.Q8_0 => largest / 200,
                TensorType.Q6_K => largest / 20,
                TensorType.Q5_0 or TensorType.Q5_1 or TensorType.Q5_K => largest / 8,
                _ => largest / 4,
            };
            return values.Zip(decoded).All(pair => MathF.Abs(pair.First - pair.Second) <= bound);
        }, iter: 300);

    [Theory]
    [MemberData(nameof(Types))]
    public void Encode_ConstantBlocks_AreKept(TensorType type)
    {
        foreach (var constant in new[] { 0f, 1f, -1f, 0.03125f, -0.5f })
        {
            var decoded = RoundTrip(type, Enumerable.Repeat(constant, 256).ToArray());
            Assert.All(decoded, value => Assert.InRange(value, constant - (MathF.Abs(constant) * 0.02f), constant + (MathF.Abs(constant) * 0.02f)));
        }
    }

    /// <summary>Any bytes are some values: decoding neither fails nor reads beyond its row.</summary>
    [Theory]
    [MemberData(nameof(Types))]
    public void Decode_AnyBytes_GivesValues(TensorType type) =>
        Gen.Byte.Array[(int)type.RowBytes(512)].Sample(row =>
        {
            var values = new float[512];
            BlockCodec.Decode(type, row, values);
        }, iter: 200);

    [Fact]
    public void Decode_BlocksWrittenByHand_IsWhatGgmlsLayoutSays()
    {
        // Q4_0: scale 2, byte 0 is value 0 (low half) and value 16 (high half), 8 is zero.
        byte[] four = [0x00, 0x40, 0xF1, .. Enumerable.Repeat((byte)0x88, 15)];
        var values = new float[32];
        BlockCodec.Decode(TensorType.Q4_0, four, values);
        Assert.Equal((-14f, 14f, 0f), (values[0], values[16], values[1]));

        // Q5_1: scale 1, minimum 0.5, fifth bits of values 0 and 31.
        byte[] five = [0x00, 0x3C, 0x00, 0x38, 0x01, 0x00, 0x00, 0x80, 0x03, .. Enumerable.Repeat((byte)0, 14), 0x20];
        BlockCodec.Decode(TensorType.Q5_1, five, values);
        Assert.Equal((19.5f, 0.5f, 18.5f, 0.5f), (values[0], values[16], values[31], values[1]));
    }

    /// <summary>Q4_K and Q6_K blocks written out by the formulas of <c>ggml-quants.c</c>, one value at a time.</summary>
    [Fact]
    public void Decode_KBlocks_AgreesWithTheFormulas()
    {
        var random = new Random(5);
        var block = new byte[210];
        random.NextBytes(block);
        (block[208], block[209], block[0], block[1], block[2], block[3]) = (0x00, 0x2C, 0x00, 0x2C, 0x00, 0x28);
        var values = new float[256];
        BlockCodec.Decode(TensorType.Q6_K, block, values);
        for (var half = 0; half < 2; half++)
        {
            for (var l = 0; l < 32; l++)
            {
                var (ql, qh, sc) = (half * 64, 128 + (half * 32), 192 + (half * 8) + (l / 16));
                var q = ((block[ql + l + 32] >> 4) | (((block[qh + l] >> 6) & 3) << 4)) - 32;
                Assert.Equal(0.0625f * (sbyte)block[sc + 6] * q, values[(half * 128) + l + 96]);
                q = ((block[ql + l + 32] & 15) | (((block[qh + l] >> 2) & 3) << 4)) - 32;
                Assert.Equal(0.0625f * (sbyte)block[sc + 2] * q, values[(half * 128) + l + 32]);
            }
        }

        BlockCodec.Decode(TensorType.Q4_K, block.AsSpan(0, 144), values);
        for (var l = 0; l < 32; l++)
        {
            var (scale, minimum) = (block[4 + 1] & 63, block[4 + 5] & 63);
            Assert.Equal((0.0625f * scale * (block[16 + l] >> 4)) - (0.03125f * minimum), values[32 + l]);
            (scale, minimum) = ((block[4 + 10] & 15) | (block[4 + 2] >> 6 << 4), (block[4 + 10] >> 4) | (block[4 + 6] >> 6 << 4));
            Assert.Equal((0.0625f * scale * (block[16 + 96 + l] & 15)) - (0.03125f * minimum), values[192 + l]);
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Encode_NotFinite_IsRefusedByBlocksAndKeptByFloats(float bad)
    {
        var values = new float[256];
        values[77] = bad;
        Assert.Equal(bad, RoundTrip(TensorType.BF16, values)[77]);
        Assert.Equal(bad, RoundTrip(TensorType.F16, values)[77]);
        Assert.Throws<ArgumentException>(() => RoundTrip(TensorType.Q4_K, values));
        Assert.Throws<ArgumentException>(() => RoundTrip(TensorType.Q8_0, values));
    }

    [Fact]
    public void Decode_LengthsThatDoNotFit_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => BlockCodec.Decode(TensorType.Q8_0, new byte[34], new float[64]));
        Assert.Throws<ArgumentException>(() => BlockCodec.Encode(TensorType.Q4_K, new float[32], new byte[18]));
    }

    internal static float[] Normal(int count, int seed)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, count)
            .Select(_ => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))
            .ToArray();
    }

    private static float[] RoundTrip(TensorType type, float[] values)
    {
        var row = new byte[type.RowBytes(values.Length)];
        BlockCodec.Encode(type, values, row);
        var decoded = new float[values.Length];
        BlockCodec.Decode(type, row, decoded);
        return decoded;
    }
}
