using System.Text.Json;
using System.Text.RegularExpressions;

namespace Landfall.Platform.Evaluation.Json;

/// <summary>Reads the values of a schema's keywords.</summary>
internal static class JsonSchemaKeywords
{
    private static readonly string[] s_types = ["array", "boolean", "integer", "null", "number", "object", "string"];

    private static readonly string[] s_annotations =
        ["$schema", "$id", "$comment", "title", "description", "default", "examples", "format", "deprecated", "readOnly", "writeOnly"];

    public static HashSet<string> Types(JsonElement value, string path)
    {
        var types = value.ValueKind == JsonValueKind.String ? [value.GetString()!] : Strings(value, path);
        return Array.Find(types, type => !s_types.Contains(type)) is { } unknown
            ? throw new JsonSchemaException(path, $"there is no type '{unknown}'; take one of {string.Join(", ", s_types)}.")
            : new HashSet<string>(types, StringComparer.Ordinal);
    }

    public static JsonElement[] Items(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(item => item.Clone())]
            : throw new JsonSchemaException(path, $"found {JsonSchema.Kind(value)}; give an array.");

    public static string[] Strings(JsonElement value, string path) =>
        [.. Items(value, path).Select(item => item.ValueKind == JsonValueKind.String
            ? item.GetString()!
            : throw new JsonSchemaException(path, $"found {JsonSchema.Kind(item)} in it; give an array of strings."))];

    public static long Count(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var count) && count >= 0
            ? count
            : throw new JsonSchemaException(path, $"found {value.GetRawText()}; give a whole number from 0 up.");

    public static double Number(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.Number
            ? value.GetDouble()
            : throw new JsonSchemaException(path, $"found {JsonSchema.Kind(value)}; give a number.");

    /// <summary>A pattern that runs in linear time where it can, and for at most a second where it cannot.</summary>
    public static Regex Pattern(JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            throw new JsonSchemaException(path, $"found {JsonSchema.Kind(value)}; give a regular expression as a string.");
        }

        var pattern = value.GetString()!;
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        }
        catch (NotSupportedException)
        {
            return new Regex(pattern, RegexOptions.ECMAScript, TimeSpan.FromSeconds(1));
        }
        catch (ArgumentException e)
        {
            throw new JsonSchemaException(path, $"'{pattern}' is not a regular expression: {e.Message}");
        }
    }

    public static void RequireAnnotation(string keyword, string path)
    {
        if (!s_annotations.Contains(keyword))
        {
            throw new JsonSchemaException(path, $"the keyword '{keyword}' is not supported; leave it out or say it with type, enum, properties, required, items and their limits.");
        }
    }
}
