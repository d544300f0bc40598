using System.Text.Json;
using Landfall.Platform.Runs;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Labelling;

namespace Landfall.Platform.Labelling;

/// <summary>Checks schemas, and answers against them.</summary>
internal static class LabelSchemas
{
    private const int MostLabels = 500;
    private const int LongestText = 100_000;

    /// <summary>Keys that are given to labels by their place; <c>s</c>, <c>u</c> and <c>?</c> skip, undo and are unsure.</summary>
    private const string Keys = "123456789abcdefghijklmnopqrtvwxyz";

    /// <summary>The schema with a key for each label while there are keys.</summary>
    /// <exception cref="RunFailedException">It cannot be asked for.</exception>
    public static LabelSchema Complete(LabelSchema schema)
    {
        if (schema.Kind is LabelKind.Text or LabelKind.Json)
        {
            return schema with { Labels = [] };
        }

        if (schema.Labels.Count is < 2 or > MostLabels)
        {
            throw Bad($"A schema of kind {schema.Kind.ToString().ToLowerInvariant()} has 2 to {MostLabels} labels; this one has {schema.Labels.Count}.");
        }

        if (schema.Labels.FirstOrDefault(l => string.IsNullOrWhiteSpace(l.Name) || l.Key is { Length: not 1 } or "s" or "u" or "?") is { } wrong)
        {
            throw Bad($"The label '{wrong.Name}' with the key '{wrong.Key}': a label has a name, and a key of one character that is not s (skip), u (undo) or ? (unsure).");
        }

        if (Twice(schema.Labels.Select(l => l.Name)) is { } name)
        {
            throw Bad($"The label '{name}' is there twice.");
        }

        if (Twice(schema.Labels.Select(l => l.Key).OfType<string>()) is { } key)
        {
            throw Bad($"The key '{key}' is given to two labels.");
        }

        var free = new Queue<char>(Keys.Where(k => !schema.Labels.Any(l => l.Key == k.ToString())));
        return schema with { Labels = [.. schema.Labels.Select(l => l.Key is null && free.TryDequeue(out var given) ? l with { Key = given.ToString() } : l)] };
    }

    /// <summary>An answer in the form in which rows have it: a label, a JSON array of labels in order, or the text.</summary>
    /// <exception cref="RunFailedException">It does not fit the schema.</exception>
    public static string ValueOf(LabelSchema schema, IReadOnlyList<string> values)
    {
        if (schema.Kind is LabelKind.Single or LabelKind.Multiple && values.FirstOrDefault(v => !schema.Labels.Any(l => l.Name == v)) is { } unknown)
        {
            throw Bad($"'{unknown}' is not among the labels: {string.Join(", ", schema.Labels.Select(l => l.Name))}.");
        }

        return schema.Kind switch
        {
            LabelKind.Multiple => JsonSerializer.Serialize(values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), RunJson.Options),
            _ when values.Count != 1 => throw Bad($"One value is wanted, and {values.Count} came."),
            LabelKind.Json => Compact(values[0]),
            LabelKind.Text when string.IsNullOrWhiteSpace(values[0]) || values[0].Length > LongestText => throw Bad($"The text has {values[0].Length} characters; it has 1 to {LongestText}, and not only blanks."),
            _ => values[0],
        };
    }

    private static string Compact(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return JsonSerializer.Serialize(document.RootElement, RunJson.Options);
        }
        catch (JsonException error)
        {
            throw Bad($"The answer is no JSON: {error.Message}");
        }
    }

    private static string? Twice(IEnumerable<string> names) => names.CountBy(n => n, StringComparer.Ordinal).Where(n => n.Value > 1).Select(n => n.Key).FirstOrDefault();

    private static RunFailedException Bad(string message) => new(message, ErrorCodes.BadRequest);
}
