using CsCheck;

namespace Landfall.Inference.Sampling;

public sealed class SamplerTests
{
    private static readonly Gen<SamplingOptions> Options = Gen.Select(
        Gen.Single[0.2f, 2f], Gen.OneOf(Gen.Const(0), Gen.Int[1, 12]), Share(), Share(), Gen.OneOf(Gen.Const(0f), Gen.Single[0.01f, 0.9f]), Gen.ULong,
        (temperature, topK, topP, typicalP, minP, seed) =>
            new SamplingOptions { Temperature = temperature, TopK = topK, TopP = topP, TypicalP = typicalP, MinP = minP, Seed = seed });

    private static readonly SamplingOptions Plain = new() { Temperature = 1, Seed = 7 };

    [Fact]
    public void Next_AnyOptions_DrawsFromTheExactDistribution() =>
        Gen.Select(Options, Gen.Int[-32, 32].Select(step => step / 8f).Array[2, 12]).Sample(
            (options, logits) => Draws(options, logits, NaiveSampling.Distribution(logits, options), 4000), seed: "2a4fWkM3RFH1", iter: 300, threads: 1);

    [Fact]
    public void Next_LargeVocabulary_StaysInTheExactSet() =>
        Gen.Select(Options, Gen.Int[0, 1000], Gen.Int[65, 3000], Gen.Single[0.1f, 5f]).Sample(
            (options, seed, size, spread) =>
            {
                var random = new Random(seed);
                var logits = Enumerable.Range(0, size).Select(_ => (float)(random.NextDouble() * random.NextDouble()) * 2 * spread).ToArray();
                var exact = NaiveSampling.Distribution(logits, options);
                var sampler = new Sampler(options, size);
                for (var draw = 0; draw < 20; draw++)
                {
                    Assert.True(exact[sampler.Next(logits)] > 0);
                }
            },
            seed: "2a4fWkM3RFH1",
            iter: 300);

    [Fact]
    public void Next_LargeVocabularyOfEqualLogits_DrawsFromTheExactDistribution() =>
        Draws(Plain with { TopP = 0.5f }, new float[256], NaiveSampling.Distribution(new float[256], Plain with { TopP = 0.5f }), 100_000);

    [Fact]
    public void Next_SameSeed_SameTokens()
    {
        var logits = Enumerable.Range(0, 500).Select(token => MathF.Sin(token)).ToArray();
        Assert.Equal(Tokens(1), Tokens(1));
        Assert.NotEqual(Tokens(1), Tokens(2));
        Assert.NotEqual(new Sampler(Plain with { Seed = null }, 5).Seed, new Sampler(Plain with { Seed = null }, 5).Seed);

        int[] Tokens(ulong seed)
        {
            var sampler = new Sampler(Plain with { Seed = seed }, logits.Length);
            return [.. Enumerable.Range(0, 50).Select(_ => sampler.Next(logits))];
        }
    }

    [Fact]
    public void RandomSource_ReferenceState_GivesTheReferenceNumbers()
    {
        // The vector that the generator's ports share (rand_xoshiro, NumPy): state 1, 2, 3, 4.
        var random = new RandomSource(1, 2, 3, 4);
        ulong[] expected = [11520, 0, 1509978240, 1215971899390074240, 1216172134540287360, 607988272756665600, 16172922978634559625, 8476171486693032832];
        Assert.Equal(expected, expected.Select(_ => random.Next()));
    }

    [Fact]
    public void Next_Greedy_TakesTheLowestOfEqualTokens()
    {
        var logits = new float[1000];
        logits[317] = logits[318] = logits[902] = 3;
        Assert.Equal(317, new Sampler(new SamplingOptions(), logits.Length).Next(logits));
    }

    [Fact]
    public void Next_Constraint_ChoosesAmongTheAllowedAndEndTokensOnly()
    {
        var logits = Enumerable.Range(0, 200).Select(token => token * 0.01f).ToArray();
        var allowed = new ulong[4];
        allowed[0] = 1UL << 5;
        allowed[2] = 1UL << 3;
        var seen = new HashSet<int>();
        var sampler = new Sampler(Plain, logits.Length);
        for (var draw = 0; draw < 200; draw++)
        {
            seen.Add(sampler.Next(logits, allowed, [199]));
        }

        Assert.Equal([5, 131, 199], seen.Order());
        Assert.Equal(131, new Sampler(new SamplingOptions(), logits.Length).Next(logits, allowed));
    }

