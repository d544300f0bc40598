using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;

namespace Landfall.Inference.Sampling;

/// <summary>
/// Chooses the tokens of one answer. Takes nothing from the heap per token, and no time beyond a few sweeps over the
/// logits. Not for use by several threads at once.
/// </summary>
public sealed class Sampler
{
    private readonly SamplingOptions _options;
    private readonly Penalties _penalties;
    private RandomSource _random;

    /// <summary>Begins an answer.</summary>
    /// <param name="options">How to choose.</param>
    /// <param name="vocabulary">Token ids are below it; the length of the logits.</param>
    /// <param name="prompt">What the repetition penalty counts besides the answer.</param>
    /// <exception cref="SamplingOptionsException">Options are out of range; all of them are named.</exception>
    public Sampler(SamplingOptions options, int vocabulary, ReadOnlySpan<int> prompt = default)
    {
        var problems = options.Problems(vocabulary);
        if (problems.Count > 0)
        {
            throw new SamplingOptionsException(problems);
        }

        _options = options;
        _penalties = new Penalties(options, prompt);
        Seed = options.Seed ?? RandomSource.NewSeed();
        _random = new RandomSource(Seed);
    }

    /// <summary>The seed in use: with it, the same request gives the same text.</summary>
    public ulong Seed { get; }

    /// <summary>Takes note of a token of the answer that was chosen by <see cref="Next"/> or otherwise, for the penalties.</summary>
    public void Accept(int token) => _penalties.Accept(token);

    /// <summary>Chooses a token. Call <see cref="Accept"/> with it if it becomes part of the answer.</summary>
    /// <param name="logits">[vocabulary]; they are left as they are.</param>
    /// <param name="allowed">What a constraint allows, one bit per token; empty: all tokens.</param>
    /// <param name="alsoAllowed">Tokens that are allowed besides: the end tokens, where a constraint may end.</param>
    /// <exception cref="InferenceException">A logit is not a number, or nothing may be chosen.</exception>
    public int Next(ReadOnlySpan<float> logits, ReadOnlySpan<ulong> allowed = default, ReadOnlySpan<int> alsoAllowed = default)
    {
        if (_penalties.None && allowed.IsEmpty && alsoAllowed.IsEmpty)
        {
            return Choose(logits);
        }

        var scores = ArrayPool<float>.Shared.Rent(logits.Length);
        try
        {
            var span = scores.AsSpan(0, logits.Length);
            logits.CopyTo(span);
            _penalties.Apply(span);
            if (!allowed.IsEmpty || !alsoAllowed.IsEmpty)
            {
                Mask(span, allowed, alsoAllowed);
            }

            return Choose(span);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(scores);
        }
    }

    private int Choose(ReadOnlySpan<float> scores)
    {
        var best = TensorPrimitives.IndexOfMax(scores);
        var max = best < 0 ? float.NegativeInfinity : scores[best];
        if (!float.IsFinite(max))
        {
            throw new InferenceException(float.IsNegativeInfinity(max)
                ? "No token may be chosen: the constraint and the logit bias forbid all. Allow a token that both permit."
                : "The model's logits are not numbers: its weights are damaged, or it needs another precision.");
        }

        if (_options.Temperature == 0)
        {
            return best;
        }

        var truncates = _options is not { TopK: 0, TopP: 1, MinP: 0, TypicalP: 1 };
        return truncates ? ChooseTruncated(scores, max) : ChooseOfAll(scores, max);
    }

    private int ChooseTruncated(ReadOnlySpan<float> scores, float max)
    {
        var weights = ArrayPool<float>.Shared.Rent(scores.Length);
        var span = weights.AsSpan(0, scores.Length);
        Weigh(scores, max, temperature: 1, span);
        var total = _options is { TopP: < 1, TopK: 0, TypicalP: 1 } ? Total(span) : 0;
        using var candidates = Candidates.Gather(scores, span, max, _options);
        ArrayPool<float>.Shared.Return(weights);
        if (_options.TopK > 0)
        {
            candidates.TopK(_options.TopK);
        }

        if (_options.TypicalP < 1)
        {
            candidates.Typical(_options.TypicalP);
        }

        if (_options.TopP < 1)
        {
            candidates.TopP(_options.TopP, total > 0 ? total : candidates.Mass());
        }

        if (_options.MinP > 0)
        {
            candidates.MinP(_options.MinP);
        }

        return Draw(candidates.Kept);
    }

