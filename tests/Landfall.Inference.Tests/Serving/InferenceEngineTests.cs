using Landfall.Inference.Formats;
using Landfall.Inference.Formats.Adapters;
using Landfall.Inference.Models;
using Landfall.Inference.Sampling;
using Landfall.Inference.Tensors;

namespace Landfall.Inference.Serving;

public sealed class InferenceEngineTests
{
    private static readonly IReadOnlyList<ExpectedPrompt> Llama = Fixture.Expected<ExpectedAnswers>("llama3").Prompts;

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Generate_ManyAtOnce_EachGetsTheReferencesAnswer()
    {
        await using var host = new EngineHost("llama3");
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => host.AnswerAsync(Llama[i % Llama.Count])));
        Assert.All(answers.Index(), a => Assert.Equal(Llama[a.Index % Llama.Count].Greedy, a.Item.Tokens));
        Assert.All(answers, a => Assert.Equal(FinishReason.Length, a.End.Reason));
        Assert.Equal(0, host.Engine.Requests);
    }

    [Fact]
    public async Task Generate_WithMemoryForFew_SomeAreComputedAgainAndAllAreRight()
    {
        // 45 tokens and 16 more take two pages; there are five for eight answers.
        var config = ModelFiles.Open(Fixture.Folder("llama3")).Config;
        var pages = 5 * KeyValueCache.PageBytesOf(config, TensorType.F32);
        await using var host = new EngineHost("llama3", new EngineOptions { CacheBytes = pages, ContextLength = 96, CacheType = TensorType.F32, MaxSequences = 8, StepTokens = 20, Threads = 2 });
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => host.AnswerAsync(Llama[i % Llama.Count])));
        Assert.All(answers.Index(), a => Assert.Equal(Llama[a.Index % Llama.Count].Greedy, a.Item.Tokens));
    }

    [Fact]
    public async Task Generate_PromptThatBeginsAsAnEarlierOne_IsComputedFromWhereItDiffers()
    {
        await using var host = new EngineHost("llama3");
        await using var fresh = new EngineHost("llama3", new EngineOptions { ReusePrefixes = false, Threads = 2 });
        var prompt = Enumerable.Range(0, 80).Select(i => 3 + (i * i % 101)).ToArray();
        var expected = await fresh.AnswerAsync(prompt, 20);
        var first = await host.AnswerAsync(prompt, 20);
        var second = await host.AnswerAsync(prompt, 20);
        Assert.Equal((0, 0, KeyValueCache.PageLength), (expected.End.CachedTokens, first.End.CachedTokens, second.End.CachedTokens));
        Assert.Equal(expected.Tokens, first.Tokens);
        Assert.Equal(expected.Tokens, second.Tokens);

        // What was answered is kept as well: a chat goes on from there. What differs from the beginning is computed.
        int[] shorter = [.. prompt[..60]];
        var answered = (await host.AnswerAsync(shorter, 20)).Tokens.ToArray();
        var next = await host.AnswerAsync([.. shorter, .. answered, 5], 4);
        var other = await host.AnswerAsync([7, .. prompt[1..]], 4);
        Assert.Equal((KeyValueCache.PageLength, 0), (next.End.CachedTokens, other.End.CachedTokens));
    }

    [Fact]
    public async Task Generate_WithAdaptersSideBySide_EachAnswersAsItsAdapterDoes()
    {
        await using var host = new EngineHost("llama3");
        (string Name, LoraAdapter? Lora, PrefixAdapter? Prefix)[] adapters =
        [
            ("llama3", null, null),
            ("llama3/adapters/lora-qv", LoraAdapter.Open(Fixture.Folder("llama3/adapters/lora-qv"), host.Engine.Model.Config), null),
            ("llama3/adapters/lora-all-rank-stabilised", LoraAdapter.Open(Fixture.Folder("llama3/adapters/lora-all-rank-stabilised"), host.Engine.Model.Config), null),
            ("llama3/adapters/prefix", null, PrefixAdapter.Open(Fixture.Folder("llama3/adapters/prefix"), host.Engine.Model.Config)),
            ("llama3/adapters/prompt", null, PrefixAdapter.Open(Fixture.Folder("llama3/adapters/prompt"), host.Engine.Model.Config)),
        ];
        var wanted = adapters.SelectMany(a => Fixture.Expected<ExpectedAnswers>(a.Name).Prompts.Select(p => (Adapter: a, Prompt: p))).ToList();
        for (var round = 0; round < 2; round++)
        {
            var answers = await Task.WhenAll(wanted.Select(w => host.AnswerAsync(w.Prompt.Tokens, w.Prompt.Greedy.Length, r => r with { Lora = w.Adapter.Lora, Prefix = w.Adapter.Prefix })));
            Assert.All(answers.Zip(wanted), a => Assert.Equal(a.Second.Prompt.Greedy, a.First.Tokens));
        }
    }

    [Fact]
    public async Task Generate_SameSeed_SameText()
    {
        await using var host = new EngineHost("llama3");
        var sampling = new SamplingOptions { Temperature = 1.5f, Seed = 7 };
        var alone = await host.AnswerAsync(Llama[1].Tokens, 30, r => r with { Sampling = sampling });
        var among = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => host.AnswerAsync(Llama[1].Tokens, 30, r => r with { Sampling = sampling with { Seed = (ulong)(i + 4) } })));
        Assert.Equal(alone.Tokens, among[3].Tokens);
        Assert.True(among.Select(a => string.Join(' ', a.Tokens)).Distinct().Count() > 6);
    }

    [Fact]
    public async Task Generate_StopText_EndsBeforeIt()
    {
        await using var host = new EngineHost("llama3");
        var greedy = Llama[1].Greedy;
        var stop = LetterTokenizer.Letter(greedy[5]) + LetterTokenizer.Letter(greedy[6]);
        var answer = await host.AnswerAsync(Llama[1].Tokens, 16, r => r with { Stop = ["never", stop] });
        Assert.Equal(FinishReason.Stop, answer.End.Reason);
        Assert.Equal(string.Concat(greedy[..5].Select(LetterTokenizer.Letter)), answer.Text);
    }

    [Fact]
    public async Task Generate_LogProbabilities_AreThoseOfTheReference()
    {
        await using var host = new EngineHost("llama3", new EngineOptions { CacheType = TensorType.F32, Threads = 2 });
        var prompt = Llama[1];
        var answer = await host.AnswerAsync(prompt.Tokens, 1, r => r with { TopLogProbabilities = 3 });
        var logits = prompt.Logits[^1];
        var logSum = Math.Log(logits.Sum(l => Math.Exp(l)));
        var found = answer.All[0].LogProbabilities!;
        Assert.Equal(logits.Max() - logSum, found.Chosen.LogProbability, 1e-3);
        Assert.Equal(logits.Index().OrderByDescending(l => l.Item).Take(3).Select(l => l.Index), found.Top.Select(t => t.Token));
    }

    [Fact]
    public async Task Generate_Cancelled_EndsAndFreesItsPlace()
    {
        await using var host = new EngineHost("llama3", new EngineOptions { MaxSequences = 1, Threads = 2 });
        using var gate = new Gate(host.Engine.Model.Config.VocabularySize);
        using var cancelling = new CancellationTokenSource();
        var reading = host.Engine.GenerateAsync(host.Request(Llama[0].Tokens, 100) with { Constraint = gate }, cancelling.Token).GetAsyncEnumerator(Ending);
        gate.Open(1);
        Assert.True(await reading.MoveNextAsync());
        await cancelling.CancelAsync();
        gate.Open(1);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            while (await reading.MoveNextAsync())
            {
                // At most the token that was on its way.
            }
        });
        Assert.Equal(Llama[0].Greedy, (await host.AnswerAsync(Llama[0])).Tokens);
    }

    [Fact]
    public async Task Generate_ReaderLeaves_EndsAndFreesItsPlace()
    {
        await using var host = new EngineHost("llama3", new EngineOptions { MaxSequences = 1, Threads = 2 });
        using var gate = new Gate(host.Engine.Model.Config.VocabularySize);
        gate.Open(2);
        await foreach (var token in host.Engine.GenerateAsync(host.Request(Llama[0].Tokens, 100) with { Constraint = gate }, Ending))
        {
            break;
        }

        gate.Open(1);
        Assert.Equal(Llama[0].Greedy, (await host.AnswerAsync(Llama[0])).Tokens);
    }

    [Fact]
    public async Task Generate_MoreThanMayWait_IsRefusedAtOnce()
    {
        await using var host = new EngineHost("llama3", new EngineOptions { MaxSequences = 1, MaxWaiting = 2, Threads = 2 });
        using var gate = new Gate(host.Engine.Model.Config.VocabularySize);
        using var cancelling = CancellationTokenSource.CreateLinkedTokenSource(Ending);
        for (var index = 0; index < 3; index++)
        {
            _ = host.Engine.GenerateAsync(host.Request(Llama[0].Tokens, 50) with { Constraint = gate }, cancelling.Token);
        }

        Assert.Throws<EngineBusyException>(() => host.Engine.GenerateAsync(host.Request(Llama[0].Tokens, 4), Ending));
        await cancelling.CancelAsync();
        gate.Open(3);
        await host.Engine.DisposeAsync();
    }

    [Fact]
    public async Task Generate_WhatCannotBe_IsRefusedAtTheCall()
    {
        await using var host = new EngineHost("llama3", new EngineOptions { ContextLength = 16, Threads = 2 });
        var long16 = Enumerable.Repeat(1, 16).ToArray();
        var error = Assert.Throws<PromptTooLongException>(() => host.Engine.GenerateAsync(host.Request(long16, 4), Ending));
        Assert.Equal((16, 16), (error.Tokens, error.Context));
        Assert.Throws<InferenceException>(() => host.Engine.GenerateAsync(host.Request([], 4), Ending));
        Assert.Throws<InferenceException>(() => host.Engine.GenerateAsync(host.Request([100_000], 4), Ending));
        Assert.Throws<InferenceException>(() => host.Engine.GenerateAsync(host.Request([1], 4) with { Stop = [""] }, Ending));
        Assert.Throws<SamplingOptionsException>(() => host.Engine.GenerateAsync(host.Request([1], 4) with { Sampling = new SamplingOptions { TopP = 7 } }, Ending));
        Assert.Equal(0, host.Engine.Requests);
    }

    [Fact]
    public async Task Generate_OwnerWithOneRequest_DoesNotWaitForTheOtherOwnersMany()
    {
        await using var host = new EngineHost("llama3", new EngineOptions { MaxSequences = 2, Threads = 2 });
        var finished = new List<string>();
        var many = Enumerable.Range(0, 20).Select(_ => RunAsync("many")).ToList();
        await Task.WhenAll([.. many, RunAsync("one")]);
        Assert.InRange(finished.IndexOf("one"), 0, 6);

        async Task RunAsync(string owner)
        {
            await host.AnswerAsync(Llama[1].Tokens, 24, r => r with { Owner = owner });
            lock (finished)
            {
                finished.Add(owner);
            }
        }
    }

    [Fact]
    public async Task Embed_InAnyParts_IsTheMeanOrTheLastHiddenState()
    {
        await using var whole = new EngineHost("qwen3", new EngineOptions { CacheType = TensorType.F32, Threads = 2 });
        await using var parts = new EngineHost("qwen3", new EngineOptions { CacheType = TensorType.F32, Threads = 2, StepTokens = 5 });
        var tokens = Enumerable.Range(0, 40).Select(i => i * 7 % 90).ToArray();
        foreach (var pooling in Enum.GetValues<Pooling>())
        {
            var request = new EmbeddingRequest { Tokens = tokens, Pooling = pooling };
            var vectors = await Task.WhenAll(whole.Engine.EmbedAsync(request, Ending), parts.Engine.EmbedAsync(request, Ending));
            Assert.Equal(1, vectors[0].Sum(v => v * v), 1e-5);
            Assert.All(vectors[0].Zip(vectors[1]), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        }
    }

    [Theory]
    [InlineData("prefix")]
    [InlineData("prompt")]
    public async Task Embed_WithVirtualTokens_IsTheMeanOfTheTextsOwnHiddenStates(string adapter)
    {
        await using var whole = new EngineHost("llama3", new EngineOptions { CacheType = TensorType.F32, Threads = 2 });
        await using var parts = new EngineHost("llama3", new EngineOptions { CacheType = TensorType.F32, Threads = 2, StepTokens = 3 });
        var prefix = PrefixAdapter.Open(Fixture.Folder($"llama3/adapters/{adapter}"), whole.Engine.Model.Config);
        int[] tokens = [.. Enumerable.Range(0, 20).Select(i => i * 7 % 90)];
        var request = new EmbeddingRequest { Tokens = tokens, Prefix = prefix, Normalise = false };
        var mean = await whole.Engine.EmbedAsync(request, Ending);
        AssertNear(mean, await parts.Engine.EmbedAsync(request, Ending));

        // A text's mean is that of its beginnings' last hidden states.
        var expected = new float[mean.Length];
        for (var length = 1; length <= tokens.Length; length++)
        {
            var last = await whole.Engine.EmbedAsync(request with { Tokens = tokens[..length], Pooling = Pooling.LastToken }, Ending);
            expected = [.. expected.Zip(last, (sum, value) => sum + (value / tokens.Length))];
        }

        AssertNear(expected, mean);
        var first = await parts.Engine.EmbedAsync(request with { Pooling = Pooling.FirstToken }, Ending);
        AssertNear(await whole.Engine.EmbedAsync(request with { Tokens = tokens[..1], Pooling = Pooling.LastToken }, Ending), first);
        var bare = await whole.Engine.EmbedAsync(request with { Prefix = null }, Ending);
        Assert.True(bare.Zip(mean, (a, b) => Math.Abs(a - b)).Max() > 1e-3);

        static void AssertNear(float[] wanted, float[] got) => Assert.All(wanted.Zip(got), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public async Task Embed_AdapterOfAnotherBase_IsRefused()
    {
        await using var host = new EngineHost("qwen3");
        await using var llama = new EngineHost("llama3");
        var prefix = PrefixAdapter.Open(Fixture.Folder("llama3/adapters/prefix"), llama.Engine.Model.Config);
        await Assert.ThrowsAsync<InferenceException>(() => host.Engine.EmbedAsync(new EmbeddingRequest { Tokens = [1], Prefix = prefix }, Ending));
    }

    [Fact]
    public async Task Embed_TextOfTheWholeContext_FitsTheMemoryOfOneContext()
    {
        await using var host = new EngineHost("llama3", new EngineOptions { Threads = 2, CacheBytes = 0 });
        var request = new EmbeddingRequest { Tokens = [.. Enumerable.Repeat(5, host.Engine.ContextLength)] };
        Assert.Equal(1, (await host.Engine.EmbedAsync(request, Ending)).Sum(v => v * v), 1e-5);
        Assert.Equal(Llama[0].Greedy, (await host.AnswerAsync(Llama[0])).Tokens);
    }

    [Fact]
    public async Task Generate_NobodyReads_EndsByItself()
    {
        await using var host = new EngineHost("llama3", new EngineOptions { Threads = 2, MaxSequences = 1, MaxWaiting = 0 });
        _ = host.Engine.GenerateAsync(host.Request(Llama[0].Tokens, 100), Ending);
        while (host.Engine.Requests > 0)
        {
            await Task.Delay(5, Ending);
        }

        Assert.Equal(Llama[0].Greedy, (await host.AnswerAsync(Llama[0])).Tokens);
    }

    [Fact]
    public async Task Generate_AdapterOfAnotherBase_IsRefusedAtTheCall()
    {
        await using var host = new EngineHost("llama3");
        using var lora = new LoraAdapter("other", [new LoraLayer(null, null, null, null, null, null, null)], []);
        Assert.Throws<InferenceException>(() => host.Engine.GenerateAsync(host.Request([1], 2) with { Lora = lora }, Ending));
    }

    [Fact]
    public async Task Dispose_WhileAnswering_EndsTheAnswers()
    {
        var host = new EngineHost("llama3");
        using var gate = new Gate(host.Engine.Model.Config.VocabularySize);
        var answer = host.AnswerAsync(Llama[0].Tokens, 50, r => r with { Constraint = gate });
        gate.Open(1);
        var disposing = host.DisposeAsync();
        gate.Open(2);
        await disposing;
        await Assert.ThrowsAnyAsync<ObjectDisposedException>(() => answer);
        Assert.Throws<ObjectDisposedException>(() => host.Engine.GenerateAsync(host.Request([1], 4), Ending));
    }

    private sealed record Answer(IReadOnlyList<GeneratedToken> All)
    {
        public IEnumerable<int> Tokens => All.Select(t => t.Token).Where(t => t >= 0);

        public string Text => string.Concat(All.Select(t => t.Text));

        public GenerationEnd End => All[^1].End!;
    }

    private sealed class EngineHost : IAsyncDisposable
    {
        private readonly LanguageModel _model;

        public EngineHost(string name, EngineOptions? options = null)
        {
            var files = ModelFiles.Open(Fixture.Folder(name));
            _model = new LanguageModel(files, new LetterTokenizer(files.Config.VocabularySize));
            Engine = new InferenceEngine(_model, options ?? new EngineOptions { Threads = 2 });
        }

        public InferenceEngine Engine { get; }

        public GenerationRequest Request(int[] prompt, int count) => new() { Prompt = prompt, MaxTokens = count };

        public Task<Answer> AnswerAsync(ExpectedPrompt prompt) => AnswerAsync(prompt.Tokens, prompt.Greedy.Length);

        public async Task<Answer> AnswerAsync(int[] prompt, int count, Func<GenerationRequest, GenerationRequest>? change = null)
        {
            var request = Request(prompt, count);
            return new Answer(await Engine.GenerateAsync(change?.Invoke(request) ?? request, Ending).ToListAsync(Ending));
        }

        public async ValueTask DisposeAsync()
        {
            await Engine.DisposeAsync();
            _model.Dispose();
        }
    }
}
