using System.Text;
using Landfall.Inference.Formats.Quantisation;
using Landfall.Inference.Tensors;

namespace Landfall.Inference.Formats;

public sealed class GgufFileTests
{
    private static readonly GgufEntry[] AllKinds =
    [
        new("u8", GgufKind.UInt8, 255L), new("i8", GgufKind.Int8, -128L), new("u16", GgufKind.UInt16, 65_535L), new("i16", GgufKind.Int16, -32_768L),
        new("u32", GgufKind.UInt32, 4_294_967_295L), new("i32", GgufKind.Int32, -2_147_483_648L), new("f32", GgufKind.Float32, 0.5), new("bool", GgufKind.Bool, true),
        new("text", GgufKind.Text, "Größe 大小"), new("u64", GgufKind.UInt64, -1L), new("i64", GgufKind.Int64, long.MinValue), new("f64", GgufKind.Float64, Math.PI),
        new("texts", GgufKind.Text, new[] { "a", string.Empty, "ü" }), new("numbers", GgufKind.Int16, new[] { -1L, 2L }), new("floats", GgufKind.Float64, new[] { 1.5, -2 }),
        new("bools", GgufKind.Bool, new[] { true, false }), new("none", GgufKind.UInt64, Array.Empty<long>()), new("general.alignment", GgufKind.UInt32, 64L),
    ];

    [Fact]
    public void Open_WhatWasWritten_HasAllKindsOfMetadata()
    {
        using var folder = new TemporaryFolder();
        GgufWriter.Write(folder["m.gguf"], AllKinds, []);
        using var file = GgufFile.Open(folder["m.gguf"]);
        Assert.Equivalent(AllKinds, file.Entries, strict: true);
        Assert.Equal("Größe 大小", file.Metadata.Find<string>("text"));
        Assert.Equal(255L, file.Metadata.FindValue<long>("u8"));
    }

    [Fact]
    public void Open_WhatWasWritten_HasAllTypesOfTensors()
    {
        using var folder = new TemporaryFolder();
        var values = BlockCodecTests.Normal(512, seed: 3);
        var tensors = Enum.GetValues<TensorType>().Select(type => new TensorOutput($"t.{type}", type, [2, 256], (stream, _) => stream.Write(Encode(type, values)))).ToList();
        GgufWriter.Write(folder["m.gguf"], AllKinds, tensors);
        using var file = GgufFile.Open(folder["m.gguf"]);
        foreach (var type in Enum.GetValues<TensorType>())
        {
            var tensor = file.Tensors.Get($"t.{type}");
            Assert.Equal((type, 2, 256), (tensor.Type, tensor.Rows, tensor.Columns));
            Assert.Equal(Encode(type, values)[(int)tensor.RowBytes..], tensor.Row(1).ToArray());
        }
    }

    [Fact]
    public void Open_Version2_IsReadAlike()
    {
        using var folder = new TemporaryFolder();
        var bytes = Valid(folder);
        bytes[4] = 2;
        using var file = GgufFile.Open(folder.Write("v2.gguf", bytes));
        Assert.Equal([1f, 2f, 3f], SafetensorsFileTests.Values(file.Tensors.Get("a")));
    }

