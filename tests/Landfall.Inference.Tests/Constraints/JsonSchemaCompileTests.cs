using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Landfall.Inference.Constraints;

public sealed class JsonSchemaCompileTests
{
    [Theory]
    [InlineData("""{"type":"integer","minimum":3,"maximum":2}""", "#", "no number fits")]
    [InlineData("""{"type":"integer","multipleOf":5,"minimum":1,"maximum":4}""", "#", "no number fits")]
    [InlineData("""{"type":"object","properties":{"a":false},"required":["a"]}""", "#/properties/a", "allows no value")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","minLength":2,"maxLength":1}},"required":["a"]}""", "#/properties/a", "no string fits")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#"}},"required":["a"]}""", "#/properties/a", "endless recursion")]
    [InlineData("""{"$ref":"#"}""", "#", "endless recursion")]
    [InlineData("""{"$defs":{"a":{"$ref":"#/$defs/b"},"b":{"anyOf":[{"$ref":"#/$defs/a"}]}},"$ref":"#/$defs/a"}""", "#/$defs/a", "endless recursion")]
    [InlineData("""{"type":"array","items":false,"minItems":1}""", "#/items", "allows no value")]
    [InlineData("""{"type":"array","minItems":3,"maxItems":2}""", "#", "no array has")]
    [InlineData("""{"type":"array","items":{"type":"boolean"},"uniqueItems":true,"minItems":3}""", "#/uniqueItems", "no 3 different items")]
    [InlineData("""{"type":"object","required":["a","b"],"maxProperties":1}""", "#", "no object has")]
    [InlineData("""{"type":"object","required":["a"],"additionalProperties":false}""", "#/additionalProperties", "allows no value")]
    [InlineData("""{"type":"string","pattern":"^a$","minLength":2}""", "#", "no string fits")]
    [InlineData("""{"type":"string","enum":[1,2]}""", "#", "none of the listed values")]
    [InlineData("""{"allOf":[{"type":"string"},{"type":"null"}]}""", "#/allOf/1", "no type is left")]
    [InlineData("""{"anyOf":[]}""", "#", "allows no value")]
    [InlineData("false", "#", "allows no value")]
    [InlineData("""{"type":"object","patternProperties":{"^[ab]$":true},"additionalProperties":false,"minProperties":3}""", "#", "names of others are too few")]
    public void Compile_ImpossibleSchema_SaysWhere(string schema, string place, string problem) => AssertRefused(schema, place, problem);

