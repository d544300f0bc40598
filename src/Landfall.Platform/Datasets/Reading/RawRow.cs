using System.Runtime.InteropServices;
using System.Text;

namespace Landfall.Platform.Datasets.Reading;

/// <summary>A part of a <see cref="RawRow"/>'s bytes.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Slice(int Start, int Length);

/// <summary>A further field of a row.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RawField(Slice Name, Slice Value);

/// <summary>One row as unescaped UTF-8, in a buffer that is used again for the next row: reading allocates nothing per row.</summary>
internal sealed class RawRow
{
    private readonly List<RawField> _fields = [];
    private readonly Comparison<RawField> _byName;
    private byte[] _bytes = new byte[1 << 12];
    private int _used;
    private string[] _names = [];

    public RawRow() => _byName = (a, b) => Bytes(a.Name).SequenceCompareTo(Bytes(b.Name));

    public Slice Text { get; set; }

    public Slice Expected { get; set; }

    public ReadOnlySpan<byte> TextBytes => Bytes(Text);

    public ReadOnlySpan<byte> ExpectedBytes => Bytes(Expected);

    public ReadOnlySpan<RawField> Fields => CollectionsMarshal.AsSpan(_fields);

    public ReadOnlySpan<byte> Bytes(Slice slice) => _bytes.AsSpan(slice.Start, slice.Length);

    public void Clear()
    {
        _fields.Clear();
        _used = 0;
        Text = default;
        Expected = default;
    }

    public void AddField(Slice name, Slice value) => _fields.Add(new RawField(name, value));

    public Slice Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        return Commit(bytes.Length);
    }

    /// <summary>Room for at least so many bytes; what was written into it is kept by <see cref="Commit"/>.</summary>
    public Span<byte> Reserve(int length)
    {
        if (_bytes.Length - _used < length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _used + length));
        }

        return _bytes.AsSpan(_used);
    }

    public Slice Commit(int length)
    {
        var slice = new Slice(_used, length);
        _used += length;
        return slice;
    }

    /// <summary>Sorts the fields by their names' bytes; returns a name that occurs twice, or null.</summary>
    public string? SortFields()
    {
        var fields = CollectionsMarshal.AsSpan(_fields);
        fields.Sort(_byName);
        for (var i = 1; i < fields.Length; i++)
        {
            if (Bytes(fields[i].Name).SequenceEqual(Bytes(fields[i - 1].Name)))
            {
                return Encoding.UTF8.GetString(Bytes(fields[i].Name));
            }
        }

        return null;
    }

    /// <summary>The row as strings.</summary>
    public Row ToRow(string id) => new(id, Encoding.UTF8.GetString(TextBytes), Encoding.UTF8.GetString(ExpectedBytes), FieldStrings());

    private Dictionary<string, string> FieldStrings()
    {
        if (_names.Length < _fields.Count)
        {
            Array.Resize(ref _names, _fields.Count);
        }

        var fields = new Dictionary<string, string>(_fields.Count, StringComparer.Ordinal);
        for (var i = 0; i < _fields.Count; i++)
        {
            // Rows mostly have the same fields: the strings of their names are shared.
            var name = Bytes(_fields[i].Name);
            if (_names[i] is not { } known || !IsUtf8Of(name, known))
            {
                _names[i] = known = Encoding.UTF8.GetString(name);
            }

            fields.Add(known, Encoding.UTF8.GetString(Bytes(_fields[i].Value)));
        }

        return fields;
    }

    private static bool IsUtf8Of(ReadOnlySpan<byte> utf8, string text)
    {
        Span<byte> buffer = stackalloc byte[128];
        return Encoding.UTF8.TryGetBytes(text, buffer, out var written) && utf8.SequenceEqual(buffer[..written]);
    }
}
