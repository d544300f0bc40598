using System.Buffers.Binary;
using System.Text;

namespace Landfall.Training.Native;

/// <summary>
/// The versions of other libraries' symbols that an ELF library asks for (section <c>.gnu.version_r</c>; Linux Standard Base
/// Core 5.0, 10.7.5). The loader refuses a library that asks for a version which is not there, unless the entry is weak.
/// </summary>
internal static class ElfVersions
{
    private const int HeaderBytes = 64;
    private const int SectionBytes = 64;
    private const uint VersionNeeds = 0x6ffffffe;
    private const ushort Weak = 2;
    private const int EntryBytes = 16;

    /// <summary>Makes the demand for a version weak.</summary>
    /// <param name="library">A 64-bit little-endian ELF file; it is changed.</param>
    /// <param name="version">Such as <c>GLIBCXX_3.4.32</c>.</param>
    /// <returns>Whether the version is asked for.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, or no such ELF file.</exception>
    public static bool Weaken(Span<byte> library, string version)
    {
        var sections = FindSections(library);
        var needs = sections.Needs;
        var wanted = Encoding.ASCII.GetBytes(version);
        var found = false;
        var file = 0L;
        for (var steps = 0; steps <= needs.Length / EntryBytes; steps++)
        {
            // Verneed: version, count, file name, first entry, next.
            var need = Part(needs, file, EntryBytes);
            var entry = file + BinaryPrimitives.ReadUInt32LittleEndian(need[8..]);
            for (var count = BinaryPrimitives.ReadUInt16LittleEndian(need[2..]); count > 0; count--)
            {
                // Vernaux: hash, flags, index, name, next.
                var one = Part(needs, entry, EntryBytes);
                if (Text(sections.Strings, BinaryPrimitives.ReadUInt32LittleEndian(one[8..])).SequenceEqual(wanted))
                {
                    BinaryPrimitives.WriteUInt16LittleEndian(one[4..], (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(one[4..]) | Weak));
                    found = true;
                }

                entry += BinaryPrimitives.ReadUInt32LittleEndian(one[12..]);
            }

            var next = BinaryPrimitives.ReadUInt32LittleEndian(need[12..]);
            if (next == 0)
            {
                return found;
            }

            file += next;
        }

        throw new InvalidDataException("the list of needed versions has no end.");
    }

    private static SectionPair FindSections(Span<byte> library)
    {
        if (library.Length < HeaderBytes || !library.StartsWith("\u007fELF\u0002\u0001"u8))
        {
            throw new InvalidDataException("it is no 64-bit little-endian ELF file.");
        }

        var table = BinaryPrimitives.ReadInt64LittleEndian(library[0x28..]);
        var (bytes, count) = (BinaryPrimitives.ReadUInt16LittleEndian(library[0x3a..]), BinaryPrimitives.ReadUInt16LittleEndian(library[0x3c..]));
        for (var index = 0; bytes == SectionBytes && index < count; index++)
        {
            var section = Section(library, table, index);
            if (BinaryPrimitives.ReadUInt32LittleEndian(section[4..]) == VersionNeeds)
            {
                var link = BinaryPrimitives.ReadUInt32LittleEndian(section[0x28..]);
                return link < count ? new SectionPair(Data(library, section), Data(library, Section(library, table, (int)link)))
                    : throw new InvalidDataException($"the section of needed versions takes its names from section {link}, where there are {count}.");
            }
        }

        throw new InvalidDataException("it has no section of needed versions.");
    }

    private static Span<byte> Section(Span<byte> library, long table, int index) => Part(library, table + ((long)index * SectionBytes), SectionBytes);

    private static Span<byte> Data(Span<byte> library, Span<byte> section) =>
        Part(library, BinaryPrimitives.ReadInt64LittleEndian(section[0x18..]), BinaryPrimitives.ReadInt64LittleEndian(section[0x20..]));

    private static Span<byte> Part(Span<byte> bytes, long offset, long length) => offset >= 0 && length >= 0 && offset <= bytes.Length - length
        ? bytes.Slice((int)offset, (int)length)
        : throw new InvalidDataException($"it points to {length} bytes at {offset}, where there are {bytes.Length}.");

    private static ReadOnlySpan<byte> Text(Span<byte> strings, uint offset)
    {
        var text = Part(strings, offset, strings.Length - Math.Min(offset, strings.Length));
        var end = text.IndexOf((byte)0);
        return end >= 0 ? text[..end] : throw new InvalidDataException("a name has no end.");
    }

    private readonly ref struct SectionPair(Span<byte> needs, Span<byte> strings)
    {
        public Span<byte> Needs { get; } = needs;

        public Span<byte> Strings { get; } = strings;
    }
}
