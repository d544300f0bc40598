using System.Text.Json.Nodes;
using Landfall.Inference.Models;

namespace Landfall.Inference.Formats.Adapters;

public sealed class AdapterTests
{
    private static readonly ModelConfig Base = HuggingFaceConfig.Read(Path.Combine(FixtureFilesTests.Root(), "llama3", "config.json"));
    private static readonly ModelConfig Interleaved = Base with { Rope = Base.Rope with { Layout = RopeLayout.Interleaved } };

    [Theory]
    [InlineData("lora-qv", AdapterKind.Lora)]
    [InlineData("lora-all-rank-stabilised", AdapterKind.Lora)]
    [InlineData("prefix", AdapterKind.Prefix)]
    [InlineData("prompt", AdapterKind.Prompt)]
    public void Of_Fixture_IsItsKind(string name, AdapterKind kind) => Assert.Equal(kind, AdapterKinds.Of(Fixture(name)));

    [Fact]
    public void Open_LoraOfTwoParts_HasThemAlone()
    {
        using var adapter = LoraAdapter.Open(Fixture("lora-qv"), Base);
        Assert.Equal(2, adapter.Layers.Count);
        Assert.All(adapter.Layers, layer => Assert.True(layer is { Query: not null, Value: not null, Key: null, Up: null }));
        var pair = adapter.Layers[1].Query!;
        Assert.Equal((4, 32, 32, 4, 2f), (pair.A.Rows, pair.A.Columns, pair.B.Rows, pair.B.Columns, pair.Scale));
        using var file = SafetensorsFile.Open(Path.Combine(Fixture("lora-qv"), "adapter_model.safetensors"));
        Assert.Equal(SafetensorsFileTests.Values(file.Tensors.Get("base_model.model.model.layers.1.self_attn.q_proj.lora_B.weight")), SafetensorsFileTests.Values(pair.B));
    }

    [Fact]
    public void Open_RankStabilisedLora_ScalesByTheRoot()
    {
        using var adapter = LoraAdapter.Open(Fixture("lora-all-rank-stabilised"), Base);
        Assert.All(adapter.Layers, layer => Assert.Equal(7, layer.Pairs.Count()));
        Assert.Equal(6 / MathF.Sqrt(3), adapter.Layers[0].Down!.Scale, 1e-6f);
    }

    /// <summary>
    /// What GGUF's interleaved order means: with its rows reordered as a query matrix's, turning pairs (2i, 2i + 1) gives the
    /// half-split result, reordered alike.
    /// </summary>
    [Fact]
    public void Open_ForAnInterleavedBase_ReordersRowsOfQueriesAndKeysAlone()
    {
        using var plain = LoraAdapter.Open(Fixture("lora-all-rank-stabilised"), Base);
        using var reordered = LoraAdapter.Open(Fixture("lora-all-rank-stabilised"), Interleaved);
        var half = Base.HeadSize / 2;
        for (var row = 0; row < Base.KeyValueWidth; row++)
        {
            var (head, within) = (row / Base.HeadSize, row % Base.HeadSize);
            var target = (head * Base.HeadSize) + (within % half * 2) + (within / half);
            Assert.Equal(plain.Layers[0].Key!.B.Row(row).ToArray(), reordered.Layers[0].Key!.B.Row(target).ToArray());
        }

        Assert.Equal(SafetensorsFileTests.Values(plain.Layers[0].Query!.A), SafetensorsFileTests.Values(reordered.Layers[0].Query!.A));
        Assert.Equal(SafetensorsFileTests.Values(plain.Layers[0].Value!.B), SafetensorsFileTests.Values(reordered.Layers[0].Value!.B));
    }