    [Theory]
    [InlineData("""{"properties":{"a":{"not":{}}}}""", "#/properties/a/not", "not supported")]
    [InlineData("""{"if":{},"then":{}}""", "#/if", "not supported")]
    [InlineData("""{"type":"strin"}""", "#/type", "is no type")]
    [InlineData("""{"type":"string","pattern":"(?=a)"}""", "#/pattern, position 2", "lookaround")]
    [InlineData("""{"type":"string","format":"isbn"}""", "#/format", "the format 'isbn'")]
    [InlineData("""{"minLength":-1}""", "#/minLength", "whole number")]
    [InlineData("""{"minLength":1e20}""", "#/minLength", "at most")]
    [InlineData("""{"minimum":"1"}""", "#/minimum", "a number")]
    [InlineData("""{"exclusiveMinimum":true}""", "#/exclusiveMinimum", "a number")]
    [InlineData("""{"multipleOf":0}""", "#/multipleOf", "above 0")]
    [InlineData("""{"type":"number","multipleOf":0.123456789}""", "#", "remainders")]
    [InlineData("""{"items":[{}]}""", "#/items", "prefixItems")]
    [InlineData("""{"properties":{"a/b~":7}}""", "#/properties/a~1b~0", "an object or a boolean")]
    [InlineData("""{"properties":{"a":{},"a":{}}}""", "#/properties", "twice")]
    [InlineData("""{"required":[1]}""", "#/required/0", "a string")]
    [InlineData("""{"$ref":"https://example.org/schema"}""", "#/$ref", "not supported")]
    [InlineData("""{"$ref":"#/$defs/a"}""", "#/$ref", "points at nothing")]
    [InlineData("""{"oneOf":[{"type":"integer"},{"type":"number","minimum":3}]}""", "#/oneOf", "branches 0 and 1")]
    [InlineData("""{"type":"array","uniqueItems":true}""", "#/uniqueItems", "uniqueItems")]
    [InlineData("""{"patternProperties":{"a":{},"b":{}}}""", "#/patternProperties", "more than one")]
    [InlineData("[]", "#", "an object or a boolean")]
    [InlineData("""{"title":"\ud800","const":"\ud800"}""", "#", "surrogate")]
    [InlineData("""{"properties":{"\ud800":{}}}""", "#/properties", "surrogate")]
    [InlineData("""{"enum":[{"a":[{"\udc00":1}]}]}""", "#/enum/0/a/0", "surrogate")]
    [InlineData("""{"\ud800":1}""", "#", "surrogate")]
    [InlineData("""{"minimum":1e-30}""", "#/minimum", "at most 28 digits")]
    [InlineData("""{"multipleOf":1.00000000000000000000000000001}""", "#/multipleOf", "at most 28 digits")]
    [InlineData("""{"const":0.12345678901234567890123456789012345}""", "#", "at most 28 digits")]
    [InlineData("""{"enum":[1e300]}""", "#", "at most 28 digits")]
    [InlineData("""{"oneOf":[{"type":"number"},{"const":1e20}]}""", "#/oneOf", "branches 0 and 1")]
    [InlineData("""{"oneOf":[{"type":"number","multipleOf":0.5},{"const":1234567890123456789.5}]}""", "#/oneOf", "branches 0 and 1")]
    [InlineData("""{"oneOf":[{"format":"date"},{"const":"0999-01-01"}],"type":"string"}""", "#/oneOf", "branches 0 and 1")]
    [InlineData("""{"oneOf":[{"pattern":"^.$"},{"const":"\n"}],"type":"string"}""", "#/oneOf", "branches 0 and 1")]
    [InlineData("""{"oneOf":[{"pattern":"^\\w$"},{"const":"é"}],"type":"string"}""", "#/oneOf", "branches 0 and 1")]
    [InlineData("""{"oneOf":[{"pattern":"^\\W$"},{"const":"é"}],"type":"string"}""", "#/oneOf", "branches 0 and 1")]
    [InlineData("""{"type":"object","minProperties":258,"properties":{"a":{}}}""", "#", "at most 256 others")]
    public void Compile_WhatIsNotSupported_SaysWhereAndWhat(string schema, string place, string problem) => AssertRefused(schema, place, problem);

