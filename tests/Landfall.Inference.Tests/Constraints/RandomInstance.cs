using System.Text.Json.Nodes;

namespace Landfall.Inference.Constraints;

/// <summary>
/// Values that a schema may well allow, written as the constraint promises to take them: properties in the schema's order,
/// others only where the schema asks for them. Whether a value is valid is left to the oracle.
/// </summary>
internal sealed class RandomInstance(JsonObject root, Random random)
{
    private static readonly string[] Texts = ["", "a", "b", "ab", "abc", "red", "blue", "12", "3.5", "x y", "bbb", "é\\\"", "name", "größe", "a longer text"];

    private static readonly string[] Formatted =
    [
        "2024-02-29", "1999-12-31", "2024-02-29T10:00:00Z", "10:20:30.5+02:00", "a.b@example.org", "0f8fad5b-d9cb-469f-a165-70867728950e",
        "192.168.0.1", "::1", "2001:db8::ff00:42:8329", "https://example.org/a?b=c#d", "example.org", "P3Y6M4DT12H30M5S", "P2W",
    ];

    private static readonly string[] Types = ["null", "boolean", "integer", "number", "string", "array", "object"];

    public JsonNode? Make() => Make(root, 6);

    private JsonNode? Make(JsonNode? schema, int depth)
    {
        if (schema is not JsonObject keywords)
        {
            return Free("integer");
        }

        if (keywords["$ref"]?.GetValue<string>() is { } reference)
        {
            return Make(root["$defs"]![reference[(reference.LastIndexOf('/') + 1)..]], depth - 1);
        }

        if (keywords["const"] is { } only)
        {
            return only.DeepClone();
        }

        if (keywords["enum"] is JsonArray values)
        {
            return values[random.Next(values.Count)]?.DeepClone();
        }

        if ((keywords["anyOf"] ?? keywords["oneOf"]) is JsonArray branches)
        {
            return Make(branches[random.Next(branches.Count)], depth);
        }

        return keywords["allOf"] is JsonArray parts ? Merge(parts, depth) : OfType(keywords, depth);
    }

    private JsonNode? Merge(JsonArray parts, int depth)
    {
        var made = parts.Select(part => Make(part, depth)).ToList();
        if (!made.All(value => value is JsonObject))
        {
            return made[random.Next(made.Count)];
        }

        var merged = new JsonObject();
        var (stated, required) = (Names(parts, "properties").ToHashSet(StringComparer.Ordinal), Names(parts, "required").ToHashSet(StringComparer.Ordinal));
        var properties = made.SelectMany(value => value!.AsObject()).DistinctBy(property => property.Key, StringComparer.Ordinal);

        // Those that any part states come first, then those that one only requires, then others.
        foreach (var (name, value) in properties.OrderBy(property => stated.Contains(property.Key) ? 0 : required.Contains(property.Key) ? 1 : 2).ToList())
        {
            merged[name] = value?.DeepClone();
        }

        return merged;
    }

    // What schemas that all hold name, and those that they refer to.
    private IEnumerable<string> Names(JsonArray schemas, string keyword) => schemas.OfType<JsonObject>().SelectMany(schema =>
    {
        var own = schema[keyword] switch
        {
            JsonObject properties => properties.Select(property => property.Key),
            JsonArray names => names.Select(name => name!.GetValue<string>()),
            _ => [],
        };
        var reference = schema["$ref"]?.GetValue<string>();
        var referred = reference is null ? [] : Names([root["$defs"]![reference[(reference.LastIndexOf('/') + 1)..]]!.DeepClone()], keyword);
        return own.Concat(referred).Concat(((string[])["allOf", "anyOf", "oneOf"]).SelectMany(part => Names(schema[part]?.AsArray() ?? [], keyword))).ToList();
    });

    private JsonNode? OfType(JsonObject keywords, int depth)
    {
        var types = keywords["type"] switch
        {
            JsonArray list => list.Select(type => type!.GetValue<string>()).ToArray(),
            JsonValue one => [one.GetValue<string>()],
            _ => Types,
        };
        var type = types[random.Next(types.Length)];
        return type switch
        {
            "integer" or "number" => Number(keywords, type),
            "array" => Array(keywords, depth),
            "object" => Object(keywords, depth),
            "string" when keywords.ContainsKey("format") => JsonValue.Create(Formatted[random.Next(Formatted.Length)]),
            _ => Free(type),
        };
    }

    private JsonNode? Free(string type) => type switch
    {
        "null" => null,
        "boolean" => JsonValue.Create(random.Next(2) == 0),
        "string" => JsonValue.Create(Texts[random.Next(Texts.Length)]),
        _ => JsonValue.Create(random.Next(-50, 50)),
    };

    private JsonValue Number(JsonObject keywords, string type)
    {
        var near = (keywords["minimum"] ?? keywords["maximum"] ?? keywords["exclusiveMinimum"] ?? keywords["exclusiveMaximum"])?.GetValue<decimal>() ?? 0;
        var value = near + (random.Next(-400, 400) / (random.Next(2) == 0 ? 1m : 8m));
        return type == "integer" ? JsonValue.Create((long)value) : JsonValue.Create(value / 1.0000000000000000000000000000m);
    }

    private JsonArray Array(JsonObject keywords, int depth)
    {
        var prefix = keywords["prefixItems"] as JsonArray ?? [];
        var count = depth <= 0 ? 0 : random.Next(4);
        return [.. Enumerable.Range(0, count).Select(index => Make(index < prefix.Count ? prefix[index] : keywords["items"], depth - 1))];
    }

    private JsonObject Object(JsonObject keywords, int depth)
    {
        var made = new JsonObject();
        var required = (keywords["required"] as JsonArray ?? []).Select(name => name!.GetValue<string>()).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, schema) in keywords["properties"] as JsonObject ?? [])
        {
            if (required.Contains(name) || (depth > 0 && random.Next(2) == 0))
            {
                made[name] = Make(schema, depth - 1);
            }
        }

        foreach (var name in required.Where(name => !made.ContainsKey(name)))
        {
            made[name] = Make(keywords["additionalProperties"], depth - 1);
        }

        if (keywords["patternProperties"] is JsonObject patterns)
        {
            foreach (var name in ((string[])["a", "b", "x-1", "ham"]).Where(_ => random.Next(4) == 0))
            {
                made[name] = Make(patterns.First().Value, depth - 1);
            }

            return Fitting(made, patterns.First().Key, keywords);
        }

        if (keywords["additionalProperties"] is JsonValue further && further.TryGetValue<bool>(out var any) && !any)
        {
            return made;
        }

        if (keywords.ContainsKey("additionalProperties") || !keywords.ContainsKey("properties"))
        {
            for (var more = random.Next(3); more > 0; more--)
            {
                made[$"more{more}"] = Make(keywords["additionalProperties"], depth - 1);
            }
        }

        return made;
    }

    // Beside a pattern, only names that match it are promised.
    private static JsonObject Fitting(JsonObject made, string pattern, JsonObject keywords)
    {
        var stated = keywords["properties"] as JsonObject ?? [];
        foreach (var name in made.Select(property => property.Key).Where(name => !stated.ContainsKey(name) && !System.Text.RegularExpressions.Regex.IsMatch(name, pattern, System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1))).ToList())
        {
            made.Remove(name);
        }

        return made;
    }
}
