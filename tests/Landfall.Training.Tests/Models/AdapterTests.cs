using Landfall.Inference.Formats;
using Landfall.Inference.Formats.Export;
using Landfall.Inference.Tensors;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Training;
using Landfall.Training.Quantisation;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Landfall.Training.Models;

/// <summary>Adapters in training, as files, and as Landfall.Inference reads them.</summary>
public sealed class AdapterTests
{
    private static readonly int[][] Texts = [[1, 9, 30, 4, 4, 57, 21, 8, 33, 100, 71, 62, 3], [1, 50, 51], [7, 8, 9, 10, 11, 12], [1]];

    public static TheoryData<string, TuningMethod> Adapters
    {
        get
        {
            var data = new TheoryData<string, TuningMethod>();
            foreach (var model in new[] { "llama2", "llama3", "llama-dynamic", "mistral", "qwen2", "qwen3" })
            {
                foreach (var method in new[] { TuningMethod.Lora, TuningMethod.Prefix, TuningMethod.Prompt })
                {
                    data.Add(model, method);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Adapters))]
    public void Save_AnAdapter_IsReadByInferenceWithTheSameLogits(string name, TuningMethod method)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var model = Open(name, method, new TuningSettings { Rank = 3, VirtualTokens = 5, RankStabilised = true, TargetModules = name == "mistral" ? ["q_proj", "up_proj"] : null });
        Disturb(model);
        model.Save(folder["adapter"]);
        using var run = new InferenceRun(Fixture.Folder(name), folder["adapter"]);
        AssertAlike(run, model);
    }