    [Fact]
    public void Next_Penalties_ChangeLogitsAsTheirPapersSay()
    {
        float[] logits = [2, -2, 1, 0, 1.5f];
        var bias = new Dictionary<int, float> { [3] = 5f, [0] = -100f };
        var options = new SamplingOptions { RepetitionPenalty = 2, FrequencyPenalty = 0.5f, PresencePenalty = 0.25f, LogitBias = bias };
        var penalties = new Penalties(options, [1, 4]);
        penalties.Accept(2);
        penalties.Accept(2);
        penalties.Apply(logits);
        Assert.Equal([float.NegativeInfinity, -4f, 0.5f - 1f - 0.25f, 5f, 0.75f], logits);
    }

    [Fact]
    public void Next_NothingLeft_SaysSo()
    {
        var options = new SamplingOptions { LogitBias = new Dictionary<int, float> { [1] = -100 } };
        var exception = Assert.Throws<InferenceException>(() => new Sampler(options, 3).Next([0, 1, 2], [2UL]));
        Assert.Contains("forbid all", exception.Message, StringComparison.Ordinal);
        Assert.Throws<InferenceException>(() => new Sampler(Plain, 3).Next([0, float.NaN, 2]));
    }

    [Fact]
    public void New_BadOptions_NamesAllOfThem()
    {
        var options = new SamplingOptions
        {
            Temperature = float.NaN,
            TopK = -1,
            TopP = 0,
            MinP = 2,
            TypicalP = 0,
            RepetitionPenalty = 0,
            FrequencyPenalty = 3,
            PresencePenalty = -3,
            LogitBias = new Dictionary<int, float> { [10] = float.NaN }
        };
        var problems = Assert.Throws<SamplingOptionsException>(() => new Sampler(options, 10)).Problems;
        Assert.Equal(10, problems.Count);
        Assert.Contains("Temperature is NaN; it must be from 0 (the likeliest token) to 2.", problems);
    }

    [Fact]
    public void Next_Repeated_TakesNothingFromTheHeap()
    {
        var logits = Enumerable.Range(0, 5000).Select(token => MathF.Sin(token)).ToArray();
        var allowed = Enumerable.Repeat(0xF0F0F0F0F0F0F0F0, 79).ToArray();
        var sampler = new Sampler(Plain with { TopK = 50, TopP = 0.9f, MinP = 0.01f, TypicalP = 0.9f, RepetitionPenalty = 1.1f }, logits.Length, [1, 2, 3]);
        sampler.Next(logits, allowed);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var draw = 0; draw < 100; draw++)
        {
            sampler.Next(logits, allowed);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void LogProbabilities_OfLogits_AreTheLogSoftmax() =>
        Gen.Select(Gen.Single[-20f, 20f].Array[1, 200], Gen.Int[0, 25]).Sample((logits, top) =>
        {
            var sum = Math.Log(logits.Sum(logit => Math.Exp(logit)));
            var result = LogProbabilities.Of(logits, logits.Length - 1, top);
            Assert.Equal(logits[^1] - sum, result.Chosen.LogProbability, 1e-4);
            var ranked = Enumerable.Range(0, logits.Length).OrderByDescending(token => logits[token]).ThenBy(token => token).Take(top);
            Assert.Equal(ranked, result.Top.Select(entry => entry.Token));
            Assert.All(result.Top, entry => Assert.Equal(logits[entry.Token] - sum, entry.LogProbability, 1e-4));
        });

    private static Gen<float> Share() => Gen.OneOf(Gen.Const(1f), Gen.Single[0.05f, 0.99f]);

    // Pearson's chi-square; its limit is the 1 - 1e-6 quantile by Wilson and Hilferty, so that hundreds of runs all pass if the sampler is right.
    private static void Draws(SamplingOptions options, float[] logits, double[] exact, int draws)
    {
        var counts = new int[logits.Length];
        var sampler = new Sampler(options, logits.Length);
        for (var draw = 0; draw < draws; draw++)
        {
            counts[sampler.Next(logits)]++;
        }

        Assert.All(Enumerable.Range(0, counts.Length).Where(token => exact[token] == 0), token => Assert.Equal(0, counts[token]));
        var cells = Enumerable.Range(0, counts.Length).Where(token => exact[token] * draws >= 5).ToList();
        var chi = cells.Sum(token => Math.Pow(counts[token] - (exact[token] * draws), 2) / (exact[token] * draws));
        var freedom = Math.Max(1, cells.Count - 1);
        var limit = freedom * Math.Pow(1 - (2.0 / (9 * freedom)) + (4.76 * Math.Sqrt(2.0 / (9 * freedom))), 3);
        Assert.True(chi <= limit, $"chi-square {chi} with {freedom} degrees of freedom is above {limit}");
    }
}
