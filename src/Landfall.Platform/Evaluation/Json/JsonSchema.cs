using System.Text.Json;
using System.Text.RegularExpressions;

namespace Landfall.Platform.Evaluation.Json;

/// <summary>A JSON schema that cannot be used.</summary>
/// <param name="path">Where in the schema, as a JSON pointer.</param>
/// <param name="problem">What was found and what to do.</param>
public sealed class JsonSchemaException(string path, string problem)
    : Exception($"JSON schema, {(path.Length == 0 ? "at its root" : "at " + path)}: {problem}")
{
    public string Path { get; } = path;
}

/// <summary>
/// A subset of JSON Schema 2020-12: <c>type</c>, <c>enum</c>, <c>const</c>, <c>properties</c>, <c>required</c>,
/// <c>additionalProperties</c>, <c>items</c>, <c>minItems</c>, <c>maxItems</c>, <c>minimum</c>, <c>maximum</c>,
/// <c>exclusiveMinimum</c>, <c>exclusiveMaximum</c>, <c>minLength</c>, <c>maxLength</c>, <c>pattern</c>. Annotations are
/// passed over (<c>format</c> is one); any other keyword is an error, because an answer cannot be called valid by a
/// schema that was half read.
/// </summary>
public sealed class JsonSchema
{
    private readonly bool _never;
    private readonly HashSet<string>? _types;
    private readonly JsonElement[]? _enum;
    private readonly Dictionary<string, JsonSchema> _properties = new(StringComparer.Ordinal);
    private readonly string[] _required = [];
    private readonly JsonSchema? _additional;
    private readonly JsonSchema? _items;
    private readonly (long Least, long Most) _itemCount = (0, long.MaxValue);
    private readonly (long Least, long Most) _length = (0, long.MaxValue);
    private readonly (double Least, double Most) _number = (double.NegativeInfinity, double.PositiveInfinity);
    private readonly (double Above, double Below) _numberBetween = (double.NegativeInfinity, double.PositiveInfinity);
    private readonly Regex? _pattern;

    private JsonSchema(JsonElement schema, string path)
    {
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            _never = schema.ValueKind == JsonValueKind.False;
            return;
        }

        if (schema.ValueKind != JsonValueKind.Object)
        {
            throw new JsonSchemaException(path, $"found {Kind(schema)}; a schema is an object, true, or false.");
        }

        foreach (var keyword in schema.EnumerateObject())
        {
            var at = $"{path}/{keyword.Name}";
            var value = keyword.Value;
            switch (keyword.Name)
            {
                case "type": _types = JsonSchemaKeywords.Types(value, at); break;
                case "enum": _enum = JsonSchemaKeywords.Items(value, at); break;
                case "const": _enum = [value.Clone()]; break;
                case "properties": _properties = Children(value, at); break;
                case "required": _required = JsonSchemaKeywords.Strings(value, at); break;
                case "additionalProperties": _additional = new JsonSchema(value, at); break;
                case "items": _items = new JsonSchema(value, at); break;
                case "minItems": _itemCount.Least = JsonSchemaKeywords.Count(value, at); break;
                case "maxItems": _itemCount.Most = JsonSchemaKeywords.Count(value, at); break;
                case "minLength": _length.Least = JsonSchemaKeywords.Count(value, at); break;
                case "maxLength": _length.Most = JsonSchemaKeywords.Count(value, at); break;
                case "minimum": _number.Least = JsonSchemaKeywords.Number(value, at); break;
                case "maximum": _number.Most = JsonSchemaKeywords.Number(value, at); break;
                case "exclusiveMinimum": _numberBetween.Above = JsonSchemaKeywords.Number(value, at); break;
                case "exclusiveMaximum": _numberBetween.Below = JsonSchemaKeywords.Number(value, at); break;
                case "pattern": _pattern = JsonSchemaKeywords.Pattern(value, at); break;
                default: JsonSchemaKeywords.RequireAnnotation(keyword.Name, at); break;
            }
        }
    }

    /// <summary>Reads a schema.</summary>
    /// <exception cref="JsonSchemaException">It is not JSON, is malformed, or uses a keyword outside the subset.</exception>
    public static JsonSchema Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return new JsonSchema(document.RootElement, "");
        }
        catch (JsonException e)
        {
            throw new JsonSchemaException("", $"it is not JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}); write a JSON object.");
        }
    }

    /// <summary>The first place where a value breaks the schema, in words; null when it fits.</summary>
    public string? WhyInvalid(JsonElement value) => WhyInvalid(value, "");

    private string? WhyInvalid(JsonElement value, string path)
    {
        var at = path.Length == 0 ? "the answer" : path;
        return _never ? $"{at} is not allowed"
            : _types is not null && !HasType(value) ? $"{at} is {Kind(value)}, not {string.Join(" or ", _types.Order(StringComparer.Ordinal))}"
            : _enum is not null && !Array.Exists(_enum, allowed => JsonElement.DeepEquals(allowed, value)) ? $"{at} is not one of the values allowed"
            : value.ValueKind switch
            {
                JsonValueKind.Object => WhyInvalidObject(value, path, at),
                JsonValueKind.Array => WhyInvalidArray(value, path, at),
                JsonValueKind.String => WhyInvalidString(value.GetString()!, at),
                JsonValueKind.Number => WhyInvalidNumber(value.GetDouble(), at),
                _ => null,
            };
    }

    private string? WhyInvalidObject(JsonElement value, string path, string at)
    {
        foreach (var name in _required)
        {
            if (!value.TryGetProperty(name, out _))
            {
                return $"{at} lacks `{name}`";
            }
        }

        foreach (var property in value.EnumerateObject())
        {
            var schema = _properties.GetValueOrDefault(property.Name, _additional!);
            if (schema?.WhyInvalid(property.Value, $"{path}/{property.Name}") is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    private string? WhyInvalidArray(JsonElement value, string path, string at)
    {
        var count = value.GetArrayLength();
        if (count < _itemCount.Least || count > _itemCount.Most)
        {
            return $"{at} has {count} items";
        }

        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            if (_items?.WhyInvalid(item, $"{path}/{index++}") is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    private string? WhyInvalidString(string value, string at)
    {
        // The specification counts code points.
        long length = value.EnumerateRunes().Count();
        if (length < _length.Least || length > _length.Most)
        {
            return $"{at} has {length} characters";
        }

        try
        {
            return _pattern is null || _pattern.IsMatch(value) ? null : $"{at} does not match {_pattern}";
        }
        catch (RegexMatchTimeoutException)
        {
            return $"{at} takes too long to match against {_pattern}";
        }
    }

    private string? WhyInvalidNumber(double value, string at) =>
        value >= _number.Least && value <= _number.Most && value > _numberBetween.Above && value < _numberBetween.Below
            ? null
            : $"{at} is out of range";

    private bool HasType(JsonElement value) =>
        _types!.Contains(Kind(value))
        || (value.ValueKind == JsonValueKind.Number && _types.Contains("integer") && double.IsInteger(value.GetDouble()));

    private static Dictionary<string, JsonSchema> Children(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.Object
            ? value.EnumerateObject().DistinctBy(p => p.Name).ToDictionary(p => p.Name, p => new JsonSchema(p.Value, $"{path}/{p.Name}"), StringComparer.Ordinal)
            : throw new JsonSchemaException(path, $"found {Kind(value)}; give an object of schemas by property name.");

    internal static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => "null",
    };
}
