using Landfall.Inference;
using Landfall.Inference.Formats;
using Landfall.Inference.Models;
using Landfall.Inference.Tensors;
using Landfall.Protocol.Training;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Landfall.Training.Models;

public sealed class FullTuningTests
{
    private static readonly ModelConfig Small = new()
    {
        Family = ModelFamily.Qwen2,
        VocabularySize = 40,
        HiddenSize = 16,
        IntermediateSize = 24,
        LayerCount = 2,
        HeadCount = 4,
        KeyValueHeadCount = 2,
        HeadSize = 4,
        ContextLength = 64,
        TiedEmbeddings = true,
        EndTokens = [1],
    };

    [Theory]
    [InlineData("llama3")]
    [InlineData("llama-yarn")]
    [InlineData("llama-dynamic")]
    [InlineData("mistral")]
    [InlineData("qwen2")]
    [InlineData("qwen3")]
    public void Save_AChangedModel_IsReadByInferenceWithTheSameLogits(string name)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var model = TrainableModel.Open(Fixture.Folder(name), TuningMethod.Full, new TuningSettings(), 0, CPU, 0, TrainingPrecision.F32);
        var type = ModelFiles.Open(Fixture.Folder(name)) is var files ? files.Decoder!.Layers[0].Query.Weight.Type : default;
        files.Dispose();
        Disturb(model, type);
        model.Save(folder["tuned"]);
        int[] text = [1, 9, 30, 4, 4, 57, 21, 8, 33, 100, 71, 62, 3];
        using var batch = Batches.Of(text);
        using var run = new InferenceRun(folder["tuned"]);
        AssertClose(run.Logits(text), model.Logits(batch)[0]);
        Assert.True(File.Exists(folder[Path.Combine("tuned", "generation_config.json")]));
    }

    [Fact]
    public void Save_ATokenizersFiles_AreThoseOfTheBase()
    {
        using var folder = new TemporaryFolder();
        using var model = TrainableModel.Open(Fixture.Folder("tiny"), TuningMethod.Full, new TuningSettings(), 0, CPU, 0, TrainingPrecision.F32);
        model.Save(folder["tuned"]);
        using var tuned = LanguageModel.Open(folder["tuned"]);
        using var original = LanguageModel.Open(Fixture.Folder("tiny"));
        Assert.Equal(original.Tokenizer.Encode("Landfall tells a story.", addSpecial: true), tuned.Tokenizer.Encode("Landfall tells a story.", addSpecial: true));
        Assert.NotNull(tuned.Template);
        Assert.Equal(original.EndTokens, tuned.EndTokens);
        Assert.Equal(File.ReadAllBytes(Path.Combine(Fixture.Folder("tiny"), "model.safetensors")).Length, File.ReadAllBytes(folder["tuned/model.safetensors"]).Length, 4096.0);
    }

    [Fact]
    public void Create_WithTheSameSeed_HasTheSameWeightsAndIsReadByInference()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var model = TrainableModel.Create(Small, seed: 7, saved: TensorType.F32);
        using var same = TrainableModel.Create(Small, seed: 7);
        using var other = TrainableModel.Create(Small, seed: 8);
        int[] text = [3, 1, 4, 1, 5, 9, 2, 6];
        using var batch = Batches.Of(text);
        var logits = model.Logits(batch);
        Assert.True(logits.equal(same.Logits(batch)).all().item<bool>());
        Assert.False(logits.equal(other.Logits(batch)).all().item<bool>());
        model.Save(folder["new"]);
        using var run = new InferenceRun(folder["new"]);
        AssertClose(run.Logits(text), logits[0]);
        Assert.Equal(Small.EndTokens, run.Config.EndTokens);
    }

    [Fact]
    public void Create_Weights_AreSpreadAsSaid()
    {
        using var scope = NewDisposeScope();
        using var model = TrainableModel.Create(Small with { VocabularySize = 4000 }, seed: 1);
        var weights = model.Trained.ToDictionary(tensor => tensor.Name, tensor => tensor, StringComparer.Ordinal);
        Assert.Equal(0.02, weights["model.embed_tokens.weight"].Value.std().item<float>(), 0.0005);
        Assert.Equal(0.01, weights["model.layers.0.mlp.down_proj.weight"].Value.std().item<float>(), 0.002);
        Assert.Equal(0, weights["model.layers.1.self_attn.q_proj.bias"].Value.abs().max().item<float>());
        Assert.All(weights.Values, weight => Assert.Equal(weight.Value.shape.Length == 2, weight.Decays));
        Assert.Equal(Math.Log(4000), model.Loss(Batches.Of([5, 6, 7]), training: true).item<float>() / 2, 0.1);
    }

    [Fact]
    public void Loss_OfPackedTexts_IsTheSumOfTheTargetsSurprise()
    {
        using var scope = NewDisposeScope();
        using var model = TrainableModel.Create(Small, seed: 3);
        using var batch = Batches.Pack(12, [3, 1, 4, 1, 5], [9, 2, 6], [5, 3, 5, 8, 9, 7, 9, 3], [2, 7]);
        var surprise = -model.Logits(batch).log_softmax(-1).view(-1, Small.VocabularySize);
        var targets = batch.Targets.view(-1);
        var expected = surprise.gather(1, targets.clamp_min(0).unsqueeze(1)).squeeze(1)[targets.ge(0)].sum().item<float>();
        Assert.Equal(expected, model.Loss(batch, training: true).item<float>(), 1e-3);
    }

    [Fact]
    public void Classify_PackedTexts_IsTheMeanHiddenStateTimesTheHead()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var model = TrainableModel.Open(Fixture.Folder("llama3"), TuningMethod.Full, new TuningSettings(), 3, CPU, 5, TrainingPrecision.F32);
        int[][] texts = [[3, 1, 4, 1, 5], [9, 2, 6], [5, 3, 5, 8, 9, 7, 9, 3]];
        using var batch = Batches.Pack(12, texts);
        var logits = model.Classify(batch);
        model.Save(folder["tuned"]);
        using var file = SafetensorsFile.Open(folder["tuned/classifier.safetensors"]);
        using var run = new InferenceRun(folder["tuned"]);
        var weight = WeightLoading.Load(file.Tensors.Get("weight"), ScalarType.Float32, CPU);
        var bias = WeightLoading.Load(file.Tensors.Get("bias"), ScalarType.Float32, CPU).view(-1);
        Assert.Equal([3, run.Config.HiddenSize], weight.shape);
        foreach (var (segment, text) in texts.Index())
        {
            var mean = tensor(run.Hidden(text)).view(text.Length, -1).mean([0]);
            var distance = ((weight.matmul(mean) + bias) - logits[segment]).abs().max().item<float>();
            Assert.True(distance < 1e-4, $"Logits of text {segment} differ by {distance}.");
        }
    }

    [Theory]
    [InlineData("nowhere", "there is no such folder")]
    [InlineData("llama2-gguf/model.gguf", "not a file")]
    [InlineData("bert", "only decoders are trained")]
    public void Open_WhatIsNoBase_SaysWhatOneIs(string name, string message)
    {
        var exception = Assert.Throws<ModelFormatException>(() =>
            TrainableModel.Open(Fixture.Folder(name), TuningMethod.Full, new TuningSettings(), 0, CPU, 0, TrainingPrecision.F32));
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    internal static void AssertClose(float[][] expected, Tensor logits, float tolerance = 1e-4f)
    {
        Assert.Equal([expected.Length, expected[0].Length], logits.shape);
        var distance = (tensor(expected.SelectMany(row => row).ToArray()).view(logits.shape) - logits).abs().max().item<float>();
        Assert.True(distance < tolerance, $"Logits differ by {distance}.");
    }

    /// <summary>Changes all weights a little, by numbers that the type of the file holds.</summary>
    private static void Disturb(TrainableDecoder model, TensorType type)
    {
        using var gradients = no_grad();
        foreach (var trained in model.Trained)
        {
            trained.Value.mul_(1.25);
            if (type == TensorType.BF16 && trained.Value.shape.Length == 2)
            {
                trained.Value.copy_(trained.Value.to(ScalarType.BFloat16));
            }
        }
    }
}
