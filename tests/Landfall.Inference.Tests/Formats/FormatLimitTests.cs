using System.Buffers.Binary;
using System.Text;
using Landfall.Inference.Formats.Export;
using Landfall.Inference.Tensors;

namespace Landfall.Inference.Formats;

public sealed class FormatLimitTests
{
    [Fact]
    public void Open_PoolingWithoutAPath_IsRefused()
    {
        using var folder = new TemporaryFolder();
        folder.Write("modules.json", """[{"type":"sentence_transformers.models.Pooling","path":null}]""");
        Assert.Contains("modules.json", Assert.Throws<ModelFormatException>(() => ModelFiles.Open(SmallModel.Decoder("qwen3").Write(folder))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_HugeModulesFile_IsRefusedUnread()
    {
        using var folder = new TemporaryFolder();
        folder.Write("modules.json", "[" + new string(' ', 2 << 20) + "]");
        Assert.Contains("bytes", Assert.Throws<ModelFormatException>(() => ModelFiles.Open(SmallModel.Decoder("qwen3").Write(folder))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_GgufArrayOfMillionsOfBytes_IsRefusedBeforeItTakesEightTimesAsMany()
    {
        using var folder = new TemporaryFolder();
        var bytes = new byte[17 << 20];
        "GGUF"u8.CopyTo(bytes);
        bytes[4] = 3;
        bytes[16] = 1;
        bytes[24] = 1;
        bytes[32] = (byte)'k';
        bytes[33] = (byte)GgufKind.Array;
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(41), (1 << 24) + 1);
        var path = folder.Write("m.gguf", bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("'k' has 16777217 elements", Assert.Throws<ModelFormatException>(() => GgufFile.Open(path)).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
    }

    [Fact]
    public void Open_GgufOfTensOfThousandsOfEntries_IsRefused()
    {
        using var folder = new TemporaryFolder();
        GgufWriter.Write(folder["m.gguf"], [.. Enumerable.Range(0, 65_537).Select(index => new GgufEntry($"k{index}", GgufKind.UInt8, 1L))], []);
        Assert.Contains("65537 metadata entries", Assert.Throws<ModelFormatException>(() => GgufFile.Open(folder["m.gguf"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_GgufOfFarTooManyRotaryDivisors_IsRefusedBeforeTheyAreDecoded()
    {
        using var folder = new TemporaryFolder();
        const int Columns = (1 << 19) + 1;
        GgufWriter.Write(folder["m.gguf"], [new("general.architecture", GgufKind.Text, "llama")], [TensorOutput.Of("rope_freqs.weight", new float[Columns], Columns)]);
        Assert.Equal("rope_freqs.weight", Assert.Throws<ModelFormatException>(() => ModelFiles.Open(folder["m.gguf"])).Tensor);
    }

    [Fact]
    public void Write_TokenizerThatCannotBeWritten_LeavesNothingBehind()
    {
        using var folder = new TemporaryFolder();
        using var model = FixtureFilesTests.Open("llama2");
        GgufExport.Write(model, folder["m.gguf"], new ExportOptions { Type = TensorType.F32 });
        var bytes = File.ReadAllBytes(folder["m.gguf"]);
        var at = bytes.AsSpan().IndexOf("tokenizer.ggml.model"u8) + "tokenizer.ggml.model".Length + 12;
        Assert.Equal("none", Encoding.ASCII.GetString(bytes, at, 4));
        "nope"u8.CopyTo(bytes.AsSpan(at));
        using var damaged = ModelFiles.Open(folder.Write("other.gguf", bytes));
        Assert.Contains("nope", Assert.Throws<ModelFormatException>(() => HuggingFaceExport.Write(damaged, folder["back"], new ExportOptions { Type = TensorType.F32 })).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["back"]));
    }
}
