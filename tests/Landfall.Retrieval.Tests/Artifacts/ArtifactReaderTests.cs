using System.Buffers.Binary;
using CsCheck;
using Landfall.Retrieval.Artifacts;

namespace Landfall.Retrieval.Tests.Artifacts;

public sealed class ArtifactReaderTests
{
    [Fact]
    public void Open_WhatWasWritten_ReadsTheSame() =>
        Gen.Select(Gen.UInt, Gen.Int[0, int.MaxValue], Gen.Double[-1e9, 1e9], Gen.String).Sample((number, limited, value, text) =>
        {
            var clean = text.Replace("\uFFFD", string.Empty, StringComparison.Ordinal);
            var written = System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(clean));
            using var writer = new ArtifactWriter();
            writer.WriteUInt32(number);
            writer.WriteCount(limited);
            writer.WriteDouble(value);
            writer.WriteString(written);
            var reader = ArtifactReader.Open(new MemoryStream(Seal(writer)), "TEST", 1);
            Assert.Equal(number, reader.ReadUInt32());
            Assert.Equal(limited, reader.ReadNumber(int.MaxValue));
            Assert.Equal(value, reader.ReadDouble());
            Assert.Equal(written, reader.ReadString());
            reader.End();
        });

    [Fact]
    public void Open_LengthOfTwoGigabytesStated_TakesNoMemoryForIt()
    {
        using var writer = new ArtifactWriter();
        writer.WriteString("short");
        var bytes = Seal(writer);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(6), int.MaxValue - 100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidDataException>(() => ArtifactReader.Open(new MemoryStream(bytes), "TEST", 1));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void Open_OtherVersion_NamesBoth()
    {
        using var writer = new ArtifactWriter();
        var exception = Assert.Throws<InvalidDataException>(() => ArtifactReader.Open(new MemoryStream(Seal(writer)), "TEST", 2));
        Assert.Contains("version 1", exception.Message, StringComparison.Ordinal);
        Assert.Contains("version 2", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadCount_MoreThanIsLeft_InvalidData()
    {
        using var writer = new ArtifactWriter();
        writer.WriteCount(1_000_000);
        var reader = ArtifactReader.Open(new MemoryStream(Seal(writer)), "TEST", 1);
        Assert.Throws<InvalidDataException>(() => reader.ReadCount(bytesEach: 1));
    }

    [Fact]
    public void Open_StreamWithMoreBehind_LeavesTheRest()
    {
        using var writer = new ArtifactWriter();
        using var stream = new MemoryStream([.. Seal(writer), 42]);
        ArtifactReader.Open(stream, "TEST", 1).End();
        Assert.Equal(42, stream.ReadByte());
    }

    private static byte[] Seal(ArtifactWriter writer)
    {
        using var stream = new MemoryStream();
        writer.Seal(stream, "TEST", 1);
        return stream.ToArray();
    }
}