    [Theory]
    [InlineData(0, 0x58, "does not begin with 'GGUF'")]
    [InlineData(4, 1, "version 1")]
    [InlineData(8, 200, "200 tensors")]
    [InlineData(16, 250, "250 metadata")]
    public void Open_LyingHeader_NamesTheProblem(int offset, byte value, string said)
    {
        using var folder = new TemporaryFolder();
        var bytes = Valid(folder);
        bytes[offset] = value;
        var exception = Assert.Throws<ModelFormatException>(() => GgufFile.Open(folder.Write("bad.gguf", bytes)));
        Assert.Contains(said, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_BigEndian_SaysSo()
    {
        using var folder = new TemporaryFolder();
        var bytes = Valid(folder);
        bytes.AsSpan(4, 4).Reverse();
        Assert.Contains("big-endian", Assert.Throws<ModelFormatException>(() => GgufFile.Open(folder.Write("bad.gguf", bytes))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_EveryTruncation_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var bytes = Valid(folder);
        var dataEnd = bytes.Length - 20;
        for (var length = 0; length < dataEnd; length++)
        {
            Assert.Throws<ModelFormatException>(() => GgufFile.Open(folder.Write("cut.gguf", bytes[..length])).Dispose());
        }
    }

    [Fact]
    public void Open_KeyTwice_IsRefused() => AssertRefused([GgufEntry.Of("k", 1), GgufEntry.Of("k", 2)], [], "'k' is there twice");

    [Fact]
    public void Open_TensorTwice_IsRefused() =>
        AssertRefused([], [TensorOutput.Of("a", new float[1], 1), TensorOutput.Of("a", new float[1], 1)], "'a' is there twice");

    [Fact]
    public void Open_AlignmentThatIsNone_IsRefused() => AssertRefused([GgufEntry.Of("general.alignment", 33)], [], "power of two");

    [Fact]
    public void Open_TensorsThatOverlap_AreRefused() => AssertRefusedAfter("b", info => info[^8..].Clear(), "within 'a'");

    [Fact]
    public void Open_TensorAtAnOddOffset_IsRefused() => AssertRefusedAfter("b", info => info[^8] = 33, "no multiple of 32");

    [Fact]
    public void Open_TensorLongerThanTheFile_IsRefused() => AssertRefusedAfter("b", info => info[^18] = 1, "more than the file has");

    [Fact]
    public void Open_HugeDimension_IsRefused() => AssertRefusedAfter("b", info => info[^13] = 0xFF, "which no file holds");

    [Fact]
    public void Find_TypeThatIsNotRead_NamesTensorAndType()
    {
        using var folder = new TemporaryFolder();
        var bytes = Valid(folder);
        Info(bytes, "b")[^12] = 10;
        using var file = GgufFile.Open(folder.Write("q2.gguf", bytes));
        var exception = Assert.Throws<ModelFormatException>(() => file.Tensors.Get("b"));
        Assert.Equal("b", exception.Tensor);
        Assert.Contains("Q2_K", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_RowsThatAreNoWholeBlocks_AreRefused() => AssertRefusedAfter("b", info => info[^12] = 8, "not whole blocks of 32");

    [Fact]
    public void Write_TensorThatWritesLess_Fails()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<InvalidOperationException>(() => GgufWriter.Write(folder["m.gguf"], [], [new TensorOutput("a", TensorType.F32, [3], (_, _) => { })]));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    private static byte[] Valid(TemporaryFolder folder)
    {
        GgufWriter.Write(folder["valid.gguf"], [GgufEntry.Of("k", "v")], [TensorOutput.Of("a", new float[] { 1, 2, 3 }, 3), TensorOutput.Of("b", new float[] { 4, 5, 6 }, 3)]);
        return File.ReadAllBytes(folder["valid.gguf"]);
    }

    /// <summary>The info of a one-letter tensor of one dimension: <c>length:8 name:1 dimensions:4 columns:8 type:4 offset:8</c>.</summary>
    private static Span<byte> Info(byte[] bytes, string name)
    {
        byte[] beginning = [1, 0, 0, 0, 0, 0, 0, 0, .. Encoding.UTF8.GetBytes(name), 1, 0, 0, 0];
        return bytes.AsSpan(bytes.AsSpan().IndexOf(beginning), 33);
    }

    private delegate void Change(Span<byte> info);

    private static void AssertRefusedAfter(string tensor, Change change, string said)
    {
        using var folder = new TemporaryFolder();
        var bytes = Valid(folder);
        change(Info(bytes, tensor));
        var exception = Assert.Throws<ModelFormatException>(() => GgufFile.Open(folder.Write("bad.gguf", bytes)));
        Assert.Contains(said, exception.Message, StringComparison.Ordinal);
        Assert.Equal(tensor, exception.Tensor ?? tensor);
        Assert.NotNull(exception.Offset);
    }

    private static void AssertRefused(GgufEntry[] entries, TensorOutput[] tensors, string said)
    {
        using var folder = new TemporaryFolder();
        GgufWriter.Write(folder["m.gguf"], entries, tensors);
        var exception = Assert.Throws<ModelFormatException>(() => GgufFile.Open(folder["m.gguf"]));
        Assert.Contains(said, exception.Message, StringComparison.Ordinal);
    }

    private static byte[] Encode(TensorType type, float[] values)
    {
        var bytes = new byte[type.RowBytes(values.Length)];
        BlockCodec.Encode(type, values, bytes);
        return bytes;
    }
}
