using System.Numerics.Tensors;
using Landfall.Inference.Formats;
using Landfall.Inference.Formats.Adapters;
using Landfall.Inference.Kernels;

namespace Landfall.Inference.Models;

/// <summary>Logits and greedy answers against the independent reference in tests/reference.</summary>
public sealed class ReferenceTests
{
    private const float Tolerance = 1e-4f;

    public static TheoryData<string> Decoders => ["llama2", "llama3", "llama-linear", "llama-dynamic", "llama-yarn", "mistral", "qwen2", "qwen3", "llama2-gguf/model.gguf"];

    public static TheoryData<string, string> Adapters
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var model in new[] { "llama3", "qwen2" })
            {
                foreach (var adapter in new[] { "lora-qv", "lora-all-rank-stabilised", "prefix", "prompt" })
                {
                    data.Add(model, adapter);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Decoders))]
    public void Logits_OfADecoder_AreTheReferences(string name)
    {
        using var run = new ModelRun(Fixture.Folder(name));
        var expected = Fixture.Expected<ExpectedAnswers>(name.Split('/')[0]);
        Assert.All(expected.Prompts, prompt => AssertPrompt(prompt, run));
    }

    [Theory]
    [MemberData(nameof(Adapters))]
    public void Logits_WithAnAdapter_AreTheReferences(string model, string adapter)
    {
        var folder = Path.Combine(Fixture.Folder(model), "adapters", adapter);
        using var run = adapter.StartsWith("lora", StringComparison.Ordinal)
            ? new ModelRun(Fixture.Folder(model), lora: files => LoraAdapter.Open(folder, files.Config))
            : new ModelRun(Fixture.Folder(model), prefix: files => PrefixAdapter.Open(folder, files.Config));
        var expected = Fixture.Expected<ExpectedAnswers>($"{model}/adapters/{adapter}");
        Assert.All(expected.Prompts, prompt => AssertPrompt(prompt, run));
    }

    [Theory]
    [InlineData("llama3", 1)]
    [InlineData("llama3", 7)]
    [InlineData("mistral", 1)]
    [InlineData("mistral", 5)]
    [InlineData("llama-dynamic", 11)]
    [InlineData("qwen3", 3)]
    public void Logits_InParts_AreThoseOfOnePass(string name, int partLength)
    {
        using var run = new ModelRun(Fixture.Folder(name));
        foreach (var prompt in Fixture.Expected<ExpectedAnswers>(name).Prompts)
        {
            AssertRows(prompt, run.Read(prompt.Tokens, partLength));
        }
    }

    [Fact]
    public void HiddenStates_OfAnEncoder_AreTheReferences()
    {
        using var files = ModelFiles.Open(Fixture.Folder("bert"));
        using var pool = new ComputePool(2);
        var expected = Fixture.Expected<ExpectedTexts>("bert").Texts;
        var states = new Encoder(files.Config, files.Encoder!, pool).Forward([.. expected.Select(t => t.Tokens)]);
        var rows = states.Chunk(files.Config.HiddenSize).ToList();
        Assert.Equal(expected.Sum(t => t.Tokens.Length), rows.Count);
        Assert.All(expected.SelectMany(t => t.Hidden).Zip(rows), pair => Assert.True(Distance(pair.First, pair.Second) < Tolerance));
    }

    private static void AssertPrompt(ExpectedPrompt prompt, ModelRun run)
    {
        var rows = run.Read(prompt.Tokens);
        AssertRows(prompt, rows);
        var last = rows[^1];
        foreach (var token in prompt.Greedy)
        {
            Assert.Equal(token, TensorPrimitives.IndexOfMax<float>(last));
            last = run.Continue([token])[0];
        }
    }

    private static void AssertRows(ExpectedPrompt prompt, float[][] rows)
    {
        Assert.Equal(prompt.Tokens.Length, prompt.FirstRow + prompt.Logits.Length);
        for (var index = 0; index < prompt.Logits.Length; index++)
        {
            var distance = Distance(prompt.Logits[index], rows[prompt.FirstRow + index]);
            Assert.True(distance < Tolerance, $"Logits of token {prompt.FirstRow + index} of {prompt.Tokens.Length} differ by {distance}.");
        }
    }

    private static float Distance(float[] expected, float[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        return expected.Zip(found, (a, b) => float.IsFinite(b) ? MathF.Abs(a - b) : float.PositiveInfinity).Max();
    }
}
