namespace Landfall.Inference.Models;

/// <summary>Cosines and sines of rotary positions, made as far as they are needed.</summary>
/// <remarks>
/// Frequencies: <c>theta^(-2i / head)</c> (RoFormer, arXiv 2104.09864, equation 15), stretched as the model says. Values
/// are made in double precision and rounded once.
/// </remarks>
internal sealed class RopeTable
{
    private readonly double[] _frequencies;
    private readonly double _scale;
    private float[] _cosines = [];
    private float[] _sines = [];

    /// <param name="rope">How positions turn.</param>
    /// <param name="headSize">Width of a head; even.</param>
    /// <param name="contextLength">Tokens that the model was made for.</param>
    /// <param name="length">Tokens of the text: only <see cref="RopeScaling.Dynamic"/> depends on it.</param>
    public RopeTable(RopeConfig rope, int headSize, int contextLength, int length = 0)
    {
        Pairs = headSize / 2;
        _frequencies = Frequencies(rope, headSize, contextLength, length);
        _scale = rope.Scaling == RopeScaling.Yarn ? rope.AttentionFactor ?? YarnAttention(rope.Factor) : 1;
    }

    /// <summary>Pairs of values that turn together.</summary>
    public int Pairs { get; }

    /// <summary>Makes the table reach to <paramref name="positions"/>.</summary>
    public void Reach(int positions)
    {
        var made = _cosines.Length / Pairs;
        if (positions <= made)
        {
            return;
        }

        var length = Math.Max(positions, Math.Max(64, made * 2));
        Array.Resize(ref _cosines, length * Pairs);
        Array.Resize(ref _sines, length * Pairs);
        for (var position = made; position < length; position++)
        {
            for (var pair = 0; pair < Pairs; pair++)
            {
                var (sine, cosine) = Math.SinCos(position * _frequencies[pair]);
                _cosines[(position * Pairs) + pair] = (float)(cosine * _scale);
                _sines[(position * Pairs) + pair] = (float)(sine * _scale);
            }
        }
    }

    /// <summary>Cosines of a position, one per pair.</summary>
    public ReadOnlySpan<float> Cosines(int position) => _cosines.AsSpan(position * Pairs, Pairs);

    /// <summary>Sines of a position, one per pair.</summary>
    public ReadOnlySpan<float> Sines(int position) => _sines.AsSpan(position * Pairs, Pairs);

    private static double YarnAttention(double factor) => factor <= 1 ? 1 : (0.1 * Math.Log(factor)) + 1;

    private static double[] Frequencies(RopeConfig rope, int headSize, int contextLength, int length)
    {
        var theta = (double)rope.Theta;
        if (rope.Scaling == RopeScaling.Dynamic)
        {
            // The base that keeps the longest wave within the text (NTK-aware, as Hugging Face's `dynamic`).
            var original = rope.OriginalContextLength > 0 ? rope.OriginalContextLength : contextLength;
            var reach = Math.Max(length, original);
            theta *= Math.Pow((rope.Factor * reach / original) - (rope.Factor - 1), headSize / (headSize - 2.0));
        }

        var frequencies = new double[headSize / 2];
        for (var pair = 0; pair < frequencies.Length; pair++)
        {
            var frequency = Math.Pow(theta, -2.0 * pair / headSize);
            frequencies[pair] = rope.Scaling switch
            {
                RopeScaling.Linear => frequency / rope.Factor,
                RopeScaling.Llama3 => Llama3(frequency, rope, contextLength),
                RopeScaling.Yarn => Yarn(frequency, pair, rope, headSize, contextLength),
                _ => frequency,
            };
            if (rope.FrequencyDivisors is { } divisors)
            {
                frequencies[pair] /= divisors[pair];
            }
        }

        return frequencies;
    }

    /// <summary>Llama 3.1: waves longer than the old context are divided, short ones kept, between them both are mixed.</summary>
    private static double Llama3(double frequency, RopeConfig rope, int contextLength)
    {
        var original = rope.OriginalContextLength > 0 ? rope.OriginalContextLength : contextLength;
        var wave = 2 * Math.PI / frequency;
        if (wave < original / (double)rope.HighFrequencyFactor)
        {
            return frequency;
        }

        if (wave > original / (double)rope.LowFrequencyFactor)
        {
            return frequency / rope.Factor;
        }

        var share = ((original / wave) - rope.LowFrequencyFactor) / (rope.HighFrequencyFactor - rope.LowFrequencyFactor);
        return ((1 - share) * frequency / rope.Factor) + (share * frequency);
    }

    /// <summary>YaRN, section 3.2: a ramp over the pairs from those kept to those divided.</summary>
    private static double Yarn(double frequency, int pair, RopeConfig rope, int headSize, int contextLength)
    {
        var original = rope.OriginalContextLength > 0 ? rope.OriginalContextLength : contextLength;
        var low = Math.Max(Math.Floor(PairThatTurns(rope.BetaFast)), 0);
        var high = Math.Min(Math.Ceiling(PairThatTurns(rope.BetaSlow)), headSize - 1);
        var ramp = Math.Clamp((pair - low) / Math.Max(high - low, 0.001), 0, 1);
        return (frequency / rope.Factor * ramp) + (frequency * (1 - ramp));

        double PairThatTurns(double times) => headSize * Math.Log(original / (times * 2 * Math.PI)) / (2 * Math.Log(rope.Theta));
    }
}
