using Landfall.Inference.Models;
using Landfall.Inference.Tensors;
using Landfall.Inference.Tokenizers;

namespace Landfall.Inference.Formats.Export;

public sealed class ExportTests
{
    public static TheoryData<string> Folders => ["llama2", "llama3", "llama-linear", "llama-yarn", "mistral", "qwen2", "qwen3", "bert"];

    public static TheoryData<string, string> Tokenizers => new()
    {
        { "llama2", "llama" }, { "mistral", "mistral" }, { "llama3", "llama" }, { "qwen2", "qwen3" }, { "tekken", "mistral" }, { "gpt2", "llama" }, { "starcoder", "qwen2" },
    };

    /// <summary>Folder to GGUF to folder: every weight comes back to the bit, and the configuration says the same.</summary>
    [Theory]
    [MemberData(nameof(Folders))]
    public void Write_ToGgufAndBack_KeepsWeightsAndConfiguration(string name)
    {
        using var folder = new TemporaryFolder();
        using var model = FixtureFilesTests.Open(name);
        GgufExport.Write(model, folder["m.gguf"], new ExportOptions { Type = TensorType.F32, Threads = 2 });
        using var gguf = ModelFiles.Open(folder["m.gguf"]);
        HuggingFaceExport.Write(gguf, folder["back"], new ExportOptions { Type = TensorType.F32 });
        using var back = ModelFiles.Open(folder["back"]);
        AssertSameWeights(model, back);
        Assert.Equal(Comparable(model.Config), Comparable(back.Config));
        Assert.Equal(model.Config.Rope.Scaling == RopeScaling.Llama3, gguf.Config.Rope.FrequencyDivisors is not null);
    }

    /// <summary>The twin that the reference wrote: same weights under the same names, in the same order of rows.</summary>
    [Fact]
    public void Write_Llama_ReordersRowsAsTheReferenceDoes()
    {
        using var folder = new TemporaryFolder();
        using var model = FixtureFilesTests.Open("llama2");
        using var expected = FixtureFilesTests.Open("llama2-gguf");
        GgufExport.Write(model, folder["m.gguf"], new ExportOptions { Type = TensorType.F32 });
        using var written = ModelFiles.Open(folder["m.gguf"]);
        Assert.Equal(expected.Tensors.Names.Order(), written.Tensors.Names.Order());
        Assert.All(expected.Tensors.Names, name => Assert.Equal(Values(expected.Tensors.Get(name)), Values(written.Tensors.Get(name))));
    }

    [Fact]
    public void Write_AsQ8_0_IsTheReferencesFileAlmostToTheBit()
    {
        using var folder = new TemporaryFolder();
        using var model = FixtureFilesTests.Open("qwen2");
        using var expected = FixtureFilesTests.Open("qwen2-gguf");
        GgufExport.Write(model, folder["m.gguf"], new ExportOptions { Type = TensorType.Q8_0 });
        using var written = ModelFiles.Open(folder["m.gguf"]);
        foreach (var name in expected.Tensors.Names)
        {
            Assert.Equal(expected.Tensors.Get(name).Type, written.Tensors.Get(name).Type);
            var (theirs, ours) = (Values(expected.Tensors.Get(name)), Values(written.Tensors.Get(name)));
            var step = theirs.Max(MathF.Abs) / 127 * 1.01f;
            Assert.All(theirs.Zip(ours), pair => Assert.InRange(MathF.Abs(pair.First - pair.Second), 0, step));
        }
    }

