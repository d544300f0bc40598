using System.Text.Json;

namespace Landfall.Inference.Tokenizers;

/// <summary>A value in a JSON file of a model's folder, with its place for messages.</summary>
internal readonly struct JsonField
{
    private readonly JsonElement _element;

    private JsonField(string file, string path, JsonElement element) => (File, Path, _element) = (file, path, element);

    /// <summary>The file, for messages.</summary>
    public string File { get; }

    /// <summary>The place in it.</summary>
    public string Path { get; }

    /// <summary>Whether the field is absent or null.</summary>
    public bool IsNull => _element.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;

    public bool IsString => _element.ValueKind == JsonValueKind.String;

    public bool IsArray => _element.ValueKind == JsonValueKind.Array;

    public bool IsObject => _element.ValueKind == JsonValueKind.Object;

    /// <summary>How many elements an array has.</summary>
    public int Count => IsArray ? _element.GetArrayLength() : throw Wrong("an array");

    /// <summary>A field of an object; null where it is absent.</summary>
    public JsonField this[string name] => !IsObject ? throw Wrong("an object")
        : new(File, Path.Length == 0 ? name : $"{Path}.{name}", Find(name));

    /// <summary>Parses a file, all of which is one JSON object, and reads it.</summary>
    public static T Read<T>(Stream json, string file, Func<JsonField, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = new JsonField(file, "", document.RootElement);
            return root.IsObject ? read(root) : throw root.Wrong("an object");
        }
        catch (JsonException exception)
        {
            throw new ModelFormatException(file, $"it is not JSON: {exception.Message}", exception);
        }
    }

    public string String() => IsString ? Text(_element) : throw Wrong("a text");

    public string? StringOrNull() => IsNull ? null : String();

    public string String(string otherwise) => IsNull ? otherwise : String();

    public bool Bool(bool otherwise) => _element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => IsNull ? otherwise : throw Wrong("true or false"),
    };

    public int Int() => _element.ValueKind == JsonValueKind.Number && _element.TryGetInt32(out var value) ? value : throw Wrong("a whole number");

    public int Int(int otherwise) => IsNull ? otherwise : Int();

    public double Number() => _element.ValueKind == JsonValueKind.Number && _element.TryGetDouble(out var value) ? value : throw Wrong("a number");

    /// <summary>The elements of an array; none where it is null.</summary>
    public IEnumerable<JsonField> Items()
    {
        if (IsNull)
        {
            yield break;
        }

        if (!IsArray)
        {
            throw Wrong("an array");
        }

        var index = 0;
        foreach (var item in _element.EnumerateArray())
        {
            yield return new(File, $"{Path}[{index++}]", item);
        }
    }

    /// <summary>The fields of an object; none where it is null.</summary>
    public IEnumerable<(string Name, JsonField Value)> Fields()
    {
        if (IsNull)
        {
            yield break;
        }

        if (!IsObject)
        {
            throw Wrong("an object");
        }

        foreach (var field in _element.EnumerateObject())
        {
            var name = Name(field);
            yield return (name, new(File, $"{Path}.{name}", field.Value));
        }
    }

    /// <summary>The complaint that the field is something that is not supported.</summary>
    public ModelFormatException Refuse(string problem) => new(File, Path.Length == 0 ? problem : $"'{Path}': {problem}");

    public override string ToString() => IsNull ? "nothing" : _element.GetRawText();

    private ModelFormatException Wrong(string wanted)
    {
        var found = ToString();
        return Refuse($"{(found.Length > 60 ? found[..60] + "..." : found)} was found, where {wanted} is expected.");
    }

    private JsonElement Find(string name)
    {
        try
        {
            return _element.TryGetProperty(name, out var value) ? value : default;
        }
        catch (InvalidOperationException exception)
        {
            throw BrokenName(exception);
        }
    }

    private string Text(JsonElement element)
    {
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException exception)
        {
            throw new ModelFormatException(File, $"'{Path}' holds half a surrogate pair, which is not text.", exception);
        }
    }

    private string Name(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException exception)
        {
            throw BrokenName(exception);
        }
    }

    private ModelFormatException BrokenName(InvalidOperationException exception) => new(File, $"a name in '{Path}' holds half a surrogate pair, which is not text.", exception);
}
