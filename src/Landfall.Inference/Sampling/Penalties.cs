namespace Landfall.Inference.Sampling;

/// <summary>What bias and penalties change in the logits of one request.</summary>
internal sealed class Penalties
{
    /// <summary>A bias of this or less forbids a token (OpenAI's convention).</summary>
    private const float Forbidding = -100f;
    private readonly SamplingOptions _options;
    private readonly HashSet<int> _seen = [];
    private readonly Dictionary<int, int> _answer = [];

    public Penalties(SamplingOptions options, ReadOnlySpan<int> prompt)
    {
        _options = options;
        foreach (var token in prompt)
        {
            Remember(token);
        }
    }

    private bool Repeats => _options.RepetitionPenalty != 1;

    private bool Counts => _options.FrequencyPenalty != 0 || _options.PresencePenalty != 0;

    /// <summary>Whether <see cref="Apply"/> changes nothing.</summary>
    public bool None => !Repeats && !Counts && _options.LogitBias is not { Count: > 0 };

    /// <summary>Takes note of a token of the answer.</summary>
    public void Accept(int token)
    {
        Remember(token);
        if (Counts)
        {
            _answer[token] = _answer.GetValueOrDefault(token) + 1;
        }
    }

    /// <summary>Bias first, then repetition, then frequency and presence.</summary>
    public void Apply(Span<float> scores)
    {
        ApplyBias(scores);
        foreach (var token in _seen)
        {
            ref var score = ref scores[token];
            score = score > 0 ? score / _options.RepetitionPenalty : score * _options.RepetitionPenalty;
        }

        foreach (var (token, count) in _answer)
        {
            scores[token] -= (_options.FrequencyPenalty * count) + _options.PresencePenalty;
        }
    }

    private void ApplyBias(Span<float> scores)
    {
        if (_options.LogitBias is not { Count: > 0 } biases)
        {
            return;
        }

        foreach (var (token, bias) in biases)
        {
            scores[token] = bias <= Forbidding ? float.NegativeInfinity : scores[token] + bias;
        }
    }

    private void Remember(int token)
    {
        if (Repeats)
        {
            _seen.Add(token);
        }
    }
}
