using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using Landfall.Inference.Tokenizers;

namespace Landfall.Inference.Constraints;

public sealed class JsonSchemaConstraintTests(ITestOutputHelper output)
{
    private static readonly EvaluationOptions Options = new() { RequireFormatValidation = true };

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>How many of something a test tries: few every day, as many as the variable says in a soak run.</summary>
    private static int Count(string variable, int everyDay) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : everyDay;

    [Fact]
    public void Write_RandomSchemas_EveryAnswerParsesAndValidates()
    {
        var (refused, answers) = (new Dictionary<string, int>(StringComparer.Ordinal), 0);
        var count = Count("LANDFALL_SOAK_SCHEMAS", 400);
        var failures = new List<string>();
        for (var seed = 0; seed < count; seed++)
        {
            var schema = RandomSchema.Make(seed).ToJsonString();
            using var document = JsonDocument.Parse(schema);
            var vocabulary = Vocabularies.All[seed % 2];
            JsonSchemaConstraint constraint;
            try
            {
                constraint = JsonSchemaConstraint.Compile(document.RootElement, vocabulary, seed % 3 == 0 ? JsonWhiteSpace.None : JsonWhiteSpace.Bounded);
            }
            catch (ConstraintException exception)
            {
                refused[exception.Message] = refused.GetValueOrDefault(exception.Message) + 1;
                continue;
            }

            var oracle = JsonSchema.FromText(schema);
            for (var answer = 0; answer < 3; answer++, answers++)
            {
                var text = Encoding.UTF8.GetString(RandomAnswer.Write(constraint, vocabulary, new Random((seed * 3) + answer)));
                if (!Validates(oracle, text))
                {
                    failures.Add($"{seed}: {schema}\n  wrote {text}");
                }
            }
        }

        output.WriteLine($"{answers} answers to {count} schemas; refused {refused.Values.Sum()}:");
        foreach (var (message, times) in refused.OrderByDescending(pair => pair.Value).Take(20))
        {
            output.WriteLine($"  {times} x {message}");
        }

        Assert.True(failures.Count == 0, $"{failures.Count} answers do not validate:\n{string.Join('\n', failures.Take(6))}");
    }

    [Fact]
    public void Accepts_RandomInstances_AllThatAreValid()
    {
        var (valid, invalid, narrow, missed) = (0, 0, 0, new List<string>());
        for (var seed = 0; seed < Count("LANDFALL_SOAK_SCHEMAS", 300); seed++)
        {
            var schema = RandomSchema.Make(seed);
            var oracle = JsonSchema.FromText(Promised(schema.DeepClone())!.ToJsonString());
            var constraint = TryCompile(schema.ToJsonString());
            var instances = new RandomInstance(JsonNode.Parse(schema.ToJsonString())!.AsObject(), new Random(seed));
            for (var instance = 0; instance < 20; instance++)
            {
                var text = instances.Make()?.ToJsonString(Relaxed) ?? "null";
                if (!Validates(oracle, text))
                {
                    invalid++;
                    continue;
                }

                valid++;
                if (constraint is not null && !constraint.Accepts(Encoding.UTF8.GetBytes(text)))
                {
                    missed.Add($"{seed}: {schema.ToJsonString()}\n  should take {text}");
                }

                narrow += constraint is null ? 1 : 0;
            }
        }

        output.WriteLine($"{valid} valid instances ({narrow} of schemas that are refused), {invalid} others");
        Assert.True(missed.Count == 0, $"{missed.Count} of {valid} valid instances are not accepted:\n{string.Join('\n', missed.Take(6))}");
        Assert.True(valid > 500);
    }

    [Theory]
    [InlineData("qwen2")]
    [InlineData("llama2")]
    [InlineData("llama3")]
    [InlineData("mistral")]
    [InlineData("tekken")]
    [InlineData("gemma")]
    public void Write_FamilysTokenizer_DecodesToTheAnswer(string name)
    {
        var tokenizer = TokenizerFixtures.Read(name);
        for (var seed = 0; seed < 30; seed++)
        {
            var schema = RandomSchema.Make(seed).ToJsonString();
            if (TryCompile(schema, tokenizer.Vocabulary) is { } constraint)
            {
                var answer = RandomAnswer.WriteTokens(constraint, tokenizer.Vocabulary, new Random(seed));
                Assert.True(Validates(JsonSchema.FromText(schema), tokenizer.Decode([.. answer])), schema);
            }
        }
    }

    [Fact]
    public void Allowed_RandomSchemas_IsWhatTheBytesSay()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            if (TryCompile(RandomSchema.Make(seed).ToJsonString()) is { } constraint)
            {
                MaskOracle.Check(constraint, Vocabularies.ByteLevel, new Random(seed), 6);
            }
        }
    }

    // What the constraint promises of a schema: no properties beyond the stated ones, where nothing is said of others.
    private static JsonNode? Promised(JsonNode? schema)
    {
        if (schema is JsonObject keywords)
        {
            foreach (var (name, value) in keywords.ToList())
            {
                keywords[name] = name is "const" or "enum" ? value?.DeepClone() : Promised(value)?.DeepClone();
            }

            if ((keywords["properties"] ?? keywords["patternProperties"]) is JsonObject && (keywords.ContainsKey("type") || keywords.ContainsKey("required")))
            {
                keywords.TryAdd("additionalProperties", JsonValue.Create(false));
            }
        }
        else if (schema is JsonArray items)
        {
            for (var index = 0; index < items.Count; index++)
            {
                items[index] = Promised(items[index])?.DeepClone();
            }
        }

        return schema;
    }

    private static JsonSchemaConstraint? TryCompile(string schema, TokenVocabulary? vocabulary = null)
    {
        using var document = JsonDocument.Parse(schema);
        try
        {
            return JsonSchemaConstraint.Compile(document.RootElement, vocabulary ?? Vocabularies.ByteLevel);
        }
        catch (ConstraintException)
        {
            return null;
        }
    }

    private static bool Validates(JsonSchema oracle, string text)
    {
        try
        {
            using var answer = JsonDocument.Parse(text);
            using var judged = JsonDocument.Parse(Apart(JsonNode.Parse(text))?.ToJsonString() ?? "null");
            return !HasTwins(answer.RootElement) && oracle.Evaluate(judged.RootElement, Options).IsValid;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // The oracle counts what a reader sees as one letter where JSON Schema counts code points: marks that join a letter become
    // letters of their own before it sees them.
    private static JsonNode? Apart(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(Apart(member.Key), Apart(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Apart)]),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => JsonValue.Create(Apart(value.GetValue<string>())),
        _ => node?.DeepClone(),
    };

    private static string Apart(string text)
    {
        var letters = new StringBuilder();
        for (var elements = StringInfo.GetTextElementEnumerator(text); elements.MoveNext();)
        {
            var element = elements.GetTextElement();
            var runes = element.EnumerateRunes().ToList();
            letters.Append(runes[0]).Append('x', runes.Count - 1);
        }

        return letters.ToString();
    }

    private static bool HasTwins(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().GroupBy(property => property.Name, StringComparer.Ordinal).Any(group => group.Count() > 1)
            || element.EnumerateObject().Any(property => HasTwins(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().Any(HasTwins),
        _ => false,
    };
}
