using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Landfall.Protocol.Briefs;
using Landfall.Protocol.Landings;
using Landfall.Protocol.Reports;
using Landfall.Protocol.Runs;

namespace Landfall.Protocol.Tests;

/// <summary>The JSON form of the protocol: round trips, words, and what older and newer versions leave out or add.</summary>
public sealed class JsonFormTests
{
    private static readonly Type[] Records =
    [
        .. typeof(LandfallClient).Assembly.GetTypes().Where(t => t.IsPublic && t.IsClass && t.GetMethod("<Clone>$") is not null && LandfallJsonContext.Default.GetTypeInfo(t) is not null),
    ];

    public static TheoryData<string> Names => [.. Records.Select(t => t.FullName!)];

    [Fact]
    public void Records_OfTheProtocol_AreFound() => Assert.True(Records.Length > 25, string.Join(", ", Records.Select(t => t.Name)));

    [Theory]
    [MemberData(nameof(Names))]
    public void Deserialize_WhatWasSerialized_IsTheSame(string name) => Gen.Int.Sample(
        seed =>
        {
            var value = new RecordGenerator(seed).Create(TypeOf(name));
            var json = JsonSerializer.Serialize(value, TypeOf(name), LandfallJsonContext.Default);
            var read = JsonSerializer.Deserialize(json, TypeOf(name), LandfallJsonContext.Default)!;
            Assert.Equal(json, JsonSerializer.Serialize(read, TypeOf(name), LandfallJsonContext.Default));
            AssertSame(value, read, name);
        },
        iter: 30);

    [Theory]
    [MemberData(nameof(Names))]
    public void Deserialize_WithUnknownMembers_LeavesThem(string name)
    {
        var value = new RecordGenerator(7).Create(TypeOf(name));
        var json = JsonSerializer.SerializeToNode(value, TypeOf(name), LandfallJsonContext.Default)!.AsObject();
        var plain = json.ToJsonString();
        json["addedByALaterVersion"] = new JsonObject { ["a"] = new JsonArray(1, 2) };
        var read = JsonSerializer.Deserialize(json.ToJsonString(), TypeOf(name), LandfallJsonContext.Default);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(plain), JsonSerializer.SerializeToNode(read, TypeOf(name), LandfallJsonContext.Default)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Deserialize_WithoutOptionalMembers_HasNoNullCollections(string name)
    {
        var type = TypeOf(name);
        var json = JsonSerializer.SerializeToNode(new RecordGenerator(3).Create(type), type, LandfallJsonContext.Default)!.AsObject();
        var optional = type.GetProperties().Where(p => p.SetMethod is not null && p.PropertyType != typeof(string) && typeof(IEnumerable).IsAssignableFrom(p.PropertyType)
            && p.GetCustomAttribute<System.Runtime.CompilerServices.RequiredMemberAttribute>() is null
            && !type.GetConstructors().Any(c => c.GetParameters().Any(a => a.Name == p.Name))
            && new NullabilityInfoContext().Create(p).WriteState == NullabilityState.NotNull).ToList();
        foreach (var property in optional)
        {
            var key = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            json.Remove(key);
            Assert.Empty((IEnumerable)property.GetValue(JsonSerializer.Deserialize(json.ToJsonString(), type, LandfallJsonContext.Default))!);
            json[key] = null;
            Assert.Empty((IEnumerable)property.GetValue(JsonSerializer.Deserialize(json.ToJsonString(), type, LandfallJsonContext.Default))!);
        }
    }

    [Fact]
    public void Deserialize_ReportOfAnEarlierVersion_HasEmptyLists()
    {
        var report = JsonSerializer.Deserialize(
            """{"app":"a","scenario":"s","candidates":[{"name":"x","technique":"x","hash":"h","status":"skipped"}],"comparisons":[],"data":{"trainRows":1,"validationRows":1,"testRows":1,"testVersion":"v"}}""",
            LandfallJsonContext.Default.Report)!;
        Assert.Empty(report.Warnings);
        var candidate = report.Candidates[0];
        Assert.True(candidate is { Metrics.Count: 0, Targets.Count: 0, Errors.Count: 0, Notes.Count: 0, Settings.Count: 0 });
        Assert.Empty(JsonSerializer.Deserialize("""{"brief":{"text":"t"},"origin":"o"}""", LandfallJsonContext.Default.LandingRequest)!.Techniques);
    }

    [Theory]
    [InlineData(Verdict.Met, "met")]
    [InlineData(Verdict.Undecided, "undecided")]
    [InlineData(Direction.AtLeast, "at-least")]
    [InlineData(Direction.AtMost, "at-most")]
    [InlineData(CandidateStatus.Skipped, "skipped")]
    [InlineData(RunState.Interrupted, "interrupted")]
    [InlineData(FileState.Unreadable, "unreadable")]
    [InlineData(Severity.Warning, "warning")]
    public void Serialize_Enum_IsItsKebabCaseWord(Enum value, string word)
    {
        Assert.Equal($"\"{word}\"", JsonSerializer.Serialize(value, value.GetType(), LandfallJsonContext.Default));
        Assert.Equal(value, JsonSerializer.Deserialize($"\"{word}\"", value.GetType(), LandfallJsonContext.Default));
    }

    [Fact]
    public void Deserialize_NumberForAnEnum_IsRefused() =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize("""{"state":1,"size":0}""", LandfallJsonContext.Default.GetTypeInfo(typeof(FileReference))!));

    [Fact]
    public void Serialize_ReportWithoutRelease_SaysNull()
    {
        var report = new Report { App = "a", Scenario = "s", Candidates = [], Comparisons = [], Data = new ReportData { TrainRows = 1, ValidationRows = 1, TestRows = 1, TestVersion = "v" } };
        var json = JsonSerializer.SerializeToNode(report, LandfallJsonContext.Default.Report)!.AsObject();
        Assert.Equal(["release", "obstacle"], json.Where(p => p.Value is null).Select(p => p.Key));
        Assert.Equal("[]", json["warnings"]!.ToJsonString());
    }

    private static Type TypeOf(string name) => typeof(LandfallClient).Assembly.GetType(name)!;

    private static void AssertSame(object? expected, object? actual, string path)
    {
        if (expected is JsonElement element)
        {
            Assert.Equal(element.GetRawText(), ((JsonElement)actual!).GetRawText());
        }
        else if (expected is IDictionary dictionary)
        {
            var read = (IEnumerable)actual!;
            Assert.Equal(dictionary.Count, read.Cast<object>().Count());
        }
        else if (expected is IEnumerable list and not string)
        {
            var (left, right) = (list.Cast<object>().ToList(), ((IEnumerable)actual!).Cast<object>().ToList());
            Assert.True(left.Count == right.Count, path);
            for (var i = 0; i < left.Count; i++)
            {
                AssertSame(left[i], right[i], $"{path}[{i}]");
            }
        }
        else if (expected?.GetType() is { Namespace: { } space, IsEnum: false } type && space.StartsWith("Landfall", StringComparison.Ordinal))
        {
            foreach (var property in type.GetProperties())
            {
                AssertSame(property.GetValue(expected), property.GetValue(actual), $"{path}.{property.Name}");
            }
        }
        else
        {
            Assert.Equal(expected, actual);
        }
    }
}
