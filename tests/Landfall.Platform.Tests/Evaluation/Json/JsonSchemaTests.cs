using System.Text.Json;
using CsCheck;
using Landfall.Platform.Evaluation.Json;

namespace Landfall.Platform.Tests.Evaluation.Json;

public sealed class JsonSchemaTests
{
    [Theory]
    [InlineData("""{"type":"integer"}""", "1.0", "1.5")]
    [InlineData("""{"type":["string","null"]}""", "null", "1")]
    [InlineData("""{"const":{"a":[1]}}""", """{"a":[1.0]}""", """{"a":[2]}""")]
    [InlineData("""{"enum":["x",2]}""", "2.0", "\"2\"")]
    [InlineData("""{"properties":{"a":{"type":"string"}},"additionalProperties":false}""", """{"a":"x"}""", """{"b":"x"}""")]
    [InlineData("""{"additionalProperties":{"type":"number"}}""", """{"b":1}""", """{"b":"x"}""")]
    [InlineData("""{"required":["a","b"]}""", """{"a":1,"b":null}""", """{"a":1}""")]
    [InlineData("""{"items":{"minimum":0,"maximum":9},"minItems":1,"maxItems":2}""", "[0,9]", "[10]")]
    [InlineData("""{"minItems":1}""", "[1]", "[]")]
    [InlineData("""{"exclusiveMinimum":0,"exclusiveMaximum":1}""", "0.5", "1")]
    [InlineData("""{"minLength":2,"maxLength":2}""", "\"😀😀\"", "\"😀\"")]
    [InlineData("""{"pattern":"^[a-z]+$"}""", "\"abc\"", "\"ab1\"")]
    [InlineData("""{"pattern":"^(?!x)"}""", "\"abc\"", "\"xbc\"")]
    [InlineData("""{"properties":{"a":true,"b":false}}""", """{"a":1}""", """{"b":1}""")]
    public void WhyInvalid_Value_FitsOrNot(string schema, string fits, string breaks)
    {
        var parsed = JsonSchema.Parse(schema);
        Assert.Null(parsed.WhyInvalid(JsonElement.Parse(fits)));
        Assert.NotNull(parsed.WhyInvalid(JsonElement.Parse(breaks)));
    }

    [Theory]
    [InlineData("{", "it is not JSON")]
    [InlineData("[]", "found array")]
    [InlineData("""{"type":"text"}""", "there is no type 'text'")]
    [InlineData("""{"properties":{"a":{"anyOf":[]}}}""", "at /properties/a/anyOf")]
    [InlineData("""{"minItems":-1}""", "found -1")]
    [InlineData("""{"pattern":"("}""", "is not a regular expression")]
    public void Parse_BrokenSchema_SaysWhereAndWhat(string schema, string message) =>
        Assert.Contains(message, Assert.Throws<JsonSchemaException>(() => JsonSchema.Parse(schema)).Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_AnyText_GivesSchemaOrItsException()
    {
        const string schema = """{"type":["object"],"properties":{"a":{"pattern":"x","minLength":1}},"required":["a"],"items":{"enum":[1]}}""";
        Gen.Select(Gen.Int[0, schema.Length - 1], Gen.Char["{}[]\":,0aé\\"], Gen.Bool).Sample(
            (at, c, insert) =>
            {
                var broken = schema[..at] + c + schema[(insert ? at : at + 1)..];
                try
                {
                    _ = JsonSchema.Parse(broken).WhyInvalid(JsonElement.Parse("""{"a":[1,"x",{}],"b":null}"""));
                }
                catch (JsonSchemaException e)
                {
                    Assert.NotEmpty(e.Message);
                }
            },
            iter: 2_000);
    }
}
