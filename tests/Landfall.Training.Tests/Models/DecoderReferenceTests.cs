using Landfall.Protocol.Training;
using static TorchSharp.torch;

namespace Landfall.Training.Models;

/// <summary>The decoder against the independent reference in tests/reference.</summary>
public sealed class DecoderReferenceTests
{
    private const float Tolerance = 1e-4f;

    public static TheoryData<string> Decoders => ["llama2", "llama3", "llama-linear", "llama-dynamic", "llama-yarn", "mistral", "qwen2", "qwen3"];

    [Theory]
    [MemberData(nameof(Decoders))]
    public void Logits_OfADecoder_AreTheReferences(string name)
    {
        using var scope = NewDisposeScope();
        using var model = TrainableModel.Open(Fixture.Folder(name), TuningMethod.Full, new TuningSettings(), 0, CPU, 0, TrainingPrecision.F32);
        foreach (var prompt in Fixture.Prompts(name))
        {
            using var batch = Batches.Of(prompt.Tokens);
            AssertRows(prompt, model.Logits(batch)[0]);
        }
    }

    /// <summary>Packed texts do not see each other: each has the logits that it has by itself.</summary>
    [Theory]
    [MemberData(nameof(Decoders))]
    public void Logits_OfPackedTexts_AreTheReferences(string name)
    {
        using var scope = NewDisposeScope();
        using var model = TrainableModel.Open(Fixture.Folder(name), TuningMethod.Full, new TuningSettings(), 0, CPU, 0, TrainingPrecision.F32);
        var prompts = Fixture.Prompts(name);
        var length = prompts.Max(prompt => prompt.Tokens.Length) + 3;
        using var batch = Batches.Pack(length, [.. prompts.Concat(prompts.Reverse()).Select(prompt => prompt.Tokens)]);
        var logits = model.Logits(batch).view(-1, model.Config.VocabularySize);
        var segments = batch.Segments.view(-1);
        foreach (var (segment, prompt) in prompts.Concat(prompts.Reverse()).Index())
        {
            AssertRows(prompt, logits[segments.eq(segment)]);
        }
    }

    internal static void AssertRows(ExpectedPrompt prompt, Tensor logits)
    {
        Assert.Equal(prompt.Tokens.Length, logits.shape[0]);
        for (var index = 0; index < prompt.Logits.Length; index++)
        {
            var distance = (logits[prompt.FirstRow + index] - tensor(prompt.Logits[index])).abs().max().item<float>();
            Assert.True(distance < Tolerance, $"Logits of token {prompt.FirstRow + index} of {prompt.Tokens.Length} differ by {distance}.");
        }
    }
}