    [Theory]
    [InlineData(TensorType.Q4_K, TensorType.Q6_K, TensorType.Q4_K, TensorType.Q5_0)]
    [InlineData(TensorType.Q6_K, TensorType.Q6_K, TensorType.Q6_K, TensorType.Q8_0)]
    [InlineData(TensorType.Q4_0, TensorType.Q6_K, TensorType.Q4_0, TensorType.Q4_0)]
    [InlineData(TensorType.Q8_0, TensorType.Q8_0, TensorType.Q8_0, TensorType.Q8_0)]
    [InlineData(TensorType.BF16, TensorType.BF16, TensorType.BF16, TensorType.BF16)]
    [InlineData(TensorType.F16, TensorType.F16, TensorType.F16, TensorType.F16)]
    public void Write_Quantised_ChoosesTypesAsTheFieldDoes(TensorType type, TensorType output, TensorType gate, TensorType narrow)
    {
        using var folder = new TemporaryFolder();
        var small = SmallModel.Decoder("llama", hidden: 256, wide: 288);
        using var model = ModelFiles.Open(small.Write(folder));
        GgufExport.Write(model, folder["m.gguf"], new ExportOptions { Type = type });
        using var written = ModelFiles.Open(folder["m.gguf"]);
        Assert.Equal(output, written.Decoder!.Output.Type);
        Assert.Equal(gate, written.Decoder.Layers[0].Gate.Weight.Type);
        Assert.Equal(narrow, written.Decoder.Layers[0].Down.Weight.Type);
        Assert.Equal(TypeChoice.FileType(type), written.Metadata!.FindValue<long>("general.file_type"));
    }

    [Fact]
    public void Write_GgufToGguf_KeepsMetadataAndRequantises()
    {
        using var folder = new TemporaryFolder();
        using var model = FixtureFilesTests.Open("qwen2-gguf");
        GgufExport.Write(model, folder["m.gguf"], new ExportOptions { Type = TensorType.Q4_0, Name = "other" });
        using var written = ModelFiles.Open(folder["m.gguf"]);
        Assert.Equal(TensorType.Q4_0, written.Decoder!.Layers[0].Up.Weight.Type);
        Assert.Equal("other", written.Metadata!.Find<string>("general.name"));
        Assert.All(
            model.Metadata!.Values.Where(pair => pair.Key is not ("general.file_type" or "general.quantization_version" or "general.name")),
            pair => Assert.Equal(pair.Value, written.Metadata.Values[pair.Key]));
    }

    /// <summary>A tokenizer goes to GGUF and back to a folder; texts are read as by the first at each step.</summary>
    [Theory]
    [MemberData(nameof(Tokenizers))]
    public void Write_WithATokenizer_ReadsTextsAlike(string tokenizer, string type)
    {
        using var folder = new TemporaryFolder();
        var fixtures = Path.Combine(FixtureFilesTests.Root(), "tokenizers");
        folder.Write("hf/tokenizer.json", File.ReadAllBytes(Path.Combine(fixtures, $"{tokenizer}.json")));
        folder.Write("hf/tokenizer_config.json", """{"chat_template":"{{ messages }}","eos_token":null}""");
        var small = SmallModel.Decoder(type, vocabulary: 920);
        folder.Write("hf/config.json", small.Config.ToJsonString());
        SafetensorsWriter.Write(folder["hf/model.safetensors"], small.Tensors);
        using var model = ModelFiles.Open(folder["hf"]);
        GgufExport.Write(model, folder["m.gguf"], new ExportOptions { Type = TensorType.F16 });
        using var gguf = ModelFiles.Open(folder["m.gguf"]);
        Assert.Equal("{{ messages }}", gguf.Metadata!.Find<string>("tokenizer.chat_template"));
        var (first, second) = (TokenizerJson.ReadFolder(folder["hf"]), GgufTokenizer.Read(gguf.Metadata));
        var texts = File.ReadAllLines(Path.Combine(fixtures, "texts.txt")).Where(IsSayable).ToList();
        Assert.All(texts, text => Assert.Equal(first.Encode(Composed(text)), second.Encode(Composed(text))));
        if (tokenizer is not ("tekken" or "starcoder"))
        {
            HuggingFaceExport.Write(gguf, folder["back"], new ExportOptions { Type = TensorType.BF16 });
            var third = TokenizerJson.ReadFolder(folder["back"]);
            Assert.All(texts, text => Assert.Equal(second.Encode(text), third.Encode(text)));
        }
    }

