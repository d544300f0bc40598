using Landfall.Platform.Datasets;

namespace Landfall.Platform.Tests.Datasets.Reading;

public sealed class TraceFormatTests
{
    private const string Langfuse = """
        {"id":"t1","timestamp":"2026-01-02T03:04:05.000Z","name":"chat","userId":"u1","sessionId":"s1","release":null,"tags":["web"],"metadata":{"plan":"pro","n":2},"htmlPath":"/p","input":{"messages":[{"role":"system","content":"be kind"},{"role":"user","content":"bye"}]},"output":{"role":"assistant","content":"see you"}}
        {"id":"t2","timestamp":"2026-01-02T03:04:06.000Z","name":"chat","sessionId":"s1","htmlPath":"/p","input":"broken off","output":null}
        {"id":"t3","timestamp":"2026-01-02T03:04:07.000Z","name":"chat","sessionId":null,"htmlPath":"/p","input":{"args":[],"kwargs":{"question":"how?"}},"output":"so"}
        """;

    [Fact]
    public async Task ReadAsync_LangfuseTraces_AreRowsAndGroupedBySession()
    {
        foreach (var (content, name) in new[]
        {
            (Langfuse, "traces.jsonl"),
            ($"[{string.Join(",\n", Langfuse.Split('\n'))}]", "traces.json"),
            ($"{{\n  \"meta\": {{\"page\":1}},\n  \"data\": [{string.Join(",\n", Langfuse.Split('\n'))}],\n \"more\": [1]\n}}", "traces.json"),
        })
        {
            var rows = await RowFiles.ReadAsync(content, name);
            Assert.Equal(["bye>see you", "how?>so"], rows.Select(r => $"{r.Text}>{r.Expected}"));
            Assert.Equal("""group=s1 metadata.n=2 metadata.plan=pro name=chat system=be kind tags=["web"] time=2026-01-02T03:04:05.000Z trace=t1 userId=u1""", Fields(rows[0]));
        }
    }

    [Fact]
    public async Task ReadAsync_LangfuseObservations_TakesGenerations()
    {
        const string Observations = """
            [{"id":"o1","traceId":"t1","type":"SPAN","startTime":"2026-01-02T03:04:05Z","input":"a","output":"b"},
             {"id":"o2","traceId":"t1","type":"GENERATION","startTime":"2026-01-02T03:04:05Z","model":"small","input":[{"role":"user","content":"hi"}],"output":{"choices":[{"message":{"role":"assistant","content":"hello"}}]}}]
            """;
        var row = Assert.Single(await RowFiles.ReadAsync(Observations, "observations.json"));
        Assert.Equal(("hi", "hello"), (row.Text, row.Expected));
        Assert.Equal("group=t1 model=small time=2026-01-02T03:04:05Z trace=t1", Fields(row));
    }

    [Theory]
    [InlineData("""{"info":{"trace_id":"tr-1","state":"OK","request_time":"2026-01-02T03:04:05Z","trace_metadata":{"mlflow.trace.session":"s1","mlflow.trace.user":"u1","team":"a"},"tags":{"mlflow.traceName":"x","lang":"de"}},"data":{"spans":[{"name":"child","parent_span_id":"1","attributes":{"mlflow.spanInputs":"\"no\""}},{"name":"root","parent_span_id":null,"attributes":{"mlflow.spanInputs":"{\"messages\": [{\"role\": \"user\", \"content\": \"bye\"}]}","mlflow.spanOutputs":"{\"choices\": [{\"message\": {\"role\": \"assistant\", \"content\": \"see you\"}}]}"}}]}}""", "group=s1 metadata.team=a name=root tag.lang=de time=2026-01-02T03:04:05Z trace=tr-1 user=u1")]
    [InlineData("""{"info":{"request_id":"tr-1","status":"OK","timestamp_ms":5},"data":{"request":"{\"question\": \"bye\"}","response":"\"see you\"","spans":[]}}""", "time=5 trace=tr-1")]
    [InlineData("""{"trace_id":"tr-1","state":"TraceState.OK","execution_duration":7,"request":"bye","response":"see you","spans":[]}""", "trace=tr-1")]
    public async Task ReadAsync_MlflowTraces_TakeTheRootsInputAndOutput(string trace, string fields)
    {
        foreach (var (content, name) in new[] { (trace, "t.jsonl"), ($"{{\"traces\": [{trace}], \"next_page_token\": null}}", "t.json"), (Indented(trace), "t.json") })
        {
            var row = Assert.Single(await RowFiles.ReadAsync(content, name));
            Assert.Equal(("bye", "see you", fields), (row.Text, row.Expected, Fields(row)));
        }
    }

    [Fact]
    public async Task ReadAsync_OnlyFailedTraces_SaysWhy()
    {
        var error = await RowFiles.ErrorAsync("""{"info":{"trace_id":"1","state":"ERROR"},"data":{"spans":[]}}"""u8.ToArray(), "t.jsonl");
        Assert.Contains("none of its 1 traces holds a row", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_EnvelopeCutOff_IsRefused()
    {
        foreach (var cut in new[] { "{\"traces\": [{\"trace_id\":\"1\",\"request\":\"a\",\"response\":\"b\",\"spans\":[]}], \"next", "{\"traces\": [{\"trace_id\":\"1\",\"request\":\"a\",\"response\":\"b\",\"spans\":[]}," })
        {
            Assert.Contains("not closed", (await RowFiles.ErrorAsync(System.Text.Encoding.UTF8.GetBytes(cut), "t.json")).Message, StringComparison.Ordinal);
        }
    }

    private static string Fields(Row row) => string.Join(' ', row.Fields.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key}={f.Value}"));

    private static string Indented(string json)
    {
        using var document = System.Text.Json.JsonDocument.Parse(json);
        return System.Text.Json.JsonSerializer.Serialize(document.RootElement, new System.Text.Json.JsonSerializerOptions { WriteIndented = true });
    }
}
