using System.Buffers.Binary;
using CsCheck;

namespace Landfall.Training.Native;

public sealed class ElfVersionsTests
{
    /// <summary>Bytes of the sample before its section of needed versions, and of its entries.</summary>
    private const int NeedsAt = 64;

    [Fact]
    public void Weaken_AVersionThatIsAskedFor_SetsItsFlagAlone()
    {
        var library = Sample("libc.so.6", ["GLIBC_2.14", "GLIBC_2.34"], "libstdc++.so.6", ["GLIBCXX_3.4.9", "GLIBCXX_3.4.32", "CXXABI_1.3"]);
        var changed = library.ToArray();
        Assert.True(ElfVersions.Weaken(changed, "GLIBCXX_3.4.32"));
        var difference = Assert.Single(Enumerable.Range(0, library.Length), index => library[index] != changed[index]);
        Assert.Equal(NeedsAt + (16 * (1 + 2 + 1 + 1)) + 4, difference);
        Assert.Equal(2, changed[difference]);
    }

    [Theory]
    [InlineData("GLIBCXX_3.4.3")]
    [InlineData("GLIBCXX_3.4.320")]
    public void Weaken_AVersionThatIsNotAskedFor_ChangesNothing(string version)
    {
        var library = Sample("libc.so.6", ["GLIBC_2.14"], "libstdc++.so.6", ["GLIBCXX_3.4.32"]);
        var changed = library.ToArray();
        Assert.False(ElfVersions.Weaken(changed, version));
        Assert.Equal(library, changed);
    }

    [Fact]
    public void Weaken_WhatIsNoElfFile_SaysSo()
    {
        var exception = Assert.Throws<InvalidDataException>(() => ElfVersions.Weaken("MZ: a program for another system. It is long enough to have a header."u8.ToArray(), "X"));
        Assert.Contains("no 64-bit little-endian ELF file", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weaken_AFileWithoutNeededVersions_SaysSo()
    {
        var library = Sample("libc.so.6", ["GLIBC_2.14"], "libm.so.6", ["GLIBC_2.14"]);
        BinaryPrimitives.WriteUInt16LittleEndian(library.AsSpan(0x3c), 0);
        Assert.Contains("no section of needed versions", Assert.Throws<InvalidDataException>(() => ElfVersions.Weaken(library, "X")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weaken_ADamagedFile_IsDoneOrRefused()
    {
        var library = Sample("libc.so.6", ["GLIBC_2.14", "GLIBC_2.34"], "libstdc++.so.6", ["GLIBCXX_3.4.32"]);
        Gen.Select(Gen.Int[0, library.Length], Gen.Int[0, library.Length - 1], Gen.Byte).Sample((length, at, value) =>
        {
            var damaged = library.ToArray();
            damaged[at] = value;
            try
            {
                ElfVersions.Weaken(damaged.AsSpan(0, length), "GLIBCXX_3.4.32");
            }
            catch (InvalidDataException exception)
            {
                Assert.NotEmpty(exception.Message);
            }
        });
    }

    /// <summary>A header, the section of needed versions, its names, and the section table.</summary>
    private static byte[] Sample(string first, string[] ofFirst, string second, string[] ofSecond)
    {
        var names = new MemoryStream();
        Write(names, [0]);
        var needs = new MemoryStream();
        foreach (var (file, versions) in new[] { (first, ofFirst), (second, ofSecond) })
        {
            var last = file == second;
            Write(needs, [1, 0, (byte)versions.Length, 0]);
            Write(needs, Numbers(Name(file), 16, last ? 0u : (uint)(16 * (versions.Length + 1))));
            foreach (var (index, version) in versions.Index())
            {
                Write(needs, [.. Numbers(0), 0, 0, (byte)index, 0, .. Numbers(Name(version), index == versions.Length - 1 ? 0u : 16u)]);
            }
        }

        var library = new MemoryStream();
        Write(library, [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, .. new byte[NeedsAt - 6]]);
        Write(library, needs.ToArray());
        Write(library, names.ToArray());
        var table = library.Length;
        Write(library, Section(0x6ffffffe, NeedsAt, needs.Length, 1));
        Write(library, Section(3, NeedsAt + needs.Length, names.Length, 0));
        var bytes = library.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(0x28), table);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(0x3a), 64);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(0x3c), 2);
        return bytes;

        uint Name(string name)
        {
            var at = (uint)names.Position;
            Write(names, [.. System.Text.Encoding.ASCII.GetBytes(name), 0]);
            return at;
        }
    }

    private static byte[] Section(uint type, long offset, long length, uint link)
    {
        var section = new byte[64];
        BinaryPrimitives.WriteUInt32LittleEndian(section.AsSpan(4), type);
        BinaryPrimitives.WriteInt64LittleEndian(section.AsSpan(0x18), offset);
        BinaryPrimitives.WriteInt64LittleEndian(section.AsSpan(0x20), length);
        BinaryPrimitives.WriteUInt32LittleEndian(section.AsSpan(0x28), link);
        return section;
    }

    private static byte[] Numbers(params uint[] numbers) => [.. numbers.SelectMany(BitConverter.GetBytes)];

    private static void Write(MemoryStream stream, byte[] bytes) => stream.Write(bytes);
}
