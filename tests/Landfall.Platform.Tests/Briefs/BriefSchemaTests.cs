using System.Text.Json;
using Landfall.Platform.Briefs;
using Landfall.Platform.Search;

namespace Landfall.Platform.Tests.Briefs;

/// <summary>The editor's schema says what the parser does.</summary>
public sealed class BriefSchemaTests
{
    private static readonly JsonElement s_schema = JsonElement.Parse(BriefSchema.Text);

    [Fact]
    public void Schema_Keys_AreTheParsers()
    {
        AssertKeys(BriefKeys.Root, s_schema);
        AssertKeys(BriefKeys.Output, At("output"));
        AssertKeys(BriefKeys.Scope, At("scope"));
        AssertKeys(BriefKeys.OutOfScope, At("scope", "out"));
        AssertKeys(BriefKeys.Data, At("data"));
        AssertKeys(BriefKeys.Target, At("targets").GetProperty("items"));
        AssertKeys(BriefKeys.Budget, At("budget"));
        AssertKeys(BriefKeys.Search, s_schema.GetProperty("$defs").GetProperty("search"));
        AssertKeys(BriefKeys.SearchRange, s_schema.GetProperty("$defs").GetProperty("range"));
    }

    [Fact]
    public void Schema_Words_AreTheParsers()
    {
        Assert.Equal(BriefKeys.Interactions, Words(At("interaction")));
        Assert.Equal(BriefKeys.OutputKinds, Words(At("output", "kind")));
        Assert.Equal(SearchMethods.BuiltIn.Names, Words(s_schema.GetProperty("$defs").GetProperty("search").GetProperty("properties").GetProperty("method")));
        Assert.Equal(BriefKeys.RangeScales, Words(s_schema.GetProperty("$defs").GetProperty("range").GetProperty("properties").GetProperty("scale")));
    }

    [Fact]
    public void Schema_RequiredKeys_AreThoseTheParserMisses()
    {
        var problems = BriefParser.Parse("{}").Problems;

        Assert.Equal(problems.Select(p => p.Field), s_schema.GetProperty("required").EnumerateArray().Select(e => e.GetString()));
    }

    private static JsonElement At(params string[] keys) =>
        keys.Aggregate(s_schema, (element, key) => element.GetProperty("properties").GetProperty(key));

    private static void AssertKeys(IReadOnlyList<string> keys, JsonElement schema)
    {
        Assert.False(schema.GetProperty("additionalProperties").GetBoolean());
        Assert.Equal(keys, schema.GetProperty("properties").EnumerateObject().Select(p => p.Name));
    }

    private static IEnumerable<string?> Words(JsonElement element) => element.GetProperty("enum").EnumerateArray().Select(e => e.GetString());
}
