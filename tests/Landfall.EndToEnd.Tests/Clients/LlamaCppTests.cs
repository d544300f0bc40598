using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Landfall.Inference;
using Landfall.Inference.Formats;
using Landfall.Inference.Formats.Export;
using Landfall.Inference.Serving;
using Landfall.Inference.Tensors;

namespace Landfall.EndToEnd.Clients;

/// <summary>The same GGUF file in Landfall and in llama.cpp (npm's <c>node-llama-cpp</c>): the same tokens.</summary>
public sealed class LlamaCppTests
{
    private const int Tokens = 16;

    /// <summary>
    /// Both round the inputs of quantised matrices to 8 bits, each in its own way, so that a choice by a smaller lead in
    /// log-probability may fall the other way. The choices of the fixtures all lead by more.
    /// </summary>
    private const float ClearLead = 0.09f;

    private static readonly NodeProgram Peer = new(RepositoryRoot.PathOf("bench", "peers", "inference"), "install", "--no-save") { MayLackPackages = true };

    [Theory]
    [InlineData(TensorType.F32)]
    [InlineData(TensorType.Q8_0)]
    [InlineData(TensorType.Q4_0)]
    [InlineData(TensorType.Q4_K)]
    public async Task Greedy_OfAFileThatLandfallWrote_IsTheSame(TensorType type)
    {
        using var folder = new TemporaryFolder();
        var path = folder.PathOf("tiny.gguf");
        using (var model = ModelFiles.Open(Fixture("tiny")))
        {
            GgufExport.Write(model, path, new ExportOptions { Type = type }, TestContext.Current.CancellationToken);
        }

        await AssertSameAsync(path, [.. Prompts("tiny"), .. Excerpts()], least: 100);
    }

    [Theory]
    [InlineData("llama-cpp-q4_0")]
    [InlineData("llama-cpp-q4_1")]
    [InlineData("llama-cpp-q5_0")]
    [InlineData("llama-cpp-q5_1")]
    [InlineData("llama-cpp-q4_k_m")]
    [InlineData("llama-cpp-q5_k_m")]
    [InlineData("llama-cpp-q6_k")]
    public Task Greedy_OfAFileThatLlamaCppWrote_IsTheSame(string fixture) =>
        AssertSameAsync(Path.Combine(Fixture(fixture), "model.gguf"), Prompts(fixture), least: 3 * Tokens);

    /// <summary>Each answer is compared up to the first choice that is not clear, since the two may go different ways from there; so many tokens must come before one.</summary>
    private static async Task AssertSameAsync(string path, int[][] prompts, int least)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64, "llama.cpp is installed for Linux on x86-64 only.");
        var request = JsonSerializer.Serialize(new { prompts, count = Tokens });
        var theirs = JsonNode.Parse(await Peer.RunAsync(["llama.mjs", "greedy", path, "--context", "256"], request))!["answers"]!.AsArray();

        using var model = LanguageModel.Open(path);
        await using var engine = new InferenceEngine(model, new EngineOptions { Threads = 2 });
        var compared = 0;
        foreach (var (prompt, place) in prompts.Select((prompt, place) => (prompt, place)))
        {
            var (tokens, clear) = await GreedyAsync(engine, prompt);
            var other = theirs[place]!.AsArray().Select(token => (int)token!).ToArray();
            Assert.Equal(other[..Math.Min(clear, other.Length)], tokens[..Math.Min(clear, other.Length)]);
            compared += clear;
        }

        Assert.True(compared >= least, $"Only {compared} tokens of {prompts.Length} answers are clear choices, and {least} were to be compared.");
    }

    /// <summary>The likeliest tokens, and how many come before the first that leads by little.</summary>
    private static async Task<(int[] Tokens, int Clear)> GreedyAsync(InferenceEngine engine, int[] prompt)
    {
        var (tokens, clear, all) = (new List<int>(), 0, true);
        var request = new GenerationRequest { Prompt = prompt, MaxTokens = Tokens, TopLogProbabilities = 2 };
        await foreach (var token in engine.GenerateAsync(request, TestContext.Current.CancellationToken))
        {
            if (token.LogProbabilities is { } chosen)
            {
                tokens.Add(token.Token);
                all &= chosen.Top[0].LogProbability - chosen.Top[1].LogProbability >= ClearLead;
                clear += all ? 1 : 0;
            }
        }

        return ([.. tokens], clear);
    }

    private static string Fixture(string name) => RepositoryRoot.PathOf("tests", "Landfall.Inference.Tests", "Fixtures", name);

    private static int[][] Prompts(string fixture) =>
    [
        .. JsonNode.Parse(File.ReadAllText(Path.Combine(Fixture(fixture), "expected.json")))!["prompts"]!.AsArray()
            .Select(prompt => prompt!["tokens"]!.AsArray().Select(token => (int)token!).ToArray()),
    ];

    /// <summary>Parts of the text that the tiny model has not read.</summary>
    private static IEnumerable<int[]> Excerpts() =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Fixture("tiny"), "expected.json")))!["perplexity"]!["tokens"]!.AsArray()
            .Select(token => (int)token!).Chunk(100).Take(32).Select(part => part[..24]);
}
