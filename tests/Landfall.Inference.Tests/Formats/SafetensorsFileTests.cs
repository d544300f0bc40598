using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Landfall.Inference.Formats.Quantisation;
using Landfall.Inference.Tensors;

namespace Landfall.Inference.Formats;

public sealed class SafetensorsFileTests
{
    [Fact]
    public void Open_WhatWasWritten_ReadsTheSame() =>
        Gen.Select(Gen.Float[-100, 100].Array[1, 60], Gen.String[Gen.Char.AlphaNumeric, 1, 20], Gen.String[Gen.Char['a', 'z'], 0, 9]).Sample((values, name, note) =>
        {
            using var folder = new TemporaryFolder();
            var tensor = TensorOutput.Of(name, values, values.Length);
            SafetensorsWriter.Write(folder["m.safetensors"], [tensor, TensorOutput.Of("scalar", new[] { 3f })], new Dictionary<string, string> { ["note"] = note });
            using var file = SafetensorsFile.Open(folder["m.safetensors"]);
            Assert.Equal(note, file.Metadata["note"]);
            Assert.Equal(values, Values(file.Tensors.Get(name)));
            Assert.Equal([3f], Values(file.Tensors.Get("scalar")));
            Assert.Equal(2, file.Tensors.Names.Count);
        }, iter: 50);

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 8, "a")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "overlap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", 12, "hole")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "hole")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8, "4 bytes of data")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", 8, "cut off")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", 0, "which are not its 0 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "whole numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "whole numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "rise")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", 0, "data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}""", 4, "'x'")]
    [InlineData("""{"a":3}""", 0, "object")]
    [InlineData("""[]""", 0, "object")]
    [InlineData("""{"a":""", 0, "JSON")]
    [InlineData("""{} {}""", 0, "JSON")]
    public void Open_LyingHeader_NamesTheProblem(string header, int dataBytes, string said)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("m.safetensors", Bytes(header, dataBytes));
        var exception = Assert.Throws<ModelFormatException>(() => SafetensorsFile.Open(path));
        Assert.Contains(said, exception.Message, StringComparison.Ordinal);
        Assert.StartsWith(path, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_HeaderLengthBeyondTheFile_TakesNoMemoryForIt()
    {
        using var folder = new TemporaryFolder();
        var bytes = new byte[100];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, 99_000_000);
        var path = folder.Write("m.safetensors", bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<ModelFormatException>(() => SafetensorsFile.Open(path));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void Open_EveryTruncation_IsRefused()
    {
        using var folder = new TemporaryFolder();
        SafetensorsWriter.Write(folder["m.safetensors"], [TensorOutput.Of("a", new float[] { 1, 2, 3 }, 3)]);
        var bytes = File.ReadAllBytes(folder["m.safetensors"]);
        for (var length = 0; length < bytes.Length; length++)
        {
            var path = folder.Write("cut.safetensors", bytes[..length]);
            Assert.Throws<ModelFormatException>(() => SafetensorsFile.Open(path).Dispose());
        }
    }

    [Fact]
    public void Open_MisalignedData_IsReadFromAnAlignedCopy()
    {
        using var folder = new TemporaryFolder();
        var header = """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";
        header = header.PadRight(((header.Length + 7) / 8 * 8) + 1);
        var bytes = Bytes(header, 8);
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(bytes.Length - 4), 2.5f);
        using var file = SafetensorsFile.Open(folder.Write("m.safetensors", bytes));
        Assert.Equal([0f, 2.5f], Values(file.Tensors.Get("a")));
        Assert.IsType<NativeBuffer>(file.Tensors.Get("a").Memory);
    }

    [Fact]
    public void Find_TypeThatIsNotRead_NamesTensorAndType()
    {
        using var folder = new TemporaryFolder();
        using var file = SafetensorsFile.Open(folder.Write("m.safetensors", Bytes("""{"position_ids":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}""", 8)));
        var exception = Assert.Throws<ModelFormatException>(() => file.Tensors.Find("position_ids"));
        Assert.Equal("position_ids", exception.Tensor);
        Assert.Contains("I64", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_Index_JoinsItsFiles()
    {
        using var folder = Sharded("""{"metadata":{"total_size":8},"weight_map":{"a":"one.safetensors","b":"two.safetensors"}}""");
        using var file = SafetensorsFile.Open(folder["model.safetensors.index.json"]);
        Assert.Equal([1f], Values(file.Tensors.Get("a")));
        Assert.Equal([2f], Values(file.Tensors.Get("b")));
        Assert.EndsWith("two.safetensors", file.Tensors.FileOf("b"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"weight_map":{"a":"one.safetensors","b":"one.safetensors"}}""", "'b' is not in it")]
    [InlineData("""{"weight_map":{"b":"two.safetensors","c":"two.safetensors"}}""", "'c' is not in it")]
    [InlineData("""{"weight_map":{"a":"one.safetensors","b":"three.safetensors"}}""", "cannot be read")]
    [InlineData("""{"weight_map":{"a":"../one.safetensors"}}""", "no file name")]
    [InlineData("""{"weight_map":{"a":"one.safetensors","a":"two.safetensors"}}""", "twice")]
    [InlineData("""{"weight_map":{"a":7}}""", "weight_map.a")]
    [InlineData("""{}""", "'weight_map'")]
    public void Open_LyingIndex_NamesTheProblem(string index, string said)
    {
        using var folder = Sharded(index);
        var exception = Assert.Throws<ModelFormatException>(() => SafetensorsFile.Open(folder["model.safetensors.index.json"]));
        Assert.Contains(said, exception.Message, StringComparison.Ordinal);
    }

    /// <summary>A sparse file: its end is read without its beginning, and nothing is copied.</summary>
    [Fact]
    public void Open_FileOfThreeGigabytes_ReadsItsEnd()
    {
        using var folder = new TemporaryFolder();
        const int Rows = 3072;
        const int Columns = 262_144;
        var header = $$$"""{"a":{"dtype":"F32","shape":[{{{Rows}}},{{{Columns}}}],"data_offsets":[0,{{{4L * Rows * Columns}}}]}}""".PadRight(120);
        using (var stream = File.Create(folder["m.safetensors"]))
        {
            stream.Write(Bytes(header, 0));
            stream.SetLength(128 + (4L * Rows * Columns));
            stream.Seek(-4, SeekOrigin.End);
            stream.Write(BitConverter.GetBytes(1.5f));
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        using var file = SafetensorsFile.Open(folder["m.safetensors"]);
        var last = file.Tensors.Get("a").Row(Rows - 1);
        Assert.Equal(1.5f, BitConverter.ToSingle(last[^4..]));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void Write_Cancelled_LeavesNothing()
    {
        using var folder = new TemporaryFolder();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            SafetensorsWriter.Write(folder["m.safetensors"], [TensorOutput.Of("a", new float[1], 1)], cancellationToken: new CancellationToken(canceled: true)));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    internal static byte[] Bytes(string header, int dataBytes)
    {
        var bytes = new byte[8 + header.Length + dataBytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.Length);
        Encoding.UTF8.GetBytes(header, bytes.AsSpan(8));
        return bytes;
    }

    internal static float[] Values(Tensor tensor)
    {
        var values = new float[tensor.Rows * tensor.Columns];
        for (var row = 0; row < tensor.Rows; row++)
        {
            BlockCodec.Decode(tensor, row, values.AsSpan(row * tensor.Columns, tensor.Columns));
        }

        return values;
    }

    private static TemporaryFolder Sharded(string index)
    {
        var folder = new TemporaryFolder();
        SafetensorsWriter.Write(folder["one.safetensors"], [TensorOutput.Of("a", new[] { 1f }, 1)]);
        SafetensorsWriter.Write(folder["two.safetensors"], [TensorOutput.Of("b", new[] { 2f }, 1)]);
        folder.Write("model.safetensors.index.json", index);
        return folder;
    }
}
