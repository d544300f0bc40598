using Landfall.Inference.Kernels;

namespace Landfall.Inference.Models;

/// <summary>What is done to each token's vectors, whatever the other tokens are.</summary>
internal interface ITokenWork
{
    void Do(int token);
}

/// <summary>Shares work on the tokens of a prompt among threads; a few tokens are not worth it.</summary>
internal static class TokenWork
{
    /// <summary>Values below which the caller does all.</summary>
    private const int MinShared = 16_384;

    /// <param name="pool">The threads.</param>
    /// <param name="tokens">Tokens.</param>
    /// <param name="width">Values of each.</param>
    /// <param name="work">What is done to each.</param>
    public static void Run<TWork>(ComputePool pool, int tokens, int width, TWork work)
        where TWork : struct, ITokenWork, allows ref struct
    {
        var parts = (long)tokens * width < MinShared ? 1 : Math.Min(tokens, pool.Threads * 4);
        pool.Run(parts, new Job<TWork>(work, tokens, parts));
    }

    private readonly ref struct Job<TWork>(TWork work, int tokens, int parts) : IComputeJob
        where TWork : struct, ITokenWork, allows ref struct
    {
        private readonly TWork _work = work;

        public void Execute(int part)
        {
            var end = (int)((long)tokens * (part + 1) / parts);
            for (var token = (int)((long)tokens * part / parts); token < end; token++)
            {
                _work.Do(token);
            }
        }
    }
}

/// <summary><c>output = norm(input) * weight</c>; where heads are normed, several to a token.</summary>
internal readonly ref struct NormWork(ReadOnlySpan<float> input, float[] weight, float epsilon, Span<float> output, int tokenWidth) : ITokenWork
{
    private readonly ReadOnlySpan<float> _input = input;
    private readonly Span<float> _output = output;

    public void Do(int token)
    {
        for (var start = token * tokenWidth; start < (token + 1) * tokenWidth; start += weight.Length)
        {
            VectorMath.RmsNorm(_input.Slice(start, weight.Length), weight, epsilon, _output.Slice(start, weight.Length));
        }
    }
}

/// <summary><c>sum += added</c></summary>
internal readonly ref struct AddWork(Span<float> sum, ReadOnlySpan<float> added, int width) : ITokenWork
{
    private readonly Span<float> _sum = sum;
    private readonly ReadOnlySpan<float> _added = added;

    public void Do(int token) => VectorMath.Add(_sum.Slice(token * width, width), _added.Slice(token * width, width));
}

/// <summary><c>gate = silu(gate) * up</c></summary>
internal readonly ref struct GateWork(Span<float> gate, ReadOnlySpan<float> up, int width) : ITokenWork
{
    private readonly Span<float> _gate = gate;
    private readonly ReadOnlySpan<float> _up = up;

    public void Do(int token) => VectorMath.SiluMultiply(_gate.Slice(token * width, width), _up.Slice(token * width, width));
}

/// <summary>Turns the heads of a sequence's next tokens by their positions.</summary>
internal readonly ref struct TurnWork(Span<float> vectors, int width, int headSize, int firstPosition, RopeTable rope, RopeLayout layout) : ITokenWork
{
    private readonly Span<float> _vectors = vectors;

    public void Do(int token)
    {
        var cosines = rope.Cosines(firstPosition + token);
        var sines = rope.Sines(firstPosition + token);
        for (var start = token * width; start < (token + 1) * width; start += headSize)
        {
            var head = _vectors.Slice(start, headSize);
            if (layout == RopeLayout.HalfSplit)
            {
                VectorMath.RotateHalves(head, cosines, sines);
            }
            else
            {
                VectorMath.RotatePairs(head, cosines, sines);
            }
        }
    }
}
