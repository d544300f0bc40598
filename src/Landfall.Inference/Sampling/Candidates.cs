using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Landfall.Inference.Sampling;

/// <summary>A token that may still be chosen.</summary>
/// <param name="Token">Its id.</param>
/// <param name="Score">Its logit, after penalties.</param>
/// <param name="Weight">Its probability at temperature 1 but for a factor that all share.</param>
/// <param name="Key">What a truncation ranks it by; higher is better, ties go to the lower id.</param>
[StructLayout(LayoutKind.Auto)]
internal record struct Candidate(int Token, float Score, float Weight, float Key);

/// <summary>
/// The tokens that may still be chosen, in the order of their ids. Truncations find their cut by partial selection (Hoare's
/// quickselect, by count or by mass): linear time, no sorting.
/// </summary>
internal ref struct Candidates : IDisposable
{
    private const int Block = 64;
    private readonly Candidate[] _kept;
    private readonly Candidate[] _scratch;
    private int _count;

    private Candidates(int capacity)
    {
        _kept = ArrayPool<Candidate>.Shared.Rent(capacity);
        _scratch = ArrayPool<Candidate>.Shared.Rent(capacity);
    }

    public readonly ReadOnlySpan<Candidate> Kept => _kept.AsSpan(0, _count);

    /// <summary>All tokens of finite score that <paramref name="options"/> may keep at its first truncation, or a few more.</summary>
    /// <param name="scores">[vocabulary]; the logits after penalties.</param>
    /// <param name="weights">[vocabulary]; the probabilities at temperature 1 but for a factor that all share.</param>
    /// <param name="max">The greatest score.</param>
    /// <param name="options">The truncations.</param>
    public static Candidates Gather(ReadOnlySpan<float> scores, ReadOnlySpan<float> weights, float max, SamplingOptions options)
    {
        var blocks = (scores.Length + Block - 1) / Block;
        var maxima = ArrayPool<float>.Shared.Rent(blocks);
        for (var block = 0; block < blocks; block++)
        {
            maxima[block] = TensorPrimitives.Max(scores.Slice(block * Block, Math.Min(Block, scores.Length - (block * Block))));
        }

        var candidates = new Candidates(scores.Length);
        candidates.Gather(scores, weights, maxima.AsSpan(0, blocks), Floor(scores, max, maxima.AsSpan(0, blocks), options));
        ArrayPool<float>.Shared.Return(maxima);
        return candidates;
    }

    public readonly void Dispose()
    {
        ArrayPool<Candidate>.Shared.Return(_kept);
        ArrayPool<Candidate>.Shared.Return(_scratch);
    }

    /// <summary>Keeps the <paramref name="count"/> likeliest.</summary>
    public void TopK(int count)
    {
        if (count >= _count)
        {
            return;
        }

        RankByScore();
        Keep(Cut(count, double.PositiveInfinity));
    }

    /// <summary>Keeps the fewest likeliest whose share of the mass is at least <paramref name="share"/>.</summary>
    /// <param name="share">Of 0 to 1.</param>
    /// <param name="total">The mass of all tokens, where fewer were gathered.</param>
    public void TopP(double share, double total)
    {
        RankByScore();
        Keep(Cut(_count, share * total));
    }

    /// <summary>Keeps those of the least distance between surprise and entropy that make up <paramref name="share"/> of the mass.</summary>
    public void Typical(double share)
    {
        var mass = Mass();
        double entropy = 0;
        foreach (var candidate in Kept)
        {
            var probability = candidate.Weight / mass;
            entropy -= probability > 0 ? probability * Math.Log(probability) : 0;
        }

        foreach (ref var candidate in _kept.AsSpan(0, _count))
        {
            candidate.Key = -(float)Math.Abs(-Math.Log(candidate.Weight / mass) - entropy);
        }

        Keep(Cut(_count, share * mass));
    }

    /// <summary>Keeps those of at least <paramref name="share"/> of the likeliest one's probability.</summary>
    public void MinP(double share)
    {
        var best = float.NegativeInfinity;
        foreach (var candidate in Kept)
        {
            best = Math.Max(best, candidate.Score);
        }

        var floor = best + Math.Log(share);
        var kept = 0;
        for (var index = 0; index < _count; index++)
        {
            if (_kept[index].Score >= floor)
            {
                _kept[kept++] = _kept[index];
            }
        }

        _count = kept;
    }

    public readonly double Mass()
    {
        double mass = 0;
        foreach (var candidate in Kept)
        {
            mass += candidate.Weight;
        }

        return mass;
    }

    // A score that no token of the first truncation's set lies below.
    private static float Floor(ReadOnlySpan<float> scores, float max, ReadOnlySpan<float> maxima, SamplingOptions options)
    {
        if (options.TopK > 0)
        {
            // k blocks have a maximum of at least this, so k tokens have.
            return options.TopK <= maxima.Length ? KthLargest(maxima, options.TopK) : float.MinValue;
        }

        if (options.TypicalP < 1)
        {
            return float.MinValue;
        }

        var byMinP = options.MinP > 0 ? max + MathF.Log(options.MinP) : float.MinValue;
        if (options.TopP == 1)
        {
            return MathF.BitDecrement(byMinP);
        }

        // Tokens below (1 - p) / n have less than 1 - p together: the others hold the nucleus. The one is for rounding.
        return max + MathF.Log(Math.Max((1 - options.TopP) / scores.Length, 1e-30f)) - 1;
    }

    private static float KthLargest(ReadOnlySpan<float> values, int count)
    {
        var ranked = ArrayPool<float>.Shared.Rent(values.Length);
        values.CopyTo(ranked);
        ranked.AsSpan(0, values.Length).Sort();
        var result = ranked[values.Length - count];
        ArrayPool<float>.Shared.Return(ranked);
        return Math.Max(result, float.MinValue);
    }

    private void Gather(ReadOnlySpan<float> scores, ReadOnlySpan<float> weights, ReadOnlySpan<float> maxima, float floor)
    {
        for (var block = 0; block < maxima.Length; block++)
        {
            if (maxima[block] < floor)
            {
                continue;
            }

            var end = Math.Min(scores.Length, (block + 1) * Block);
            for (var token = block * Block; token < end; token++)
            {
                if (scores[token] >= floor)
                {
                    _kept[_count++] = new Candidate(token, scores[token], weights[token], 0);
                }
            }
        }
    }

    private readonly void RankByScore()
    {
        foreach (ref var candidate in _kept.AsSpan(0, _count))
        {
            candidate.Key = candidate.Score;
        }
    }

    // The worst candidate of the smallest best set that has so many members or so much mass, whichever comes first.
    private readonly Candidate Cut(int count, double mass)
    {
        Kept.CopyTo(_scratch);
        var (low, high) = (0, _count - 1);
        var (before, massBefore) = (0, 0.0);
        while (low < high)
        {
            var split = Partition(_scratch, low, high);
            var massOfBetter = 0.0;
            for (var index = low; index <= split; index++)
            {
                massOfBetter += _scratch[index].Weight;
            }

            if (before + (split - low + 1) >= count || massBefore + massOfBetter >= mass)
            {
                high = split;
                continue;
            }

            before += split - low + 1;
            massBefore += massOfBetter;
            low = split + 1;
        }

        return _scratch[low];
    }

    // Hoare's scheme: all of low..result are better than or the same as all of result+1..high.
    private static int Partition(Candidate[] items, int low, int high)
    {
        var pivot = items[low + ((high - low) >> 1)];
        var (left, right) = (low - 1, high + 1);
        while (true)
        {
            do
            {
                left++;
            }
            while (Better(items[left], pivot));

            do
            {
                right--;
            }
            while (Better(pivot, items[right]));

            if (left >= right)
            {
                return right;
            }

            (items[left], items[right]) = (items[right], items[left]);
        }
    }

    private void Keep(Candidate worst)
    {
        var kept = 0;
        for (var index = 0; index < _count; index++)
        {
            if (!Better(worst, _kept[index]))
            {
                _kept[kept++] = _kept[index];
            }
        }

        _count = kept;
    }

    private static bool Better(in Candidate left, in Candidate right) =>
        left.Key > right.Key || (left.Key == right.Key && left.Token < right.Token);
}