    [Theory]
    [InlineData("""{"type":"integer","minimum":-12,"maximum":105}""", "-12|0|9|105|-1|100", "-13|106|-0|01|1.0|1000|-")]
    [InlineData("""{"type":"number","minimum":0.5,"exclusiveMaximum":10}""", "0.5|0.50|9.999|1|5.0", "0.49|10|10.0|0|-1|1e0|.5|5.")]
    [InlineData("""{"type":"number","exclusiveMinimum":-1.25,"maximum":-0.5}""", "-1.2499|-0.5|-1|-0.75", "-1.25|-0.4999|-1.3|0|1")]
    [InlineData("""{"type":"number"}""", "1|-1.5|1e10|1E+12|2.5E-31|0|0.0", "01|1.|+1|--1|1e|1e13|1e100|Infinity")]
    [InlineData("""{"type":"number","multipleOf":0.25}""", "0|0.5|1.25|-3.75|100", "0.1|0.3|1.250|2.26")]
    [InlineData("""{"type":"integer","multipleOf":7,"minimum":0}""", "0|7|14|700", "1|8|-7|15")]
    [InlineData("""{"type":"integer","minimum":9223372036854775807}""", "9223372036854775807|9223372036854775808", "9223372036854775806|1")]
    [InlineData("""{"type":"string","minLength":2,"maxLength":3}""", "\"ab\"|\"a\\n\\u00e9\"|\"😀中\"|\"\\ud83d\\ude00x\"", "\"a\"|\"abcd\"|\"\\ud83dx\"|\"\\ude00x\"|\"a\tb\"|ab")]
    [InlineData("""{"type":"string","format":"date"}""", "\"2024-02-29\"|\"2000-02-29\"|\"1999-12-31\"", "\"2023-02-29\"|\"1900-02-29\"|\"2024-04-31\"|\"2024-13-01\"")]
    [InlineData("""{"type":"array","items":{"enum":["a","b","c"]},"uniqueItems":true,"minItems":2}""", "[\"a\",\"b\"]|[\"c\",\"a\",\"b\"]", "[\"a\"]|[\"a\",\"a\"]|[]")]
    [InlineData("""{"type":"array","prefixItems":[{"type":"null"}],"items":{"type":"integer"},"maxItems":2}""", "[]|[null]|[null,1]|[ null, 1 ]", "[1]|[null,null]|[null,1,2]|[,]|[null,]")]
    [InlineData("""{"type":"string","nullable":true}""", "null|\"x\"", "1|nul")]
    [InlineData("""{"type":"object","additionalProperties":{"type":"integer"}}""", "{}|{\"a\":1}|{ \"a\": 1, \"b\": 2 }|{\"a\\\"\":1}", "{\"a\":1,\"a\":2}|{\"a\":\"x\"}|{,}|{\"a\":1,}|{\"\\u0061\":1}")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"integer"},"b":{"const":1},"c":true},"required":["b"]}""", "{\"b\":1}|{\"a\":2,\"b\":1}|{\"b\":1,\"c\":[{}]}", "{}|{\"a\":2}|{\"c\":1,\"b\":1}|{\"b\":1,\"d\":1}")]
    [InlineData("""{"type":"object","properties":{"a":{},"b":{},"c":{}},"minProperties":2,"maxProperties":2}""", "{\"a\":1,\"c\":2}|{\"b\":1,\"c\":2}", "{\"a\":1}|{\"a\":1,\"b\":2,\"c\":3}|{}")]
    [InlineData("""{"type":"object","properties":{"a":{}},"patternProperties":{"^[ab]$":{"type":"null"}},"additionalProperties":false}""", "{\"b\":null}|{\"a\":null,\"b\":null}", "{\"a\":1}|{\"c\":null}|{\"b\":null,\"b\":null}")]
    [InlineData("""{"oneOf":[{"properties":{"k":{"const":"a"},"v":{"type":"integer"}},"required":["k","v"]},{"properties":{"k":{"const":"b"}},"required":["k"]}],"type":"object"}""", "{\"k\":\"a\",\"v\":1}|{\"k\":\"b\"}", "{\"k\":\"a\"}|{\"k\":\"b\",\"v\":1}")]
    [InlineData("""{"const":{"a":[1,"x"],"b":null}}""", "{\"a\":[1,\"x\"],\"b\":null}", "{\"a\":[1,\"x\"]}|{\"b\":null,\"a\":[1,\"x\"]}")]
    [InlineData("""{"const":"b","enum":["a","b"]}""", "\"b\"", "\"a\"")]
    [InlineData("""{"enum":["a","b"],"const":"b"}""", "\"b\"", "\"a\"")]
    [InlineData("""{"enum":[0.12345678901234567890,5],"minimum":0.12,"maximum":1}""", "0.1234567890123456789", "5")]
    [InlineData("""{"oneOf":[{"type":"number","maximum":3,"exclusiveMaximum":3},{"type":"number","minimum":3},{"enum":["x"]}]}""", "3|2.9|\"x\"", "\"y\"")]
    [InlineData("""{"oneOf":[{"type":"string","pattern":"^\\d+$"},{"type":"string","pattern":"^[a-z]+$"}]}""", "\"12\"|\"ab\"", "\"1a\"")]
    [InlineData("""{"type":"object","minProperties":3,"properties":{"a":{},"b":{}}}""", "{\"a\":1,\"b\":2,\"c\":3}|{\"c\":1,\"d\":2,\"e\":3}", "{\"a\":1,\"b\":2}")]
    [InlineData("""{"enum":[1.0,"1",10]}""", "1|\"1\"|10", "1.0|100|2")]
    public void Accepts_Keyword_ExactlyWhatItSays(string schema, string fitting, string others)
    {
        var constraint = Compile(schema);
        Assert.All(fitting.Split('|'), text => Assert.True(constraint.Accepts(Encoding.UTF8.GetBytes(text)), text));
        Assert.All(others.Split('|'), text => Assert.False(constraint.Accepts(Encoding.UTF8.GetBytes(text)), text));
    }

    [Fact]
    public void Write_AnyJsonObject_IsAnObjectNoDeeperThanParsersTake()
    {
        var constraint = JsonObjectConstraint.Compile(Vocabularies.ByteLevel);
        for (var seed = 0; seed < 50; seed++)
        {
            using var answer = JsonDocument.Parse(RandomAnswer.Write(constraint, Vocabularies.ByteLevel, new Random(seed)));
            Assert.Equal(JsonValueKind.Object, answer.RootElement.ValueKind);
        }

        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 59)) + "[]" + new string('}', 59);
        Assert.True(constraint.Accepts(Encoding.UTF8.GetBytes(deep)));
        Assert.False(constraint.Accepts(Encoding.UTF8.GetBytes($"{{\"a\":{deep}}}")));
    }

    [Fact]
    public void Write_ManyRequestsAtOnce_EachKeepsToTheSchema()
    {
        var constraint = Compile("""{"type":"object","additionalProperties":{"type":"array","items":{"type":"integer","maximum":9}},"minProperties":2}""");
        Parallel.For(0, 40, seed =>
        {
            using var answer = JsonDocument.Parse(RandomAnswer.Write(constraint, Vocabularies.ByteLevel, new Random(seed)));
            Assert.True(answer.RootElement.EnumerateObject().DistinctBy(property => property.Name).Count() >= 2);
        });
    }

    [Fact]
    public void Compile_MutatedSchemas_AreReadOrRefused()
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("LANDFALL_SOAK_FUZZ") ?? "2000", CultureInfo.InvariantCulture);
        var random = new Random(20_231);
        var seeds = Enumerable.Range(0, 60).Select(seed => RandomSchema.Make(seed).ToJsonString()).ToArray();
        var words = seeds.SelectMany(seed => seed.Split(':', ',')).Distinct().ToArray();
        for (var index = 0; index < count; index++)
        {
            var text = seeds[random.Next(seeds.Length)];
            for (var change = random.Next(1, 5); change > 0; change--)
            {
                text = Change(text, words, random);
            }

            Hang.Check(
                () =>
                {
                    using var document = JsonDocument.Parse(text);
                    JsonSchemaConstraint.Compile(document.RootElement, Tiny);
                },
                text);
        }
    }

    private static readonly Tokenizers.TokenVocabulary Tiny = new([[], "a"u8.ToArray()], [true, false], ["</s>", "a"]);

    // Mostly changes that leave JSON behind: a part is put in the place of another.
    private static string Change(string text, string[] words, Random random)
    {
        var parts = text.Split(':');
        switch (random.Next(4))
        {
            case 0:
                var place = random.Next(text.Length);
                return string.Concat(text.AsSpan(0, place), ((char)random.Next(32, 127)).ToString(), text.AsSpan(place + 1));
            case 1:
                return text.Replace(words[random.Next(words.Length)], words[random.Next(words.Length)], StringComparison.Ordinal);
            case 2:
                var digits = random.Next(3) switch { 0 => "99999999999", 1 => "1e300", _ => "-3" };
                return string.Join(':', parts.Select(part => random.Next(parts.Length) == 0 && part.Length > 0 && char.IsAsciiDigit(part[0]) ? digits + part.TrimStart("0123456789.".ToCharArray()) : part));
            default:
                (parts[random.Next(parts.Length)], parts[random.Next(parts.Length)]) = (parts[random.Next(parts.Length)], parts[random.Next(parts.Length)]);
                return string.Join(':', parts);
        }
    }

    private static JsonSchemaConstraint Compile(string schema)
    {
        using var document = JsonDocument.Parse(schema);
        return JsonSchemaConstraint.Compile(document.RootElement, Vocabularies.ByteLevel);
    }

    private static void AssertRefused(string schema, string place, string problem)
    {
        var exception = Assert.Throws<ConstraintException>(() => Compile(schema));
        Assert.Equal(place, exception.Place);
        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
    }
}
