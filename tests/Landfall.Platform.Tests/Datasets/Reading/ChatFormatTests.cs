using Landfall.Platform.Datasets;

namespace Landfall.Platform.Tests.Datasets.Reading;

/// <summary>Well-known shapes of JSON rows, by examples from their documentation.</summary>
public sealed class ChatFormatTests
{
    private const string History = """[{"role":"user","content":"hi"},{"role":"assistant","content":"hello"}]""";

    [Theory]
    [InlineData("""{"messages":[{"role":"system","content":"be kind"},{"role":"user","content":"hi"},{"role":"assistant","content":"hello"},{"role":"user","content":"bye"},{"role":"assistant","content":"see you"}],"source":"x"}""", "source=x")]
    [InlineData("""{"messages":[{"role":"developer","content":[{"type":"text","text":"be kind"}]},{"role":"user","content":"hi"},{"role":"assistant","content":"hello"},{"role":"user","content":[{"type":"text","text":"bye"}]},{"role":"assistant","content":"see you"},{"role":"user","content":"unanswered"}]}""", "")]
    [InlineData("""{"conversations":[{"from":"human","value":"hi"},{"from":"gpt","value":"hello"},{"from":"human","value":"bye"},{"from":"gpt","value":"see you"}],"system":"be kind","tools":""}""", "")]
    [InlineData("""{"conversations":[{"from":"system","value":"be kind"},{"from":"human","value":"hi"},{"from":"gpt","value":"hello"},{"from":"human","value":"bye"},{"from":"gpt","value":"see you"}],"id":7}""", "id=7")]
    [InlineData("""{"instruction":"bye","input":"","output":"see you","system":"be kind","history":[["hi","hello"]]}""", "")]
    [InlineData("""{"turns":["hi","hello","bye","see you"],"system":"be kind"}""", "")]
    [InlineData("""{"dialogue":[{"speaker":"customer","text":"hi"},{"speaker":"agent","text":"hello"},{"speaker":"customer","text":"bye"},{"speaker":"agent","text":"see you"}],"system":"be kind"}""", "")]
    public async Task ReadAsync_Conversation_HasTextAnswerSystemAndHistory(string json, string others)
    {
        foreach (var (content, name) in new[] { (json, "rows.jsonl"), ($"[{json}\n,{json}]", "rows.json") })
        {
            var row = (await RowFiles.ReadAsync(content, name))[0];
            Assert.Equal(("bye", "see you"), (row.Text, row.Expected));
            var fields = new Dictionary<string, string> { [ReservedFields.System] = "be kind", [ReservedFields.History] = History };
            foreach (var other in others.Split(',', StringSplitOptions.RemoveEmptyEntries))
            {
                fields.Add(other.Split('=')[0], other.Split('=')[1]);
            }

            Assert.Equal(fields.OrderBy(f => f.Key), row.Fields.OrderBy(f => f.Key));
        }
    }

    [Fact]
    public async Task ReadAsync_ToolCalls_AreStepsAndCalls()
    {
        const string Call = """[{"id":"c1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Paris\"}"}}]""";
        var answered = await OneAsync($$$"""{"messages":[{"role":"user","content":"rain?"},{"role":"assistant","content":null,"tool_calls":{{{Call}}}},{"role":"tool","tool_call_id":"c1","content":"sun"},{"role":"assistant","content":"no"}],"tools":[{"type":"function","function":{"name":"weather"}}]}""");
        Assert.Equal(("rain?", "no"), (answered.Text, answered.Expected));
        Assert.Equal($$$"""[{"role":"assistant","content":"","tool_calls":{{{Call}}}},{"role":"tool","content":"sun","tool_call_id":"c1"}]""", answered.Fields[ReservedFields.Steps]);
        Assert.Equal("""[{"type":"function","function":{"name":"weather"}}]""", answered.Fields[ReservedFields.Tools]);

        var call = await OneAsync($$$"""{"messages":[{"role":"user","content":"rain?"},{"role":"assistant","content":null,"tool_calls":{{{Call}}}}]}""");
        Assert.Equal((Call, Call), (call.Expected, call.Fields[ReservedFields.ToolCalls]));

        var shared = await OneAsync("""{"conversations":[{"from":"human","value":"rain?"},{"from":"function_call","value":"{\"name\":\"weather\",\"arguments\":{\"city\":\"Paris\"}}"},{"from":"observation","value":"sun"},{"from":"gpt","value":"no"}]}""");
        Assert.Equal("""[{"role":"assistant","content":"","tool_calls":[{"type":"function","function":{"name":"weather","arguments":"{\"city\":\"Paris\"}"}}]},{"role":"tool","content":"sun"}]""", shared.Fields[ReservedFields.Steps]);
    }

