using Landfall.Inference.Tensors;

namespace Landfall.Inference.Formats;

/// <summary>
/// A GGUF file, versions 2 and 3 (little-endian): <c>magic, version, tensor count, metadata count, metadata, tensor infos,
/// padding, data</c>. Tensors lie in the mapped file. Unlike in the file, their shapes are outermost first.
/// </summary>
public sealed unsafe class GgufFile : IDisposable
{
    /// <summary>"GGUF", read as a little-endian number.</summary>
    internal const uint Magic = 0x46554747;
    internal const int DefaultAlignment = 32;
    private const int MostEntries = 65_536;
    private const int MostDimensions = 4;
    private const int MostAlignment = 1 << 20;

    private readonly MappedFile _file;

    private GgufFile(MappedFile file)
    {
        _file = file;
        var reader = new GgufReader(file);
        var tensorCount = ReadHeader(reader);
        Entries = ReadMetadata(reader, reader.ReadCount(leastBytes: 13, "metadata values"));
        Metadata = new GgufMetadata(file.Path, Entries.ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal));
        var alignment = ReadAlignment();
        var infos = ReadInfos(reader, tensorCount);
        var dataBegin = (reader.Position + alignment - 1) / alignment * alignment;
        Tensors = Place(infos, dataBegin, alignment);
    }

    /// <summary>Keys and values.</summary>
    public GgufMetadata Metadata { get; }

    /// <summary>Keys and values in the file's order, with their kinds.</summary>
    public IReadOnlyList<GgufEntry> Entries { get; }

    /// <summary>The tensors. Types other than <see cref="TensorType"/>'s are named but not read.</summary>
    public TensorTable Tensors { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="ModelFormatException">It is damaged or lies about itself.</exception>
    public static GgufFile Open(string path)
    {
        var file = MappedFile.Open(path);
        try
        {
            return new GgufFile(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Unmaps the file.</summary>
    public void Dispose() => _file.Dispose();

    private static int ReadHeader(GgufReader reader)
    {
        if (reader.Left < 24)
        {
            throw reader.Wrong($"the file has {reader.Left} bytes, less than a GGUF header; it is cut off or of another format");
        }

        if (reader.ReadUInt32() != Magic)
        {
            throw reader.Wrong("the file does not begin with 'GGUF'; it is of another format", 0);
        }

        var version = reader.ReadUInt32();
        if (version is not (2 or 3))
        {
            throw reader.Wrong(
                (version & 0xFFFF) == 0 ? "the file is big-endian, which is not read; convert it" : $"the file is GGUF version {version}, where 2 and 3 are read; convert the model anew", 4);
        }

        return reader.ReadCount(leastBytes: 24, "tensors");
    }

    private static List<GgufEntry> ReadMetadata(GgufReader reader, int count)
    {
        if (count > MostEntries)
        {
            throw reader.Wrong($"{count} metadata entries are announced, where {MostEntries} are the most");
        }

        var entries = new List<GgufEntry>();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < count; index++)
        {
            var at = reader.Position;
            var key = reader.ReadName("a metadata key");
            if (!keys.Add(key))
            {
                throw reader.Wrong($"the metadata '{key}' is there twice", at);
            }

            var kind = reader.ReadKind(key);
            if (kind == GgufKind.Array)
            {
                var element = reader.ReadKind(key);
                entries.Add(new GgufEntry(key, element, reader.ReadArray(element, key)));
            }
            else
            {
                entries.Add(new GgufEntry(key, kind, reader.ReadValue(kind, key)));
            }
        }

        return entries;
    }

    private int ReadAlignment()
    {
        var alignment = Metadata.FindValue<long>("general.alignment") ?? DefaultAlignment;
        return alignment is >= 8 and <= MostAlignment && long.IsPow2(alignment)
            ? (int)alignment
            : throw new ModelFormatException(_file.Path, $"'general.alignment' is {alignment}, where a power of two from 8 to {MostAlignment} is expected.");
    }

    private static List<Info> ReadInfos(GgufReader reader, int count)
    {
        var infos = new List<Info>();
        for (var index = 0; index < count; index++)
        {
            var at = reader.Position;
            var name = reader.ReadName("a tensor's name");
            var dimensions = reader.ReadUInt32();
            if (dimensions > MostDimensions)
            {
                throw reader.Wrong($"the tensor '{name}' has {dimensions} dimensions, where {MostDimensions} are the most", at);
            }

            var shape = new long[dimensions];
            for (var dimension = shape.Length - 1; dimension >= 0; dimension--)
            {
                shape[dimension] = (long)reader.ReadUInt64();
                if (shape[dimension] is < 0 or > int.MaxValue)
                {
                    throw reader.Wrong($"a dimension of the tensor '{name}' is {(ulong)shape[dimension]}, which no file holds", at);
                }
            }

            infos.Add(new Info(name, reader.ReadUInt32(), shape, reader.ReadUInt64(), at));
        }

        return infos;
    }

    private TensorTable Place(List<Info> infos, long dataBegin, int alignment)
    {
        var table = new TensorTable(_file.Path);
        var (end, before) = (0L, "the header");
        foreach (var info in infos.OrderBy(info => info.Offset))
        {
            if (info.Offset > (ulong)Math.Max(_file.Length - dataBegin, 0) || (long)info.Offset % alignment != 0 || (long)info.Offset < end)
            {
                throw Wrong(info, $"is said to begin at {info.Offset} of the data, which is beyond the file, no multiple of {alignment}, or within {before}");
            }

            if (!Add(table, info, dataBegin + (long)info.Offset, out var bytes))
            {
                throw Wrong(info, "is there twice");
            }

            (end, before) = ((long)info.Offset + bytes, $"'{info.Name}'");
        }

        return table;
    }

    private bool Add(TensorTable table, Info info, long offset, out long bytes)
    {
        bytes = 0;
        if (info.Type > int.MaxValue || !TensorTypes.IsKnown((int)info.Type) || info.Shape.Contains(0))
        {
            return table.TryAddUnreadable(_file.Path, info.Name, info.Shape.Contains(0) ? "empty" : GgufTypeNames.Of(info.Type));
        }

        var type = (TensorType)info.Type;
        var columns = info.Shape.Length == 0 ? 1 : info.Shape[^1];
        var rows = info.Shape.SkipLast(1).Aggregate((Int128)1, (product, dimension) => product * dimension);
        if (columns % type.BlockLength() != 0)
        {
            throw Wrong(info, $"has rows of {columns} values, which are not whole blocks of {type.BlockLength()} as {type} has them");
        }

        if (rows > int.MaxValue || rows * type.RowBytes(columns) > _file.Length - offset)
        {
            throw Wrong(info, $"is {type} of [{string.Join(", ", info.Shape)}], which is more than the file has at byte {offset}; it is cut off or damaged");
        }

        bytes = (long)rows * type.RowBytes(columns);
        return table.TryAdd(_file.Path, new Tensor(info.Name, type, info.Shape, _file, _file.Data + offset));
    }

    private ModelFormatException Wrong(Info info, string problem) =>
        new(_file.Path, $"the tensor '{info.Name}' {problem} (its info is at byte {info.At}).") { Tensor = info.Name, Offset = info.At };

    private sealed record Info(string Name, uint Type, long[] Shape, ulong Offset, long At);
}
