using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Landfall.Inference.Tokenizers;

namespace Landfall.Inference.Constraints;

/// <summary>What is small to send is not large to prepare or to follow.</summary>
public sealed class ConstraintSizeTests
{
    private static readonly TokenVocabulary Tiny = new([[], "a"u8.ToArray()], [true, false], ["</s>", "a"]);

    [Fact]
    public void Compile_ReferencesThatDouble_TakesEachOnce()
    {
        var definitions = new JsonObject();
        for (var level = 0; level < 45; level++)
        {
            var next = $"#/$defs/a{level + 1}";
            definitions[$"a{level}"] = new JsonObject { ["allOf"] = new JsonArray(new JsonObject { ["$ref"] = next }, new JsonObject { ["$ref"] = next }) };
        }

        definitions["a45"] = new JsonObject { ["type"] = "null" };
        var schema = new JsonObject { ["$defs"] = definitions, ["$ref"] = "#/$defs/a0" };
        Hang.Check(() => Compile(schema), "doubled references");
        Assert.True(Compile(schema).Accepts("null"u8));
    }

    [Fact]
    public void Compile_ReferencesThatDoubleUnderOneOf_TakesEachOnce()
    {
        var definitions = new JsonObject();
        for (var level = 0; level < 45; level++)
        {
            var next = $"#/$defs/a{level + 1}";
            definitions[$"a{level}"] = new JsonObject { ["oneOf"] = new JsonArray(new JsonObject { ["$ref"] = next, ["const"] = "x" }, new JsonObject { ["$ref"] = next, ["const"] = 1 }) };
        }

        definitions["a45"] = new JsonObject();
        Hang.Check(() => Compile(new JsonObject { ["$defs"] = definitions, ["$ref"] = "#/$defs/a0" }), "doubled references under oneOf");
    }

