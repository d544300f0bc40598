using Landfall.Inference.Models;

namespace Landfall.Inference.Formats;

public sealed class ModelFilesTests
{
    [Theory]
    [MemberData(nameof(SmallModel.Decoders), MemberType = typeof(SmallModel))]
    public void Open_DecoderFolder_PutsEveryTensorInItsPlace(string type)
    {
        using var folder = new TemporaryFolder();
        using var model = ModelFiles.Open(SmallModel.Decoder(type).Write(folder));
        var layer = model.Decoder!.Layers[1];
        Assert.Equal("model.layers.1.mlp.down_proj.weight", layer.Down.Weight.Name);
        Assert.Equal((64, 96), (layer.Down.Weight.Rows, layer.Down.Weight.Columns));
        Assert.Equal(type == "qwen2", layer.Key.Bias is not null);
        Assert.Equal(type == "qwen3", layer.QueryNorm is not null);
        Assert.Equal("lm_head.weight", model.Decoder.Output.Name);
        Assert.Equal(SafetensorsFileTests.Values(model.Tensors.Get("model.norm.weight")), model.Decoder.OutputNorm);
        Assert.IsType<MappedFile>(layer.Query.Weight.Memory);
        Assert.True(model.HasOutput);
    }

    [Fact]
    public void Open_TiedEmbeddings_AreTheOutput()
    {
        using var folder = new TemporaryFolder();
        using var model = ModelFiles.Open(SmallModel.Decoder("llama", tied: true).Write(folder));
        Assert.Same(model.Decoder!.TokenEmbedding, model.Decoder.Output);
    }

    [Fact]
    public void Open_ModelSavedWithoutItsHead_MakesEmbeddingsOnly()
    {
        using var folder = new TemporaryFolder();
        folder.Write("modules.json", """[{"type":"sentence_transformers.models.Transformer","path":""},{"type":"sentence_transformers.models.Pooling","path":"2_Pooling"}]""");
        folder.Write("2_Pooling/config.json", """{"pooling_mode_lasttoken":true,"pooling_mode_mean_tokens":false}""");
        using var model = ModelFiles.Open(SmallModel.Decoder("qwen3", prefix: string.Empty).Write(folder));
        Assert.False(model.HasOutput);
        Assert.Equal(Pooling.LastToken, model.Config.Pooling);
    }

    [Theory]
    [InlineData("")]
    [InlineData("bert.")]
    public void Open_EncoderFolder_PutsEveryTensorInItsPlace(string prefix)
    {
        using var folder = new TemporaryFolder();
        folder.Write("1_Pooling/config.json", """{"pooling_mode_cls_token":true}""");
        using var model = ModelFiles.Open(SmallModel.Encoder(prefix).Write(folder));
        Assert.Null(model.Decoder);
        Assert.Equal(64, model.Encoder!.Layers[1].OutputNorm.Bias.Length);
        Assert.Equal($"{prefix}encoder.layer.1.intermediate.dense.weight", model.Encoder.Layers[1].Up.Weight.Name);
        Assert.Equal(Pooling.FirstToken, model.Config.Pooling);
    }

    [Fact]
    public void Open_TwoPoolings_AreRefused()
    {
        using var folder = new TemporaryFolder();
        folder.Write("1_Pooling/config.json", """{"pooling_mode_cls_token":true,"pooling_mode_mean_tokens":true}""");
        Assert.Throws<ModelFormatException>(() => ModelFiles.Open(SmallModel.Encoder(string.Empty).Write(folder)));
    }

    [Fact]
    public void Open_GenerationConfig_AddsItsEndTokens()
    {
        using var folder = new TemporaryFolder();
        folder.Write("generation_config.json", """{"eos_token_id":[2,9],"temperature":0.7}""");
        using var model = ModelFiles.Open(SmallModel.Decoder("llama").Write(folder));
        Assert.Equal([2, 9], model.Config.EndTokens);
        Assert.Equal(0.7f, model.Generation.Temperature);
    }

    [Fact]
    public void Open_MissingTensor_NamesIt()
    {
        var model = SmallModel.Decoder("llama");
        model.Tensors.RemoveAll(tensor => tensor.Name == "model.layers.1.mlp.up_proj.weight");
        AssertRefused(model, "model.layers.1.mlp.up_proj.weight", "missing");
    }

    [Fact]
    public void Open_MisshapedTensor_NamesItAndBothShapes()
    {
        var model = SmallModel.Decoder("llama");
        model.Replace("model.layers.0.self_attn.k_proj.weight", 64, 64);
        AssertRefused(model, "model.layers.0.self_attn.k_proj.weight", "[64, 64], where the configuration asks for [32, 64]");
    }

    [Fact]
    public void Open_TensorOfAnotherModel_NamesIt()
    {
        var model = SmallModel.Decoder("llama");
        model.Tensors.Add(TensorOutput.Of("model.layers.0.self_attn.q_norm.weight", new float[16], 16));
        AssertRefused(model, "model.layers.0.self_attn.q_norm.weight", "not of one model");
    }

    [Fact]
    public void Open_RotaryBuffers_AreIgnored()
    {
        using var folder = new TemporaryFolder();
        var model = SmallModel.Decoder("llama");
        model.Tensors.Add(TensorOutput.Of("model.layers.0.self_attn.rotary_emb.inv_freq", new float[8], 8));
        using var files = ModelFiles.Open(model.Write(folder));
        Assert.NotNull(files.Decoder);
    }

    [Fact]
    public void Open_VocabularyOtherThanTheConfigs_NamesTheEmbedding()
    {
        var model = SmallModel.Decoder("llama");
        model.Config["vocab_size"] = 41;
        AssertRefused(model, "model.embed_tokens.weight", "[41, 64]");
    }

    [Fact]
    public void Open_NothingThere_SaysWhatIsExpected()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("config.json", Assert.Throws<ModelFormatException>(() => ModelFiles.Open(folder.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("GGUF", Assert.Throws<ModelFormatException>(() => ModelFiles.Open(folder["none.gguf"])).Message, StringComparison.Ordinal);
        folder.Write("config.json", SmallModel.Decoder("llama").Config.ToJsonString());
        Assert.Contains("model.safetensors", Assert.Throws<ModelFormatException>(() => ModelFiles.Open(folder.Path)).Message, StringComparison.Ordinal);
    }

    private static void AssertRefused(SmallModel model, string tensor, string said)
    {
        using var folder = new TemporaryFolder();
        var exception = Assert.Throws<ModelFormatException>(() => ModelFiles.Open(model.Write(folder)));
        Assert.Equal(tensor, exception.Tensor);
        Assert.Contains(said, exception.Message, StringComparison.Ordinal);
    }
}
