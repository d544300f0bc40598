using System.Text.Json;

namespace Landfall.Console.Drafts;

/// <summary>What a key of the brief means.</summary>
/// <param name="Key">The key with those around it, such as <c>targets.metric</c>.</param>
/// <param name="Description">From the brief's schema, with the words that are allowed.</param>
public sealed record KeyHint(string Key, string Description);

/// <summary>Explains the keys of a brief by its JSON schema, from the line that the caret is on.</summary>
/// <param name="schema">The schema's text.</param>
public sealed class SchemaHints(string schema)
{
    private readonly JsonElement _root = JsonDocument.Parse(schema).RootElement;

    /// <summary>The hint for a line; null where it has no key that the schema knows.</summary>
    /// <param name="text">A brief, which need not be valid.</param>
    /// <param name="line">From 1.</param>
    public KeyHint? At(string text, int line)
    {
        var lines = text.Split('\n');
        if (line < 1 || line > lines.Length)
        {
            return null;
        }

        var path = PathOf(lines, line - 1);
        for (var length = path.Count; length > 0; length--)
        {
            if (Describe(path.Take(length)) is { } description)
            {
                return new KeyHint(string.Join('.', path.Take(length)), description);
            }
        }

        return null;
    }

    // By indentation, as the text need not be valid YAML while it is being typed.
    private static List<string> PathOf(string[] lines, int at)
    {
        var path = new List<string>();
        var indent = int.MaxValue;
        for (var i = at; i >= 0 && indent > 0; i--)
        {
            var trimmed = lines[i].TrimStart(' ', '-');
            var depth = lines[i].Length - trimmed.Length;
            if (depth < indent && KeyOf(trimmed) is { } key)
            {
                path.Insert(0, key);
                indent = depth;
            }
        }

        return path;
    }

    private static string? KeyOf(string line)
    {
        var end = line.IndexOf(':', StringComparison.Ordinal);
        return end > 0 && line[..end].All(c => char.IsAsciiLetterLower(c) || c == '-') ? line[..end] : null;
    }

    private string? Describe(IEnumerable<string> path)
    {
        var at = _root;
        foreach (var key in path)
        {
            if (at.TryGetProperty("items", out var items))
            {
                at = items;
            }

            if (!at.TryGetProperty("properties", out var properties) || !properties.TryGetProperty(key, out at))
            {
                return null;
            }
        }

        var description = at.TryGetProperty("description", out var text) ? text.GetString() : null;
        var words = at.TryGetProperty("enum", out var values) ? string.Join(", ", values.EnumerateArray().Select(value => value.ToString())) : null;
        return (description, words) switch
        {
            (null, null) => null,
            (_, null) => description,
            _ => $"{description} {words}.".TrimStart(),
        };
    }
}