    [Theory]
    [InlineData("""{"multipleOf":1999,"maximum":1000000000000INDEX}""")]
    [InlineData("""{"type":"string","pattern":"^[ab]*a[ab]{9}INDEX$"}""")]
    [InlineData("""{"type":"string","maxLength":INDEX,"pattern":"^[a-z]+$"}""")]
    public void Compile_ManyLargeParts_RefusesTheWhole(string part)
    {
        var properties = new JsonObject();
        for (var index = 1000; index < 2000; index++)
        {
            properties[$"p{index}"] = JsonNode.Parse(part.Replace("INDEX", $"{index}", StringComparison.Ordinal));
        }

        var exception = Assert.Throws<ConstraintException>(() => Compile(new JsonObject { ["type"] = "object", ["properties"] = properties }));
        Assert.StartsWith("#/properties/p1", exception.Place, StringComparison.Ordinal);
        Assert.Contains("as a whole", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type":"integer","multipleOf":199}""")]
    [InlineData("""{"type":"string","pattern":"^[ab]*a[ab]{9}$"}""")]
    [InlineData("""{"type":"string","format":"uri"}""")]
    public void Compile_TheSamePartOften_PreparesItOnce(string part)
    {
        var properties = new JsonObject();
        for (var index = 0; index < 1000; index++)
        {
            properties[$"p{index}"] = JsonNode.Parse(part);
        }

        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties };
        Hang.Check(() => Compile(schema), part);
        Compile(schema);
    }

    [Fact]
    public void Compile_OneOfOfManyBranches_IsRefused()
    {
        JsonNode[] branches = [.. Enumerable.Range(0, 2000).Select(index => new JsonObject { ["const"] = index })];
        var schema = new JsonObject { ["oneOf"] = new JsonArray(branches) };
        Hang.Check(() => Compile(schema), "oneOf of 2000 constants");
        var exception = Assert.Throws<ConstraintException>(() => Compile(schema));
        Assert.Contains("alternatives", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3000, 2, "at most 2000")]
    [InlineData(2, 60_000, "65536 characters together")]
    public void Compile_ObjectTooLargeToFollow_IsRefused(int count, int length, string problem)
    {
        var properties = new JsonObject();
        for (var index = 0; index < count; index++)
        {
            properties[$"{index}".PadLeft(length, 'x')] = true;
        }

        var exception = Assert.Throws<ConstraintException>(() => Compile(new JsonObject { ["type"] = "object", ["properties"] = properties, ["minProperties"] = 10_000 }));
        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_PatternOfManyCharacters_IsRefusedBeforeItIsBuilt()
    {
        var pattern = string.Concat(Enumerable.Range(0x4E00, 20_000).Select(letter => (char)letter));
        AssertCheap(pattern);
        Assert.Throws<ConstraintException>(() => RegexConstraint.Compile(pattern, Tiny));
    }

    [Theory]
    [InlineData(@"\W", 10_000)]
    [InlineData(@"[\W\S\P{L}]", 5_000)]
    [InlineData(@"\p{L}", 10_000)]
    [InlineData("x", 4_000_000)]
    public void Compile_LongPattern_IsReadOrRefusedInBounds(string part, int times) => AssertCheap(string.Concat(Enumerable.Repeat(part, times)));

    [Fact]
    public void Compile_PatternThatRepeatsNothing_CountsTheSteps() => AssertCheap("(?:[ab](?:(?:){9000}){10})*a[ab]{13}");

    [Fact]
    public void Accept_ObjectOfManyKeys_HoldsLittle()
    {
        var constraint = JsonObjectConstraint.Compile(Vocabularies.ByteLevel);
        var text = new StringBuilder("{");
        for (var index = 0; index < 250; index++)
        {
            text.Append(index == 0 ? "" : ",").Append($"\"{index:D200}\":1");
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(constraint.Accepts(Encoding.UTF8.GetBytes(text.Append('}').ToString())));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 400L << 20);
    }

    [Fact]
    public void Accept_ObjectOfMoreKeysThanPromised_Ends()
    {
        var constraint = JsonObjectConstraint.Compile(Vocabularies.ByteLevel);
        string Write(int keys) => "{" + string.Join(',', Enumerable.Range(0, keys).Select(index => $"\"{index}\":1")) + "}";
        Assert.True(constraint.Accepts(Encoding.UTF8.GetBytes(Write(256))));
        Assert.False(constraint.Accepts(Encoding.UTF8.GetBytes(Write(257))));
    }

    [Fact]
    public void Accept_ManyDifferentAnswers_ForgetsThem()
    {
        var constraint = JsonObjectConstraint.Compile(Vocabularies.ByteLevel);
        var held = new List<long>();
        for (var round = 0; round < 3; round++)
        {
            for (var answer = 0; answer < 60; answer++)
            {
                var keys = Enumerable.Range(0, 100).Select(index => $"\"{round}-{answer}-{index}-and-more\":{{\"a\":[1,\"x\"]}}");
                Assert.True(constraint.Accepts(Encoding.UTF8.GetBytes("{" + string.Join(',', keys) + "}")));
            }

            held.Add(GC.GetTotalMemory(forceFullCollection: true));
        }

        Assert.True(held[2] - held[0] < 60L << 20, $"{string.Join(", ", held)} bytes after each round.");
        GC.KeepAlive(constraint);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(128)]
    [InlineData(200)]
    public void Allowed_TokenLongerThanTheRoom_IsNotAmongThem(int room)
    {
        var spaces = new string(' ', 128);
        var vocabulary = new TokenVocabulary([[], "\""u8.ToArray(), " "u8.ToArray(), Encoding.UTF8.GetBytes(spaces)], [true, false, false, false], ["</s>", "\"", " ", spaces]);
        using var document = JsonDocument.Parse($$"""{"type":"string","maxLength":{{room}}}""");
        var state = JsonSchemaConstraint.Compile(document.RootElement, vocabulary).Start();
        state.Accept(1);
        var allowed = RandomAnswer.Tokens(state.Allowed());
        Assert.Equal(room >= 128, allowed.Contains(3));
        Assert.Contains(2, allowed);
        state.Accept(allowed[^1]);
    }

    private static void AssertCheap(string pattern)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Hang.Check(() => RegexConstraint.Compile(pattern, Tiny), pattern[..Math.Min(60, pattern.Length)]);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 600L << 20);
    }

    private static JsonSchemaConstraint Compile(JsonObject schema)
    {
        using var document = JsonDocument.Parse(schema.ToJsonString());
        return JsonSchemaConstraint.Compile(document.RootElement, Tiny);
    }
}