    private int Draw(ReadOnlySpan<Candidate> candidates)
    {
        // Weights at this temperature, the likeliest one's being 1, so that none overflows.
        var best = float.NegativeInfinity;
        foreach (var candidate in candidates)
        {
            best = Math.Max(best, candidate.Score);
        }

        var sum = 0.0;
        foreach (var candidate in candidates)
        {
            sum += Math.Exp((candidate.Score - best) / (double)_options.Temperature);
        }

        var left = _random.NextDouble() * sum;
        var last = candidates[0].Token;
        foreach (var candidate in candidates)
        {
            var weight = Math.Exp((candidate.Score - best) / (double)_options.Temperature);
            last = weight > 0 ? candidate.Token : last;
            left -= weight;
            if (left < 0)
            {
                break;
            }
        }

        return last;
    }

    private int ChooseOfAll(ReadOnlySpan<float> scores, float max)
    {
        var weights = ArrayPool<float>.Shared.Rent(scores.Length);
        var span = weights.AsSpan(0, scores.Length);
        Weigh(scores, max, _options.Temperature, span);
        var left = _random.NextDouble() * Total(span);
        var token = Walk(span, left);
        ArrayPool<float>.Shared.Return(weights);
        return token;
    }

    private static int Walk(ReadOnlySpan<float> weights, double left)
    {
        var last = 0;
        for (var token = 0; token < weights.Length; token++)
        {
            last = weights[token] > 0 ? token : last;
            left -= weights[token];
            if (left < 0 && weights[token] > 0)
            {
                break;
            }
        }

        return last;
    }

    // The likeliest token's weight is 1, so that none overflows.
    private static void Weigh(ReadOnlySpan<float> scores, float max, float temperature, Span<float> weights)
    {
        TensorPrimitives.Subtract(scores, max, weights);
        if (temperature != 1)
        {
            TensorPrimitives.Divide(weights, temperature, weights);
        }

        TensorPrimitives.Exp(weights, weights);
    }

    // Four sums in a fixed order: the same on machines of any vector width.
    private static double Total(ReadOnlySpan<float> weights)
    {
        double first = 0, second = 0, third = 0, fourth = 0;
        var index = 0;
        for (; index + 4 <= weights.Length; index += 4)
        {
            first += weights[index];
            second += weights[index + 1];
            third += weights[index + 2];
            fourth += weights[index + 3];
        }

        for (; index < weights.Length; index++)
        {
            first += weights[index];
        }

        return first + second + (third + fourth);
    }

    private static void Mask(Span<float> scores, ReadOnlySpan<ulong> allowed, ReadOnlySpan<int> alsoAllowed)
    {
        Span<float> kept = stackalloc float[Math.Min(alsoAllowed.Length, 64)];
        for (var index = 0; index < kept.Length; index++)
        {
            kept[index] = scores[alsoAllowed[index]];
        }

        for (var start = 0; start < scores.Length; start += 64)
        {
            var block = scores.Slice(start, Math.Min(64, scores.Length - start));
            var forbidden = start / 64 < allowed.Length ? ~allowed[start / 64] : ulong.MaxValue;
            if (forbidden == ulong.MaxValue)
            {
                block.Fill(float.NegativeInfinity);
                continue;
            }

            for (; forbidden != 0; forbidden &= forbidden - 1)
            {
                var bit = BitOperations.TrailingZeroCount(forbidden);
                if (bit < block.Length)
                {
                    block[bit] = float.NegativeInfinity;
                }
            }
        }

        for (var index = 0; index < kept.Length; index++)
        {
            scores[alsoAllowed[index]] = kept[index];
        }
    }
}
