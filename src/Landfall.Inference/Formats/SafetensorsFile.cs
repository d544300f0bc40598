using System.Buffers.Binary;
using Landfall.Inference.Tensors;

namespace Landfall.Inference.Formats;

/// <summary>
/// A safetensors file, or all files that a <c>model.safetensors.index.json</c> names: <c>header length:uint64,
/// header:JSON, data</c>. Tensors lie in the mapped files. Data must be covered by the tensors without holes or overlap.
/// </summary>
public sealed unsafe class SafetensorsFile : IDisposable
{
    /// <summary>The longest header that is read, as in the format's reference implementation.</summary>
    public const int MostHeaderBytes = 100_000_000;

    private readonly List<TensorMemory> _memories = [];

    private SafetensorsFile(string path) => Tensors = new TensorTable(path);

    /// <summary>The tensors. Types other than F32, F16 and BF16 are named but not read.</summary>
    public TensorTable Tensors { get; }

    /// <summary>The header's <c>__metadata__</c>; empty for an index of several files.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; private set; } = new Dictionary<string, string>();

    /// <summary>The files that hold tensors.</summary>
    public IReadOnlyList<string> Files { get; private set; } = [];

    /// <summary>Opens a <c>.safetensors</c> file, or an index (<c>.json</c>) and the files that it names.</summary>
    /// <exception cref="ModelFormatException">A file is damaged or lies about itself.</exception>
    public static SafetensorsFile Open(string path)
    {
        var file = new SafetensorsFile(path);
        try
        {
            if (path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            {
                file.OpenIndex(path);
            }
            else
            {
                file.Metadata = file.Map(path, file.Tensors);
                file.Files = [path];
            }

            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Unmaps the files.</summary>
    public void Dispose() => _memories.ForEach(memory => memory.Dispose());

    private void OpenIndex(string path)
    {
        var places = ReadIndex(path);
        var shards = new Dictionary<string, TensorTable>(StringComparer.Ordinal);
        foreach (var shard in places.Values.Distinct(StringComparer.Ordinal))
        {
            var table = new TensorTable(Path.Combine(Path.GetDirectoryName(path)!, shard));
            Map(table.File, table);
            shards.Add(shard, table);
        }

        foreach (var (name, shard) in places)
        {
            if (!shards[shard].Contains(name))
            {
                throw new ModelFormatException(shards[shard].File, $"the tensor '{name}' is not in it, where {Path.GetFileName(path)} says it is.") { Tensor = name };
            }

            Tensors.TryAdd(shards[shard], name);
        }

        foreach (var table in shards.Values)
        {
            if (table.Names.FirstOrDefault(name => !places.ContainsKey(name)) is { } unlisted)
            {
                throw new ModelFormatException(table.File, $"the tensor '{unlisted}' is not in {Path.GetFileName(path)}.") { Tensor = unlisted };
            }
        }

        Files = [.. shards.Values.Select(table => table.File)];
    }

    private static Dictionary<string, string> ReadIndex(string path)
    {
        using var json = JsonFile.Open(path);
        var places = new Dictionary<string, string>(StringComparer.Ordinal);
        var map = json.Root.FindObject("weight_map") ?? throw new ModelFormatException(path, "the object 'weight_map', of tensors to files, is missing.");
        foreach (var name in map.Names)
        {
            var shard = map.FindText(name);
            if (string.IsNullOrEmpty(shard) || shard.AsSpan().ContainsAny('/', '\\', '\0') || shard is "." or "..")
            {
                throw new ModelFormatException(path, $"'weight_map' gives the tensor '{name}' no file name in this folder.") { Tensor = name };
            }

            places.Add(name, shard);
        }

        return places;
    }

    private Dictionary<string, string> Map(string path, TensorTable table)
    {
        var file = MappedFile.Open(path);
        _memories.Add(file);
        if (file.Length < 8)
        {
            throw new ModelFormatException(path, $"the file has {file.Length} bytes, less than the 8 of the header's length; it is cut off or of another format.");
        }

        var length = BinaryPrimitives.ReadUInt64LittleEndian(file.Span(0, 8));
        if (length > MostHeaderBytes || (long)length > file.Length - 8)
        {
            throw new ModelFormatException(
                path, $"the header is said to have {length} bytes, where the file has {file.Length} and {MostHeaderBytes} are the most; it is cut off or of another format.")
            { Offset = 0 };
        }

        var (entries, metadata) = SafetensorsHeader.Read(path, file.Span(8, (int)length));
        var begin = 8 + (long)length;
        CheckCover(path, entries, begin, file.Length - begin);
        foreach (var entry in entries)
        {
            Add(file, begin, entry, table);
        }

        return metadata;
    }

    private static void CheckCover(string path, List<SafetensorsEntry> entries, long dataBegin, long dataLength)
    {
        var end = 0L;
        foreach (var entry in entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            if (entry.Begin != end)
            {
                throw new ModelFormatException(
                    path, $"the tensor '{entry.Name}' begins at {entry.Begin} of the data, where the one before ends at {end}: tensors overlap or leave a hole.")
                {
                    Tensor = entry.Name,
                    Offset = dataBegin + entry.Begin,
                };
            }

            end = entry.End;
        }

        if (end != dataLength)
        {
            throw new ModelFormatException(path, $"tensors take {end} bytes of data, where the file has {dataLength}; it is cut off or has a wrong header.") { Offset = dataBegin };
        }
    }

    private void Add(MappedFile file, long dataBegin, SafetensorsEntry entry, TensorTable table)
    {
        var bytes = entry.End - entry.Begin;
        if (entry.Count is not { } count || (entry.ValueBytes is { } each && (count > bytes || count * each != bytes)))
        {
            throw new ModelFormatException(
                file.Path, $"the tensor '{entry.Name}' is {entry.Type} of [{string.Join(", ", entry.Shape)}], which are not its {bytes} bytes.")
            {
                Tensor = entry.Name,
                Offset = dataBegin + entry.Begin,
            };
        }

        if (TypeOf(entry.Type) is not { } type || count == 0 || !Fits(entry.Shape))
        {
            table.TryAddUnreadable(file.Path, entry.Name, count == 0 ? "empty" : entry.Type);
            return;
        }

        var data = file.Data + dataBegin + entry.Begin;
        var aligned = (nint)data % type.BlockBytes() == 0;
        table.TryAdd(file.Path, aligned ? new Tensor(entry.Name, type, entry.Shape, file, data) : Copy(entry, type, data, bytes));
    }

    /// <summary>Old writers leave data at odd offsets; there alone a tensor is copied, to an aligned place.</summary>
    private Tensor Copy(SafetensorsEntry entry, TensorType type, byte* data, long bytes)
    {
        var buffer = new NativeBuffer(bytes);
        _memories.Add(buffer);
        Buffer.MemoryCopy(data, buffer.Data, bytes, bytes);
        return new Tensor(entry.Name, type, entry.Shape, buffer, buffer.Data);
    }

    /// <summary>Rows and columns are counted by 32-bit numbers.</summary>
    private static bool Fits(long[] shape) => shape.Length == 0 || (shape[^1] <= int.MaxValue && shape[..^1].Aggregate(1L, (a, b) => a * b) <= int.MaxValue);

    private static TensorType? TypeOf(string type) => type switch
    {
        "F32" => TensorType.F32,
        "F16" => TensorType.F16,
        "BF16" => TensorType.BF16,
        _ => null,
    };
}
