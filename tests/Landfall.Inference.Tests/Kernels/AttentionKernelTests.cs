using Landfall.Inference.Tensors;

namespace Landfall.Inference.Kernels;

public sealed unsafe class AttentionKernelTests
{
    public static TheoryData<int, int, int, bool, int, int?, bool> Cases() => new()
    {
        // heads, key-value heads, head size, halves, positions, window, causal
        { 4, 4, 64, false, 1, null, true },
        { 8, 2, 64, false, 130, null, true },
        { 8, 2, 64, true, 130, null, true },
        { 6, 2, 80, true, 200, null, true },
        { 9, 1, 20, false, 70, null, true },
        { 2, 1, 8, true, 65, null, true },
        { 4, 1, 128, true, 300, 100, true },
        { 14, 2, 64, false, 190, 1, true },
        { 3, 3, 32, false, 77, null, false },
        { 4, 2, 96, true, 64, null, false },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Attend_OneQuery_IsSoftmaxOfScores(int heads, int keyValueHeads, int headSize, bool half, int positions, int? window, bool causal) =>
        Check(heads, keyValueHeads, headSize, half, positions, window, causal, tokens: 1);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Attend_ManyQueries_IsSoftmaxOfScores(int heads, int keyValueHeads, int headSize, bool half, int positions, int? window, bool causal) =>
        Check(heads, keyValueHeads, headSize, half, positions, window, causal, tokens: Math.Min(positions, 45));

    [Fact]
    public void Store_SlotBeyondThePage_IsRefused()
    {
        var layout = new KeyValueLayout(1, 8, Half: false);
        using var buffer = new NativeBuffer(layout.PageBytes);
        Assert.Throws<ArgumentOutOfRangeException>(() => AttentionKernel.Store(layout, (nint)buffer.Data, 64, new float[8], new float[8]));
        Assert.Throws<ArgumentOutOfRangeException>(() => AttentionKernel.Store(layout, (nint)buffer.Data, 0, new float[7], new float[8]));
    }

    private static void Check(int heads, int keyValueHeads, int headSize, bool half, int positions, int? window, bool causal, int tokens)
    {
        var random = new Random(heads + positions);
        var layout = new KeyValueLayout(keyValueHeads, headSize, half);
        var shape = new AttentionShape(layout, heads, 1f / MathF.Sqrt(headSize), window, causal);
        var width = keyValueHeads * headSize;
        var (keys, values) = (Random(random, positions * width, half), Random(random, positions * width, half));
        var queries = Random(random, tokens * heads * headSize, half: false);
        using var buffer = new NativeBuffer(((positions + 63L) / 64) * layout.PageBytes);
        new Span<byte>(buffer.Data, (int)buffer.Bytes).Fill(0xFF); // Not a number where nothing is stored.
        var pages = Enumerable.Range(0, (positions + 63) / 64).Select(page => (nint)buffer.Data + (page * layout.PageBytes)).ToArray();
        for (var position = 0; position < positions; position++)
        {
            AttentionKernel.Store(layout, pages[position / 64], position % 64, keys.AsSpan(position * width, width), values.AsSpan(position * width, width));
        }

        foreach (var path in Enum.GetValues<KernelPath>().Where(KernelPaths.IsSupported))
        {
            var output = new float[queries.Length];
            for (var head = 0; head < keyValueHeads; head++)
            {
                AttentionKernel.Attend(path, shape, pages, head, queries, positions - tokens, tokens, output, positions);
            }

            var expected = Reference(shape, keys, values, queries, positions, tokens);
            Assert.All(expected.Zip(output), pair => Assert.True(Math.Abs(pair.First - pair.Second) < 2e-6, $"{path}: {pair.Second} where {pair.First} is expected"));
        }
    }

    private static double[] Reference(AttentionShape shape, float[] keys, float[] values, float[] queries, int positions, int tokens)
    {
        var (size, width) = (shape.Layout.HeadSize, shape.Layout.KeyValueHeads * shape.Layout.HeadSize);
        var output = new double[queries.Length];
        for (var token = 0; token < tokens; token++)
        {
            for (var head = 0; head < shape.Heads; head++)
            {
                var at = ((token * shape.Heads) + head) * size;
                var keyValue = head / (shape.Heads / shape.Layout.KeyValueHeads) * size;
                var end = shape.Causal ? positions - tokens + token + 1 : positions;
                var begin = shape.Window is { } window ? Math.Max(0, end - window) : 0;
                var scores = Enumerable.Range(begin, end - begin)
                    .Select(p => Math.Exp(shape.Scale * Enumerable.Range(0, size).Sum(d => (double)queries[at + d] * keys[(p * width) + keyValue + d]))).ToArray();
                for (var dimension = 0; dimension < size; dimension++)
                {
                    output[at + dimension] = scores.Select((score, i) => score * values[((begin + i) * width) + keyValue + dimension]).Sum() / scores.Sum();
                }
            }
        }

        return output;
    }

    private static float[] Random(Random random, int length, bool half) => Enumerable.Range(0, length)
        .Select(_ => (2 * random.NextSingle()) - 1).Select(x => half ? (float)(Half)x : x).ToArray();
}
