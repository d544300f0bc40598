using System.Text.Json.Nodes;

namespace Landfall.Inference.Constraints;

/// <summary>Random JSON Schemas of all that is supported; a few of them allow nothing.</summary>
internal sealed class RandomSchema(Random random)
{
    private static readonly string[] Names = ["id", "name", "a b", "tags", "größe", "x\"y", "next", "kind"];
    // None counts characters that may be outside the basic plane: the oracle's engine counts them twice.
    private static readonly string[] Patterns = ["^[a-z]{2,6}$", @"^\d+(?:\.\d{1,2})?$", "^(?:red|green|blue)$", "b+", @"^\w+\s\w+$", @"^[ -`b-~]{1,3}\n?$", "^é\\\\\"$"];
    private static readonly string[] Formats = ["date", "date-time", "time", "email", "uuid", "ipv4", "ipv6", "uri", "hostname", "duration"];

    public static JsonObject Make(int seed)
    {
        var random = new Random(seed);
        var maker = new RandomSchema(random);
        var root = maker.Schema(4) as JsonObject ?? [];
        root["$defs"] = new JsonObject
        {
            ["leaf"] = maker.Scalar(),
            ["tree"] = new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject
                {
                    ["value"] = Reference("leaf"),
                    ["children"] = new JsonObject { ["type"] = "array", ["items"] = Reference("tree"), ["maxItems"] = 3 },
                    ["left"] = new JsonObject { ["anyOf"] = new JsonArray(Reference("tree"), new JsonObject { ["type"] = "null" }) },
                },
                ["required"] = new JsonArray("value"),
                ["additionalProperties"] = false,
            },
        };
        return root;
    }

    private static JsonObject Reference(string name) => new() { ["$ref"] = $"#/$defs/{name}" };

    private JsonNode Schema(int depth) => random.Next(depth > 0 ? 20 : 9) switch
    {
        < 8 => Scalar(),
        8 => Reference(random.Next(2) == 0 ? "leaf" : "tree"),
        < 13 => Object(depth),
        < 16 => Array(depth),
        16 => new JsonObject { ["anyOf"] = List(random.Next(1, 4), () => Schema(depth - 1)) },
        17 => OneOf(depth),
        18 => AllOf(depth),
        _ => random.Next(4) switch { 0 => JsonValue.Create(true), 1 => JsonValue.Create(false), 2 => new JsonObject(), _ => Types(depth) },
    };

    private JsonObject Scalar() => random.Next(10) switch
    {
        0 or 1 => Text(),
        2 => Text(),
        3 or 4 => Number("integer"),
        5 => Number("number"),
        6 => new JsonObject { ["type"] = "boolean", ["title"] = "a title", ["default"] = true },
        7 => new JsonObject { ["type"] = "null" },
        8 => new JsonObject { ["enum"] = List(random.Next(1, 6), Value) },
        _ => new JsonObject { ["const"] = Value() },
    };

    private JsonNode? Value() => random.Next(8) switch
    {
        0 => null,
        1 => JsonValue.Create(random.Next(2) == 0),
        2 => JsonValue.Create(random.Next(-20, 1000)),
        3 => JsonValue.Create(random.Next(-2000, 2000) / 8m),
        4 => new JsonArray(JsonValue.Create(1), JsonValue.Create("x")),
        5 => new JsonObject { ["k"] = JsonValue.Create(random.Next(3)) },
        _ => JsonValue.Create(Names[random.Next(Names.Length)]),
    };

    private JsonObject Text()
    {
        var schema = new JsonObject { ["type"] = "string" };
        switch (random.Next(5))
        {
            case 0:
                schema["minLength"] = random.Next(4);
                break;
            case 1:
                var min = random.Next(4);
                schema["minLength"] = min;
                schema["maxLength"] = min + random.Next(10);
                break;
            case 2:
                schema["pattern"] = Patterns[random.Next(Patterns.Length)];
                if (random.Next(2) == 0)
                {
                    schema["maxLength"] = random.Next(2, 12);
                }

                break;
            case 3:
                schema["format"] = Formats[random.Next(Formats.Length)];
                break;
        }

        return schema;
    }

    private JsonObject Number(string type)
    {
        var schema = new JsonObject { ["type"] = type };
        decimal Bound() => random.Next(4) switch { 0 => 0, 1 => random.Next(-1000, 1000) / 10m, 2 => random.Next(-3, 3), _ => random.Next(-100_000, 100_000) };
        if (random.Next(3) > 0)
        {
            schema[random.Next(3) == 0 ? "exclusiveMinimum" : "minimum"] = Bound();
        }

        if (random.Next(3) > 0)
        {
            schema[random.Next(3) == 0 ? "exclusiveMaximum" : "maximum"] = Bound() + random.Next(3) * 50;
        }

        if (random.Next(4) == 0)
        {
            schema["multipleOf"] = type == "integer" ? random.Next(1, 20) : new[] { 0.01m, 0.25m, 0.5m, 3m, 2.5m }[random.Next(5)];
        }

        return schema;
    }

    private JsonObject Object(int depth)
    {
        var schema = new JsonObject { ["type"] = "object" };
        var names = Names.OrderBy(_ => random.Next()).Take(random.Next(6)).ToList();
        if (names.Count > 0)
        {
            schema["properties"] = new JsonObject(names.Select(name => KeyValuePair.Create(name, (JsonNode?)Schema(depth - 1))));
        }

        var required = names.Where(_ => random.Next(3) > 0).Concat(random.Next(8) == 0 ? ["further"] : []).ToList();
        if (required.Count > 0)
        {
            schema["required"] = new JsonArray([.. required.Select(name => JsonValue.Create(name))]);
        }

        switch (random.Next(5))
        {
            case 0:
                schema["additionalProperties"] = false;
                break;
            case 1:
                schema["additionalProperties"] = Schema(depth - 1);
                break;
            case 2 when random.Next(2) == 0:
                schema["patternProperties"] = new JsonObject { [new[] { "^[ab]$", "^x-", "m" }[random.Next(3)]] = Schema(depth - 1) };
                break;
        }

        if (random.Next(5) == 0)
        {
            schema["minProperties"] = random.Next(4);
        }

        if (random.Next(5) == 0)
        {
            schema["maxProperties"] = random.Next(1, 6);
        }

        return schema;
    }

    private JsonObject Array(int depth)
    {
        var schema = new JsonObject { ["type"] = "array" };
        if (random.Next(6) == 0)
        {
            schema["items"] = new JsonObject { ["enum"] = new JsonArray("a", "b", 3, null, true) };
            schema["uniqueItems"] = true;
        }
        else
        {
            schema["items"] = Schema(depth - 1);
        }

        if (random.Next(4) == 0 && !schema.ContainsKey("uniqueItems"))
        {
            schema["prefixItems"] = List(random.Next(1, 3), () => Schema(depth - 1));
        }

        var min = random.Next(3);
        if (random.Next(2) == 0)
        {
            schema["minItems"] = min;
        }

        if (random.Next(2) == 0)
        {
            schema["maxItems"] = min + random.Next(3);
        }

        return schema;
    }

    private JsonObject OneOf(int depth)
    {
        if (random.Next(2) == 0)
        {
            return new JsonObject { ["oneOf"] = new JsonArray(Text(), Number("integer"), Array(depth - 1)) };
        }

        return new JsonObject { ["oneOf"] = List(3, index => Tagged(index, depth)) };

        JsonObject Tagged(int index, int depth) => new()
        {
            ["type"] = "object",
            ["properties"] = new JsonObject { ["kind"] = new JsonObject { ["const"] = $"k{index}" }, ["value"] = Schema(depth - 1) },
            ["required"] = new JsonArray("kind"),
        };
    }

    private JsonObject AllOf(int depth) => random.Next(3) switch
    {
        0 => new JsonObject { ["allOf"] = new JsonArray(Number("number"), Number("integer")) },
        1 => new JsonObject { ["allOf"] = new JsonArray(Text(), new JsonObject { ["maxLength"] = random.Next(3, 40) }) },
        _ => new JsonObject { ["allOf"] = new JsonArray(Object(depth - 1), Object(depth - 1)) },
    };

    private JsonObject Types(int depth)
    {
        var schema = Object(depth);
        schema["type"] = new JsonArray("object", "string", "integer", "null");
        schema["minLength"] = random.Next(3);
        schema["maximum"] = random.Next(100);
        return schema;
    }

    private static JsonArray List(int count, Func<JsonNode?> make) => List(count, _ => make());

    private static JsonArray List(int count, Func<int, JsonNode?> make) => [.. Enumerable.Range(0, count).Select(make)];
}
