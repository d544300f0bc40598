namespace Landfall.Inference.Formats;

/// <summary>
/// A GGUF file's keys and values. Integers of all widths are <see cref="long"/> (a uint64 above its range wraps), floats
/// are <see cref="double"/>, arrays are <c>string[]</c>, <c>long[]</c>, <c>double[]</c> or <c>bool[]</c>.
/// </summary>
public sealed class GgufMetadata(string file, IReadOnlyDictionary<string, object> values)
{
    /// <summary>The file, for messages.</summary>
    public string File { get; } = file;

    /// <summary>All keys and values.</summary>
    public IReadOnlyDictionary<string, object> Values { get; } = values;

    /// <summary>A value, or null where the key is absent.</summary>
    /// <exception cref="ModelFormatException">The value is of another kind.</exception>
    public T? Find<T>(string key)
        where T : class => Values.TryGetValue(key, out var value) ? value as T ?? throw Wrong(key, typeof(T), value) : null;

    /// <summary>A number or truth value, or null where the key is absent.</summary>
    /// <exception cref="ModelFormatException">The value is of another kind.</exception>
    public T? FindValue<T>(string key)
        where T : struct => Values.TryGetValue(key, out var value) ? value is T typed ? typed : throw Wrong(key, typeof(T), value) : null;

    private ModelFormatException Wrong(string key, Type wanted, object found) =>
        new(File, $"the metadata '{key}' is {found.GetType().Name}, where {wanted.Name} is expected.");
}
