using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Landfall.Inference.Formats;

/// <summary>An object of settings in a JSON file: values by name, with errors that name the file and the setting.</summary>
internal sealed class JsonSettings
{
    private readonly Dictionary<string, JsonElement> _values = new(StringComparer.Ordinal);
    private readonly string _prefix;

    public JsonSettings(string file, JsonElement element, string prefix = "")
    {
        (File, _prefix) = (file, prefix);
        foreach (var property in element.EnumerateObject())
        {
            string name;
            try
            {
                name = property.Name;
            }
            catch (InvalidOperationException exception)
            {
                throw new ModelFormatException(file, $"a name in it is not text: {exception.Message}", exception);
            }

            if (!_values.TryAdd(name, property.Value))
            {
                throw new ModelFormatException(file, $"'{prefix}{name}' is set twice.");
            }
        }
    }

    public string File { get; }

    public IEnumerable<string> Names => _values.Keys;

    /// <summary>Whether the setting is there and not null.</summary>
    public bool Has(string name) => _values.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null;

    public int Int(string name, int least, int most) => FindInt(name, least, most) ?? throw new ModelFormatException(File, $"'{_prefix}{name}' is missing.");

    public int? FindInt(string name, int least, int most)
    {
        if (!Has(name))
        {
            return null;
        }

        // Some writers give whole numbers as 4096.0.
        var value = _values[name];
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number == Math.Floor(number) && number >= least && number <= most
            ? (int)number
            : throw Wrong(name, $"a whole number from {least} to {most}");
    }

    public float? FindFloat(string name, double least, double most)
    {
        if (!Has(name))
        {
            return null;
        }

        var value = _values[name];
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= least && number <= most
            ? (float)number
            : throw Wrong(name, $"a number from {least} to {most}");
    }

    public bool? FindBool(string name) => !Has(name) ? null : _values[name].ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong(name, "true or false"),
    };

    public string? FindText(string name) => !Has(name) ? null : Text(_values[name]) ?? throw Wrong(name, "a string");

    /// <summary>An object, or null where it is absent.</summary>
    public JsonSettings? FindObject(string name) => !Has(name) ? null
        : _values[name].ValueKind == JsonValueKind.Object ? new JsonSettings(File, _values[name], $"{_prefix}{name}.")
        : throw Wrong(name, "an object");

    /// <summary>A string or an array of strings, or null where it is absent.</summary>
    public IReadOnlyList<string>? FindTexts(string name)
    {
        if (!Has(name))
        {
            return null;
        }

        var value = _values[name];
        var elements = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().ToList() : [value];
        return [.. elements.Select(element => Text(element) ?? throw Wrong(name, "a string or an array of strings"))];
    }

    /// <summary>A whole number or an array of them, or null where it is absent.</summary>
    public IReadOnlyList<int>? FindInts(string name, int least, int most)
    {
        if (!Has(name))
        {
            return null;
        }

        var value = _values[name];
        var elements = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().ToList() : [value];
        return [.. elements.Select(element => element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var number) && number >= least && number <= most
            ? number
            : throw Wrong(name, $"a whole number from {least} to {most}, or an array of them"))];
    }

    public ModelFormatException Wrong(string name, string expected)
    {
        var text = _values.TryGetValue(name, out var value) ? Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(value)) : "missing";
        return new ModelFormatException(File, $"'{_prefix}{name}' is {(text.Length > 80 ? text[..80] + "..." : text)}, where {expected} is expected.");
    }

    private static string? Text(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