    [Theory]
    [InlineData("""{"prompt":"bye","chosen":"see you","rejected":"go"}""")]
    [InlineData("""{"prompt":[{"role":"user","content":"bye"}],"chosen":[{"role":"assistant","content":"see you"}],"rejected":[{"role":"assistant","content":"go"}]}""")]
    [InlineData("""{"chosen":[{"role":"user","content":"bye"},{"role":"assistant","content":"see you"}],"rejected":[{"role":"user","content":"bye"},{"role":"assistant","content":"go"}]}""")]
    [InlineData("""{"chosen":"\n\nHuman: bye\n\nAssistant: see you","rejected":"\n\nHuman: bye\n\nAssistant: go"}""")]
    [InlineData("""{"conversations":[{"from":"human","value":"bye"}],"chosen":{"from":"gpt","value":"see you"},"rejected":{"from":"gpt","value":"go"}}""")]
    [InlineData("""{"instruction":"bye","input":"","chosen":"see you","rejected":"go"}""")]
    [InlineData("""{"input":{"messages":[{"role":"user","content":"bye"}]},"preferred_output":[{"role":"assistant","content":"see you"}],"non_preferred_output":[{"role":"assistant","content":"go"}]}""")]
    public async Task ReadAsync_PreferencePair_HasBothAnswers(string json)
    {
        var row = await OneAsync(json);
        Assert.Equal(("bye", "see you"), (row.Text, row.Expected));
        Assert.Equal(new Dictionary<string, string> { [ReservedFields.Rejected] = "go" }, row.Fields);
    }

    [Fact]
    public async Task ReadAsync_TablesWithShapes_AreUnderstoodToo()
    {
        var alpaca = await RowFiles.ReadAsync("instruction,input,output\nTranslate,Guten Tag,Good day\nSay hello,,Hello\n", "rows.csv");
        Assert.Equal(["Translate\nGuten Tag>Good day", "Say hello>Hello"], alpaca.Select(r => $"{r.Text}>{r.Expected}"));
        var pairs = await RowFiles.ReadAsync(new WorkbookFile().Table("Pairs", ["prompt", "chosen", "rejected"], ["a", "b", "c"]).ToBytes(), "rows.xlsx");
        Assert.Equal("c", pairs[0].Fields[ReservedFields.Rejected]);
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"a"}]}""", "no answer by the assistant")]
    [InlineData("""{"messages":[{"role":"assistant","content":"a"}]}""", "no user message before")]
    [InlineData("""{"messages":[{"role":"user","content":""},{"role":"assistant","content":"a"}]}""", "last message in 'messages' is empty")]
    [InlineData("""{"messages":[{"role":"wizard","content":"a"},{"role":"assistant","content":"a"}]}""", "messages[0] is by 'wizard'")]
    [InlineData("""{"messages":[{"content":"a"},{"role":"assistant","content":"a"}]}""", "messages[0] is by nobody")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{}}]},{"role":"assistant","content":"a"}]}""", "messages[0] holds a part of type 'image_url'")]
    [InlineData("""{"messages":[5]}""", "messages[0] is no message")]
    [InlineData("""{"instruction":"a","output":""}""", "no 'output'")]
    [InlineData("""{"prompt":"a","chosen":"b","rejected":""}""", "'rejected' has no answer")]
    [InlineData("""{"turns":["a","b"]}{}""", "not a whole JSON object")]
    public async Task ReadAsync_BrokenConversation_SaysWhatIsWrong(string json, string problem)
    {
        var error = await RowFiles.ErrorAsync(System.Text.Encoding.UTF8.GetBytes(json), "rows.jsonl");
        Assert.Equal(1, error.Line);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_LaterRowOfAnotherShape_IsRefused()
    {
        var error = await RowFiles.ErrorAsync("{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"b\"}]}\n{\"text\":\"a\",\"label\":\"b\"}\n"u8.ToArray(), "rows.jsonl");
        Assert.Equal(2, error.Line);
        Assert.Contains("the row has no 'messages'; found 'text', 'label'", error.Message, StringComparison.Ordinal);
    }

    private static async Task<Row> OneAsync(string json) => Assert.Single(await RowFiles.ReadAsync(json, "rows.jsonl"));
}
