using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Landfall.Inference.Sampling;

/// <summary>A token and the natural logarithm of its probability.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TokenLogProbability(int Token, float LogProbability);

/// <summary>
/// How likely the model itself held a token: of its softmax at temperature 1 over the whole vocabulary, before bias, penalties,
/// constraint and truncation. What was chosen may therefore be unlikely here.
/// </summary>
/// <param name="Chosen">The chosen token.</param>
/// <param name="Top">The likeliest tokens, likeliest first, equal ones by id; the chosen one need not be among them.</param>
public sealed record LogProbabilities(TokenLogProbability Chosen, IReadOnlyList<TokenLogProbability> Top)
{
    /// <summary>The log-probabilities behind one choice.</summary>
    /// <param name="logits">[vocabulary], as the model gave them.</param>
    /// <param name="chosen">The chosen token.</param>
    /// <param name="top">How many likeliest tokens to name besides; OpenAI's clients ask for up to 20.</param>
    public static LogProbabilities Of(ReadOnlySpan<float> logits, int chosen, int top)
    {
        var logSum = LogSum(logits);
        var best = new TokenLogProbability[Math.Min(top, logits.Length)];
        var count = 0;
        for (var token = 0; token < logits.Length && best.Length > 0; token++)
        {
            if (count < best.Length || logits[token] > logits[best[count - 1].Token])
            {
                count = Math.Min(count + 1, best.Length);
                Insert(best.AsSpan(0, count), logits, token);
            }
        }

        for (var index = 0; index < best.Length; index++)
        {
            best[index] = Of(logits, best[index].Token, logSum);
        }

        return new LogProbabilities(Of(logits, chosen, logSum), best);
    }

    private static TokenLogProbability Of(ReadOnlySpan<float> logits, int token, double logSum) => new(token, (float)(logits[token] - logSum));

    private static void Insert(Span<TokenLogProbability> best, ReadOnlySpan<float> logits, int token)
    {
        var place = best.Length - 1;
        for (; place > 0 && logits[token] > logits[best[place - 1].Token]; place--)
        {
            best[place] = best[place - 1];
        }

        best[place] = new TokenLogProbability(token, 0);
    }

    private static double LogSum(ReadOnlySpan<float> logits)
    {
        var max = TensorPrimitives.Max(logits);
        var weights = ArrayPool<float>.Shared.Rent(logits.Length);
        var span = weights.AsSpan(0, logits.Length);
        TensorPrimitives.Subtract(logits, max, span);
        TensorPrimitives.Exp(span, span);
        var sum = 0.0;
        foreach (var weight in span)
        {
            sum += weight;
        }

        ArrayPool<float>.Shared.Return(weights);
        return max + Math.Log(sum);
    }
}