    [Fact]
    public void Open_GgufLora_IsThePeftOneForBothLayouts()
    {
        using var folder = new TemporaryFolder();
        using var interleaved = LoraAdapter.Open(Fixture("lora-qv"), Interleaved);
        WriteGguf(folder["a.gguf"], interleaved, "llama", alpha: 8);
        using var read = LoraAdapter.Open(folder["a.gguf"], Interleaved);
        AssertSame(interleaved, read);
        using var plain = LoraAdapter.Open(Fixture("lora-qv"), Base);
        using var readForFolder = LoraAdapter.Open(folder["a.gguf"], Base);
        AssertSame(plain, readForFolder);
        WriteGguf(folder["q.gguf"], interleaved, "qwen2", alpha: 8);
        Assert.Contains("qwen2", Assert.Throws<ModelFormatException>(() => LoraAdapter.Open(folder["q.gguf"], Base)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_Patterns_SetRankAndScaleOfTheirModules()
    {
        using var folder = new TemporaryFolder();
        Write(folder, """{"r":2,"lora_alpha":4,"rank_pattern":{"layers.1.self_attn.q_proj":1},"alpha_pattern":{"q_proj":6}}""",
            Pair("layers.0.self_attn.q_proj", 2), Pair("layers.1.self_attn.q_proj", 1), Pair("layers.1.self_attn.o_proj", 2));
        using var adapter = LoraAdapter.Open(folder.Path, Base);
        Assert.Equal((3f, 6f, 2f), (adapter.Layers[0].Query!.Scale, adapter.Layers[1].Query!.Scale, adapter.Layers[1].AttentionOutput!.Scale));
    }

    [Theory]
    [InlineData("""{"use_dora":true}""", "use_dora")]
    [InlineData("""{"bias":"all"}""", "'bias'")]
    [InlineData("""{"modules_to_save":["lm_head"]}""", "modules_to_save")]
    [InlineData("""{"fan_in_fan_out":true}""", "fan_in_fan_out")]
    [InlineData("""{"r":3}""", "'r'")]
    [InlineData("""{"peft_type":"IA3"}""", "peft_type")]
    [InlineData("""{"target_modules":["q_proj","up_proj"]}""", "up_proj")]
    [InlineData("""{"rank_pattern":{".*q_proj":2}}""", "rank_pattern")]
    public void Open_WhatIsNotDone_NamesTheSetting(string changes, string said)
    {
        using var folder = new TemporaryFolder();
        Write(folder, changes, Pair("layers.0.self_attn.q_proj", 2));
        Assert.Contains(said, Assert.Throws<ModelFormatException>(() => LoraAdapter.Open(folder.Path, Base)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_AdapterOfAnotherBase_NamesTheTensor()
    {
        AssertRefused("another base", Pair("layers.0.self_attn.q_proj", 2, inputs: 64));
        AssertRefused("layer 2", Pair("layers.2.self_attn.q_proj", 2));
        AssertRefused("linear parts", Pair("embed_tokens", 2));
        AssertRefused("other half", [Pair("layers.0.self_attn.q_proj", 2)[0]]);
        AssertRefused("lora_A", [TensorOutput.Of("base_model.model.model.layers.0.self_attn.q_proj.weight", new float[4], 2, 2)]);
    }

    [Fact]
    public void Open_Prefix_SplitsKeysAndValuesByLayer()
    {
        var adapter = PrefixAdapter.Open(Fixture("prefix"), Base);
        var reordered = PrefixAdapter.Open(Fixture("prefix"), Interleaved);
        using var file = SafetensorsFile.Open(Path.Combine(Fixture("prefix"), "adapter_model.safetensors"));
        var all = SafetensorsFileTests.Values(file.Tensors.Get("prompt_embeddings"));
        Assert.Equal((6, 2), (adapter.VirtualTokens, adapter.Layers!.Count));
        Assert.Equal(all[(64 * 3 + 32)..(64 * 3 + 48)], adapter.Layers[1].Keys[(16 * 3)..(16 * 4)]);
        Assert.Equal(all[(64 * 3 + 48)..(64 * 4)], adapter.Layers[1].Values[(16 * 3)..(16 * 4)]);
        Assert.Equal(adapter.Layers[1].Values, reordered.Layers![1].Values);
        Assert.Equal(adapter.Layers[1].Keys[4], reordered.Layers[1].Keys[1]);
        Assert.Equal(adapter.Layers[1].Keys[9], reordered.Layers[1].Keys[10]);
    }

    [Fact]
    public void Open_Prompt_HasItsEmbeddings()
    {
        var adapter = PrefixAdapter.Open(Fixture("prompt"), Base);
        Assert.Equal((5, 5 * 32), (adapter.VirtualTokens, adapter.Embeddings!.Length));
        Assert.Null(adapter.Layers);
        var exception = Assert.Throws<ModelFormatException>(() => PrefixAdapter.Open(Fixture("prompt"), Base with { HiddenSize = 64 }));
        Assert.Equal("prompt_embeddings", exception.Tensor);
        Assert.Throws<ModelFormatException>(() => PrefixAdapter.Open(Fixture("lora-qv"), Base));
        Assert.Throws<ModelFormatException>(() => LoraAdapter.Open(Fixture("prefix"), Base));
    }

    private static string Fixture(string name) => Path.Combine(FixtureFilesTests.Root(), "llama3", "adapters", name);

    private static TensorOutput[] Pair(string module, int rank, int inputs = 32) =>
    [
        SmallModel.Matrix(new Random(1), $"base_model.model.model.{module}.lora_A.weight", rank, inputs),
        SmallModel.Matrix(new Random(2), $"base_model.model.model.{module}.lora_B.weight", 32, rank),
    ];

    private static void Write(TemporaryFolder folder, string changes, params TensorOutput[][] pairs)
    {
        var settings = new JsonObject { ["peft_type"] = "LORA", ["r"] = 2, ["lora_alpha"] = 4, ["target_modules"] = new JsonArray("q_proj"), ["bias"] = "none" };
        foreach (var (key, value) in JsonNode.Parse(changes)!.AsObject())
        {
            settings[key] = value?.DeepClone();
        }

        folder.Write("adapter_config.json", settings.ToJsonString());
        SafetensorsWriter.Write(folder["adapter_model.safetensors"], [.. pairs.SelectMany(pair => pair)]);
    }

    private static void AssertRefused(string said, TensorOutput[] tensors)
    {
        using var folder = new TemporaryFolder();
        Write(folder, "{}", tensors);
        var exception = Assert.Throws<ModelFormatException>(() => LoraAdapter.Open(folder.Path, Base));
        Assert.Contains(said, exception.Message, StringComparison.Ordinal);
        Assert.NotNull(exception.Tensor);
    }

    private static void WriteGguf(string path, LoraAdapter adapter, string architecture, float alpha)
    {
        var tensors = new List<TensorOutput>();
        for (var layer = 0; layer < adapter.Layers.Count; layer++)
        {
            foreach (var (name, pair) in new[] { ("attn_q", adapter.Layers[layer].Query!), ("attn_v", adapter.Layers[layer].Value!) })
            {
                tensors.Add(TensorOutput.Of(pair.A, $"blk.{layer}.{name}.weight.lora_a"));
                tensors.Add(TensorOutput.Of(pair.B, $"blk.{layer}.{name}.weight.lora_b"));
            }
        }

        GgufWriter.Write(
            path,
            [GgufEntry.Of("general.type", "adapter"), GgufEntry.Of("adapter.type", "lora"), GgufEntry.Of("general.architecture", architecture), GgufEntry.Of("adapter.lora.alpha", alpha)],
            tensors);
    }

    private static void AssertSame(LoraAdapter expected, LoraAdapter actual)
    {
        Assert.Equal(expected.Layers.Count, actual.Layers.Count);
        foreach (var (first, second) in expected.Layers.SelectMany(layer => layer.Pairs).Zip(actual.Layers.SelectMany(layer => layer.Pairs)))
        {
            Assert.Equal(SafetensorsFileTests.Values(first.A), SafetensorsFileTests.Values(second.A));
            Assert.Equal(SafetensorsFileTests.Values(first.B), SafetensorsFileTests.Values(second.B));
            Assert.Equal(first.Scale, second.Scale);
        }
    }
}
