using Landfall.Inference.Tensors;

namespace Landfall.Inference.Formats;

/// <summary>The tensors of a file or of a folder's files, by name.</summary>
/// <param name="file">The file, or the index of several, for messages.</param>
public sealed class TensorTable(string file)
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>The file, or the index of several, for messages.</summary>
    public string File { get; } = file;

    /// <summary>All names, those of tensors whose type is not read among them.</summary>
    public IReadOnlyCollection<string> Names => _entries.Keys;

    /// <summary>The tensors whose type is read.</summary>
    public IEnumerable<Tensor> Readable => _entries.Values.Where(entry => entry.Tensor is not null).Select(entry => entry.Tensor!);

    /// <summary>Whether a tensor of the name is there.</summary>
    public bool Contains(string name) => _entries.ContainsKey(name);

    /// <summary>The file that holds a tensor.</summary>
    public string FileOf(string name) => _entries.TryGetValue(name, out var entry) ? entry.File : File;

    /// <summary>A tensor, or null where there is none of the name.</summary>
    /// <exception cref="ModelFormatException">Its type is not read.</exception>
    public Tensor? Find(string name)
    {
        if (!_entries.TryGetValue(name, out var entry))
        {
            return null;
        }

        return entry.Tensor ?? throw new ModelFormatException(
            entry.File, $"the tensor '{name}' is of the type {entry.TypeName}, which is not read; convert it to one of {string.Join(", ", Enum.GetNames<TensorType>())}.")
        {
            Tensor = name,
        };
    }

    /// <summary>A tensor.</summary>
    /// <exception cref="ModelFormatException">It is missing, or its type is not read.</exception>
    public Tensor Get(string name) => Find(name) ?? throw new ModelFormatException(File, $"the tensor '{name}' is missing.") { Tensor = name };

    /// <summary>Adds a tensor; false where the name is taken.</summary>
    internal bool TryAdd(string file, Tensor tensor) => _entries.TryAdd(tensor.Name, new Entry(file, tensor.Type.ToString(), tensor));

    /// <summary>Adds the name of a tensor whose type is not read; false where it is taken.</summary>
    internal bool TryAddUnreadable(string file, string name, string typeName) => _entries.TryAdd(name, new Entry(file, typeName, null));

    /// <summary>Adds another table's tensor under its name.</summary>
    internal bool TryAdd(TensorTable other, string name) => _entries.TryAdd(name, other._entries[name]);

    private sealed record Entry(string File, string TypeName, Tensor? Tensor);
}