    [Fact]
    public void Write_Cancelled_LeavesNoFile()
    {
        using var folder = new TemporaryFolder();
        using var model = FixtureFilesTests.Open("llama2");
        using var cancellation = new CancellationTokenSource();
        var options = new ExportOptions { Type = TensorType.Q8_0, Progress = new Immediate(share => Cancel(share, cancellation)) };
        Assert.ThrowsAny<OperationCanceledException>(() => GgufExport.Write(model, folder["m.gguf"], options, cancellation.Token));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Write_Progress_RisesToOne()
    {
        using var folder = new TemporaryFolder();
        using var model = FixtureFilesTests.Open("llama3");
        var shares = new List<double>();
        GgufExport.Write(model, folder["m.gguf"], new ExportOptions { Type = TensorType.Q8_0, Progress = new Immediate(shares.Add) });
        Assert.Equal(shares.Order(), shares);
        Assert.Equal(1, shares[^1]);
    }

    [Fact]
    public void Write_WeightThatIsNoNumber_NamesTheTensor()
    {
        using var folder = new TemporaryFolder();
        var small = SmallModel.Decoder("llama");
        var index = small.Tensors.FindIndex(tensor => tensor.Name == "model.layers.1.mlp.up_proj.weight");
        small.Tensors[index] = TensorOutput.Of(small.Tensors[index].Name, Enumerable.Repeat(float.NaN, 96 * 64).ToArray(), 96, 64);
        using var model = ModelFiles.Open(small.Write(folder));
        var exception = Assert.Throws<ModelFormatException>(() => GgufExport.Write(model, folder["m.gguf"], new ExportOptions { Type = TensorType.Q8_0 }));
        Assert.Equal("model.layers.1.mlp.up_proj.weight", exception.Tensor);
    }

    [Fact]
    public void Write_WhatIsNotWritten_SaysSo()
    {
        using var folder = new TemporaryFolder();
        using var dynamic = FixtureFilesTests.Open("llama-dynamic");
        Assert.Contains("dynamic", Assert.Throws<ModelFormatException>(() => GgufExport.Write(dynamic, folder["m.gguf"], new ExportOptions { Type = TensorType.F32 })).Message, StringComparison.Ordinal);
        Assert.Throws<InferenceException>(() => GgufExport.Write(dynamic, folder["m.gguf"], new ExportOptions { Type = TensorType.Q5_1 }));
        Assert.Throws<InferenceException>(() => HuggingFaceExport.Write(dynamic, folder["hf"], new ExportOptions { Type = TensorType.Q8_0 }));
        folder.Write("full/file", "x");
        Assert.Contains("not empty", Assert.Throws<InferenceException>(() => HuggingFaceExport.Write(dynamic, folder["full"], new ExportOptions { Type = TensorType.F32 })).Message, StringComparison.Ordinal);
    }

    private static void Cancel(double share, CancellationTokenSource cancellation)
    {
        if (share > 0.5)
        {
            cancellation.Cancel();
        }
    }

    /// <summary>GGUF has no normalizer, so texts that NFC changes are read in another way there, in llama.cpp too.</summary>
    private static string Composed(string text) => text.Normalize();

    /// <summary>GGUF does not say that an added token takes spaces with it or must stand alone, as these two do in a fixture.</summary>
    private static bool IsSayable(string text) => !text.Contains("<tool>", StringComparison.Ordinal) && !text.Contains("solo", StringComparison.Ordinal);

    private static object Comparable(ModelConfig config) => config with
    {
        EndTokens = [],
        BeginToken = null,
        Pooling = null,
        Rope = config.Rope with { LowFrequencyFactor = 0, AttentionFactor = null },
        FirstSlidingLayer = 0,
    };

    private static void AssertSameWeights(ModelFiles expected, ModelFiles actual)
    {
        var names = expected.Tensors.Names.Where(name => !name.Contains("pooler", StringComparison.Ordinal) && !name.EndsWith("position_ids", StringComparison.Ordinal)).ToList();
        Assert.All(names, name => Assert.Equal(Values(expected.Tensors.Get(name)), Values(actual.Tensors.Get(name.Replace("bert.", string.Empty, StringComparison.Ordinal)))));
        Assert.Equal(names.Count, actual.Tensors.Names.Count);
    }

    private static float[] Values(Tensor tensor) => SafetensorsFileTests.Values(tensor);

    private sealed class Immediate(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