    [Theory]
    [InlineData("llama3")]
    [InlineData("qwen2")]
    [InlineData("qwen3")]
    public void Save_AnAdapterOfAQuantisedBase_HasTheSameLogitsOverTheDecodedBase(string name)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var model = Open(name, TuningMethod.Qlora, new TuningSettings { Rank = 3 });
        Disturb(model);
        model.Save(folder["adapter"]);
        WriteDecoded(name, folder["base"]);
        using var run = new InferenceRun(folder["base"], folder["adapter"]);
        AssertAlike(run, model);
    }

    [Theory]
    [InlineData(TuningMethod.Lora)]
    [InlineData(TuningMethod.Qlora)]
    public void Open_Lora_ChangesNothingAtFirst(TuningMethod method)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var model = Open("qwen2", method, new TuningSettings());
        WriteDecoded("qwen2", folder["base"]);
        using var run = new InferenceRun(method == TuningMethod.Lora ? Fixture.Folder("qwen2") : folder["base"]);
        AssertAlike(run, model);
    }

    [Theory]
    [InlineData(TuningMethod.Lora, "llama3", TensorType.F32)]
    [InlineData(TuningMethod.Lora, "mistral", TensorType.F32)]
    [InlineData(TuningMethod.Lora, "qwen2", TensorType.F32)]
    [InlineData(TuningMethod.Qlora, "qwen2", TensorType.F32)]
    public void Merge_AnAdapter_HasTheAdaptersLogits(TuningMethod method, string name, TensorType type)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var model = Open(name, method, new TuningSettings { Rank = 3 });
        Disturb(model);
        model.Save(folder["adapter"]);
        model.Merge(folder["merged"], type);
        using var adapter = new InferenceRun(Fixture.Folder(name), folder["adapter"]);
        using var merged = new InferenceRun(folder["merged"]);
        foreach (var text in Texts)
        {
            FullTuningTests.AssertClose(adapter.Logits(text), tensor(merged.Logits(text).SelectMany(row => row).ToArray()).view(text.Length, -1), 1e-3f);
        }
    }

    [Theory]
    [InlineData(TuningMethod.Lora, 2 * 7 * 2)]
    [InlineData(TuningMethod.Qlora, 2 * 7 * 2)]
    [InlineData(TuningMethod.Prefix, 1)]
    [InlineData(TuningMethod.Prompt, 1)]
    public void Loss_OfAnAdapter_GivesGradientsToItAlone(TuningMethod method, int tensors)
    {
        using var scope = NewDisposeScope();
        using var model = Open("qwen3", method, new TuningSettings { Rank = 2, VirtualTokens = 4, Dropout = 0.1 });
        Disturb(model);
        using var batch = Batches.Pack(16, Texts);
        model.Loss(batch, training: true).backward();
        Assert.Equal(tensors, model.Trained.Count);
        Assert.All(model.Trained, trained => Assert.True(trained.Value.grad is { } gradient && gradient.abs().sum().item<float>() > 0, trained.Name));
    }

    [Fact]
    public void Loss_WithDropout_DiffersInTrainingAlone()
    {
        using var scope = NewDisposeScope();
        using var model = Open("qwen3", TuningMethod.Lora, new TuningSettings { Dropout = 0.5 });
        Disturb(model);
        using var batch = Batches.Pack(16, Texts);
        var losses = Enumerable.Range(0, 4).Select(index => model.Loss(batch, training: index < 2).item<float>()).ToList();
        Assert.NotEqual(losses[0], losses[1]);
        Assert.Equal(losses[2], losses[3]);
    }

    [Theory]
    [InlineData(TuningMethod.Lora, "LoRA's rank is 0")]
    [InlineData(TuningMethod.Prefix, "The number of virtual tokens is -1")]
    [InlineData(TuningMethod.Prompt, "The number of virtual tokens is -1")]
    public void Open_WithASettingOutOfItsRange_SaysWhatItMayBe(TuningMethod method, string message)
    {
        var exception = Assert.Throws<TrainingException>(() => Open("qwen2", method, new TuningSettings { Rank = 0, VirtualTokens = -1 }));
        Assert.Equal(ErrorCodes.BadRequest, exception.Code);
        Assert.StartsWith(message, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_WithAnUnknownTargetModule_NamesTheKnownOnes()
    {
        var exception = Assert.Throws<TrainingException>(() => Open("qwen2", TuningMethod.Lora, new TuningSettings { TargetModules = ["q_proj", "w1"] }));
        Assert.Contains("'w1'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj", exception.Message, StringComparison.Ordinal);
    }

    private static TrainableDecoder Open(string name, TuningMethod method, TuningSettings settings) =>
        TrainableModel.Open(Fixture.Folder(name), method, settings, 0, CPU, 11, TrainingPrecision.F32);

    private static void AssertAlike(InferenceRun run, TrainableDecoder model)
    {
        using var batch = Batches.Pack(16, Texts);
        var logits = model.Logits(batch).view(-1, model.Config.VocabularySize);
        foreach (var (segment, text) in Texts.Index())
        {
            FullTuningTests.AssertClose(run.Logits(text), logits[batch.Segments.view(-1).eq(segment)]);
        }
    }

    /// <summary>Moves all that is trained away from where it began.</summary>
    private static void Disturb(TrainableDecoder model)
    {
        using var gradients = no_grad();
        using var generator = new Generator(3, CPU);
        foreach (var trained in model.Trained)
        {
            trained.Value.add_(randn(trained.Value.shape, generator: generator) * 0.3);
        }
    }

    /// <summary>Writes a base as its quantised form decodes: what a QLoRA adapter is trained over.</summary>
    private static void WriteDecoded(string name, string folder)
    {
        using var files = ModelFiles.Open(Fixture.Folder(name));
        var weights = PlacedWeight.Of(files, DecoderNames.HuggingFace(), EncoderNames.HuggingFace(string.Empty));
        ModelFolder.Write(folder, files.Config, weights.ConvertAll(weight => weight.Matrix is null
            ? new NamedWeight(weight.Name, [weight.Vector!.Length], () => tensor(weight.Vector))
            : new NamedWeight(weight.Name, weight.Matrix.Shape, () => Decoded(weight))), TensorType.F32, source: null);
    }

    private static Tensor Decoded(PlacedWeight weight) => weight.Name.Contains(".layers.", StringComparison.Ordinal)
        ? new Nf4Matrix(weight.Matrix!).Decode(ScalarType.Float32, CPU)
        : WeightLoading.Load(weight.Matrix!, ScalarType.BFloat16, CPU).to(ScalarType.Float32);
}
