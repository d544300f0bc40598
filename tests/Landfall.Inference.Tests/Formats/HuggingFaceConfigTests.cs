using System.Text.Json.Nodes;
using Landfall.Inference.Models;

namespace Landfall.Inference.Formats;

public sealed class HuggingFaceConfigTests
{
    private const string Llama31Scaling =
        """{"factor":8.0,"low_freq_factor":1.0,"high_freq_factor":4.0,"original_max_position_embeddings":8192,"rope_type":"llama3"}""";

    [Fact]
    public void Read_Llama31_IsAsPublished()
    {
        var config = Read(
            $$"""
            {"model_type":"llama","vocab_size":128256,"hidden_size":4096,"intermediate_size":14336,"num_hidden_layers":32,"num_attention_heads":32,
             "num_key_value_heads":8,"max_position_embeddings":131072,"rms_norm_eps":1e-05,"rope_theta":500000.0,"rope_scaling":{{Llama31Scaling}},
             "tie_word_embeddings":false,"bos_token_id":128000,"eos_token_id":[128001,128008,128009],"hidden_act":"silu","attention_bias":false,"mlp_bias":false}
            """);
        Assert.Equal(ModelFamily.Llama, config.Family);
        Assert.Equal((128, 8, 131_072), (config.HeadSize, config.KeyValueHeadCount, config.ContextLength));
        Assert.Equal([128_001, 128_008, 128_009], config.EndTokens);
        Assert.Equal((RopeScaling.Llama3, 8f, 8192, 500_000f), (config.Rope.Scaling, config.Rope.Factor, config.Rope.OriginalContextLength, config.Rope.Theta));
        Assert.Equal(RopeLayout.HalfSplit, config.Rope.Layout);
    }

    [Fact]
    public void Read_RopeParameters_SayTheSameAsTheOldSettings()
    {
        var old = Change(settings => settings["rope_scaling"] = JsonNode.Parse(Llama31Scaling));
        var parameters = Change(settings =>
        {
            settings.Remove("rope_theta");
            settings["rope_parameters"] = JsonNode.Parse(Llama31Scaling);
            settings["rope_parameters"]!["rope_theta"] = 10000.0;
        });
        Assert.Equal(old.Rope, parameters.Rope);
    }

    [Theory]
    [InlineData("""{"type":"linear","factor":4.0}""", RopeScaling.Linear, 4, 0, 128)]
    [InlineData("""{"rope_type":"dynamic","factor":2.0}""", RopeScaling.Dynamic, 2, 128, 256)]
    [InlineData("""{"type":"yarn","factor":4.0,"original_max_position_embeddings":64}""", RopeScaling.Yarn, 4, 64, 256)]
    [InlineData("""{"rope_type":"default"}""", RopeScaling.None, 1, 0, 128)]
    [InlineData("null", RopeScaling.None, 1, 0, 128)]
    public void Read_RopeScaling_IsRead(string scaling, RopeScaling kind, float factor, int original, int context)
    {
        var config = Change(settings => settings["rope_scaling"] = JsonNode.Parse(scaling));
        Assert.Equal((kind, factor, original, context), (config.Rope.Scaling, config.Rope.Factor, config.Rope.OriginalContextLength, config.ContextLength));
    }

    [Theory]
    [InlineData("mistral", """{"sliding_window":16}""", 16, 0)]
    [InlineData("mistral", """{"sliding_window":null}""", null, 0)]
    [InlineData("qwen2", """{"sliding_window":16,"use_sliding_window":false,"max_window_layers":1}""", null, 0)]
    [InlineData("qwen2", """{"sliding_window":16,"use_sliding_window":true,"max_window_layers":1}""", 16, 1)]
    [InlineData("qwen3", """{"sliding_window":16,"use_sliding_window":true,"layer_types":["full_attention","sliding_attention"]}""", 16, 1)]
    [InlineData("qwen3", """{"sliding_window":16,"use_sliding_window":true,"layer_types":["full_attention","full_attention"]}""", null, 0)]
    [InlineData("llama", """{"sliding_window":16}""", null, 0)]
    public void Read_SlidingWindow_HoldsWhereTheFamilyUsesIt(string type, string changes, int? window, int first)
    {
        var config = Change(settings => Merge(settings, changes), type);
        Assert.Equal((window, first), (config.SlidingWindow, config.FirstSlidingLayer));
    }

    [Theory]
    [InlineData("""{"model_type":"mixtral"}""", "model_type")]
    [InlineData("""{"hidden_size":null}""", "'hidden_size' is missing")]
    [InlineData("""{"hidden_size":"64"}""", "'hidden_size' is \"64\"")]
    [InlineData("""{"hidden_size":0}""", "hidden_size")]
    [InlineData("""{"num_hidden_layers":100000}""", "num_hidden_layers")]
    [InlineData("""{"num_attention_heads":3,"num_key_value_heads":2}""", "divide")]
    [InlineData("""{"num_key_value_heads":9}""", "num_key_value_heads")]
    [InlineData("""{"head_dim":15}""", "even")]
    [InlineData("""{"hidden_act":"gelu"}""", "hidden_act")]
    [InlineData("""{"rope_scaling":{"type":"longrope","factor":2}}""", "rope_scaling.type")]
    [InlineData("""{"rope_scaling":{"type":"linear"}}""", "rope_scaling.factor")]
    [InlineData("""{"rope_scaling":{"type":"linear","factor":-1}}""", "rope_scaling.factor")]
    [InlineData("""{"rope_scaling":{"rope_type":"llama3","factor":8}}""", "original_max_position_embeddings")]
    [InlineData("""{"partial_rotary_factor":0.5}""", "partial_rotary_factor")]
    [InlineData("""{"eos_token_id":40}""", "not in the vocabulary")]
    public void Read_WhatIsNotRead_NamesTheSetting(string changes, string said)
    {
        var exception = Assert.Throws<ModelFormatException>(() => Change(settings => Merge(settings, changes)));
        Assert.Contains(said, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadGenerationDefaults_Values_AreKept()
    {
        using var folder = new TemporaryFolder();
        var defaults = GenerationDefaults.Read(folder.Write(
            "generation_config.json", """{"eos_token_id":[7,9],"temperature":0.6,"top_p":0.9,"top_k":20,"repetition_penalty":1.05,"do_sample":true}"""));
        Assert.Equal([7, 9], defaults.EndTokens);
        Assert.Equal((0.6f, 0.9f, 20, 1.05f, true), (defaults.Temperature, defaults.TopP, defaults.TopK, defaults.RepetitionPenalty, defaults.Sample));
    }

    private static ModelConfig Change(Action<JsonObject> change, string type = "llama")
    {
        var settings = SmallModel.Decoder(type).Config;
        change(settings);
        return Read(settings.ToJsonString());
    }

    private static void Merge(JsonObject settings, string changes)
    {
        foreach (var (key, value) in JsonNode.Parse(changes)!.AsObject())
        {
            settings[key] = value?.DeepClone();
        }
    }

    private static ModelConfig Read(string json)
    {
        using var folder = new TemporaryFolder();
        return HuggingFaceConfig.Read(folder.Write("config.json", json));
    }
}
