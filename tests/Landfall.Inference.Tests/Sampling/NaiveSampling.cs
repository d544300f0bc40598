namespace Landfall.Inference.Sampling;

/// <summary>What sampling means, by sorting all tokens in double precision: the oracle of <see cref="Sampler"/>.</summary>
internal static class NaiveSampling
{
    /// <summary>The exact probability of each token under the options, without penalties.</summary>
    public static double[] Distribution(float[] logits, SamplingOptions options)
    {
        var kept = Enumerable.Range(0, logits.Length).OrderByDescending(token => logits[token]).ThenBy(token => token).ToList();
        if (options.TopK > 0)
        {
            kept = [.. kept.Take(options.TopK)];
        }

        if (options.TypicalP < 1)
        {
            var probabilities = Softmax(logits, kept, 1);
            var entropy = -kept.Sum(token => probabilities[token] * Math.Log(probabilities[token]));
            var byTypicality = kept.OrderBy(token => (float)Math.Abs(-Math.Log(probabilities[token]) - entropy)).ThenBy(token => token);
            kept = [.. Nucleus(byTypicality, probabilities, options.TypicalP).OrderByDescending(token => logits[token]).ThenBy(token => token)];
        }

        if (options.TopP < 1)
        {
            kept = [.. Nucleus(kept, Softmax(logits, kept, 1), options.TopP)];
        }

        if (options.MinP > 0)
        {
            var probabilities = Softmax(logits, kept, 1);
            kept = [.. kept.Where(token => probabilities[token] >= options.MinP * probabilities[kept[0]])];
        }

        return Softmax(logits, kept, options.Temperature);
    }

    private static IEnumerable<int> Nucleus(IEnumerable<int> ranked, double[] probabilities, double share)
    {
        var mass = 0.0;
        foreach (var token in ranked)
        {
            yield return token;
            mass += probabilities[token];
            if (mass >= share)
            {
                yield break;
            }
        }
    }

    private static double[] Softmax(float[] logits, List<int> kept, double temperature)
    {
        var probabilities = new double[logits.Length];
        var max = kept.Max(token => logits[token]);
        foreach (var token in kept)
        {
            probabilities[token] = Math.Exp((logits[token] - max) / temperature);
        }

        var sum = probabilities.Sum();
        return [.. probabilities.Select(weight => weight / sum)];
    }
}
