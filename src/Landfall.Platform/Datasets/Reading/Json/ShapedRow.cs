using System.Text;

namespace Landfall.Platform.Datasets.Reading.Json;

/// <summary>A row as a shape of JSON understands it.</summary>
internal sealed class ShapedRow
{
    private readonly SortedDictionary<string, string> _fields = new(StringComparer.Ordinal);

    public required string Text { get; init; }

    public required string Expected { get; init; }

    /// <summary>Adds a further field, if it has a value. The first of a name stays.</summary>
    public ShapedRow With(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            _fields.TryAdd(name, value);
        }

        return this;
    }

    public void CopyTo(RawRow row)
    {
        row.Clear();
        row.Text = row.Append(Encoding.UTF8.GetBytes(Text));
        row.Expected = row.Append(Encoding.UTF8.GetBytes(Expected));
        foreach (var (name, value) in _fields)
        {
            row.AddField(row.Append(Encoding.UTF8.GetBytes(name)), row.Append(Encoding.UTF8.GetBytes(value)));
        }

        row.SortFields();
    }
}
