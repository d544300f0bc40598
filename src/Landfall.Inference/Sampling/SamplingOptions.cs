using System.Globalization;

namespace Landfall.Inference.Sampling;

/// <summary>
/// How the next token is chosen. The defaults are greedy. The order is llama.cpp's: bias, penalties, constraint, top-k, typical,
/// top-p, min-p, temperature; so the truncations look at the distribution at temperature 1.
/// </summary>
public sealed record SamplingOptions
{
    /// <summary>0: the likeliest token. 0 to 2.</summary>
    public float Temperature { get; init; }

    /// <summary>Only so many likeliest tokens; 0: all.</summary>
    public int TopK { get; init; }

    /// <summary>
    /// The fewest likeliest tokens that together have this probability (Holtzman et al., arXiv 1904.09751); 1: all. Above 0, at most 1.
    /// </summary>
    public float TopP { get; init; } = 1f;

    /// <summary>Tokens of at least this share of the likeliest one's probability (arXiv 2407.01082); 0: all. 0 to 1.</summary>
    public float MinP { get; init; }

    /// <summary>Locally typical sampling (Meister et al., arXiv 2202.00666); 1: off. Above 0, at most 1.</summary>
    public float TypicalP { get; init; } = 1f;

    /// <summary>
    /// Divides the logits of tokens that occurred in prompt or answer (multiplies where negative; arXiv 1909.05858); 1: off.
    /// Above 0, at most 10.
    /// </summary>
    public float RepetitionPenalty { get; init; } = 1f;

    /// <summary>Subtracted per occurrence in the answer so far (OpenAI's); -2 to 2.</summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>Subtracted once for tokens in the answer so far (OpenAI's); -2 to 2.</summary>
    public float PresencePenalty { get; init; }

    /// <summary>Added to logits by token id; -100 and below forbids.</summary>
    public IReadOnlyDictionary<int, float>? LogitBias { get; init; }

    /// <summary>Same seed, same text; null: a random one.</summary>
    public ulong? Seed { get; init; }

    /// <summary>What is wrong with these options for a vocabulary of that size: all of it, a sentence each, with range and remedy.</summary>
    public IReadOnlyList<string> Problems(int vocabulary)
    {
        var problems = new List<string>();
        Check(problems, nameof(Temperature), Temperature, Temperature is >= 0 and <= 2, "from 0 (the likeliest token) to 2");
        Check(problems, nameof(TopK), TopK, TopK >= 0, "0 (all tokens) or more");
        Check(problems, nameof(TopP), TopP, TopP is > 0 and <= 1, "above 0 and at most 1 (all tokens)");
        Check(problems, nameof(MinP), MinP, MinP is >= 0 and <= 1, "from 0 (all tokens) to 1");
        Check(problems, nameof(TypicalP), TypicalP, TypicalP is > 0 and <= 1, "above 0 and at most 1 (off)");
        Check(problems, nameof(RepetitionPenalty), RepetitionPenalty, RepetitionPenalty is > 0 and <= 10, "above 0 and at most 10; 1 is off");
        Check(problems, nameof(FrequencyPenalty), FrequencyPenalty, FrequencyPenalty is >= -2 and <= 2, "from -2 to 2; 0 is off");
        Check(problems, nameof(PresencePenalty), PresencePenalty, PresencePenalty is >= -2 and <= 2, "from -2 to 2; 0 is off");
        foreach (var (token, bias) in LogitBias ?? new Dictionary<int, float>())
        {
            if (token < 0 || token >= vocabulary)
            {
                problems.Add($"{nameof(LogitBias)} names token {token}, which this model does not have; give ids from 0 to {vocabulary - 1}.");
            }

            Check(problems, $"{nameof(LogitBias)} of token {token}", bias, bias is >= -1e6f and <= 1e6f, "a number; -100 and below forbids the token");
        }

        return problems;
    }

    private static void Check(List<string> problems, string option, float value, bool fits, string range)
    {
        if (!fits)
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"{option} is {value}; it must be {range}."));
        }
    }
}

/// <summary>Options of sampling are out of their ranges.</summary>
/// <param name="problems">All that is wrong, a sentence each.</param>
public sealed class SamplingOptionsException(IReadOnlyList<string> problems) : InferenceException(string.Join(' ', problems))
{
    /// <summary>All that is wrong, a sentence each.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
