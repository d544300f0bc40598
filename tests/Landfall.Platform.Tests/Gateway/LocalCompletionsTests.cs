using System.Text;
using System.Text.Json;
using Landfall.Inference;
using Landfall.Inference.Chat;
using Landfall.Inference.Sampling;
using Landfall.Inference.Serving;
using Landfall.Platform.Gateway;
using Microsoft.Extensions.AI;

namespace Landfall.Platform.Tests.Gateway;

public sealed class LocalCompletionsTests : IDisposable
{
    private const string Ask = """{"model":"tiny","messages":[{"role":"user","content":"Hi"}]""";
    private readonly ScriptedModel _model = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _model.Clean();

    [Fact]
    public async Task Answer_Plain_HasOpenAisForm()
    {
        using var json = await WholeAsync(Ask + "}");
        var root = json.RootElement;
        Assert.StartsWith("chatcmpl-", root.GetProperty("id").GetString(), StringComparison.Ordinal);
        Assert.Equal(("chat.completion", "tiny"), (root.GetProperty("object").GetString(), root.GetProperty("model").GetString()));
        var choice = Assert.Single(root.GetProperty("choices").EnumerateArray());
        Assert.Equal("""{"index":0,"message":{"role":"assistant","content":"Hello","refusal":null},"logprobs":null,"finish_reason":"stop"}""", choice.GetRawText());
        Assert.Equal("""{"prompt_tokens":5,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":3},"total_tokens":7}""", root.GetProperty("usage").GetRawText());
        Assert.Equal(0, _model.Running);
    }

    [Fact]
    public async Task Answer_Streamed_SendsRoleTextEndAndUsage()
    {
        var events = await EventsAsync(Ask + ""","stream":true,"stream_options":{"include_usage":true}}""");
        Assert.Equal("[DONE]", events[^1]);
        var chunks = events[..^1].ConvertAll(e => JsonDocument.Parse(e).RootElement);
        Assert.All(chunks, c => Assert.Equal(("chat.completion.chunk", "tiny"), (c.GetProperty("object").GetString(), c.GetProperty("model").GetString())));
        Assert.Equal(
            [
                """[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]""",
                """[{"index":0,"delta":{"content":"Hel"},"logprobs":null,"finish_reason":null}]""",
                """[{"index":0,"delta":{"content":"lo"},"logprobs":null,"finish_reason":null}]""",
                """[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}]""",
                "[]",
            ],
            chunks.Select(c => c.GetProperty("choices").GetRawText()));
        Assert.Equal(7, chunks[^1].GetProperty("usage").GetProperty("total_tokens").GetInt32());
        Assert.True(chunks[^1].GetProperty("landfall").GetProperty("first_token_seconds").GetDouble() >= 0);
        Assert.Equal(0, _model.Running);
    }

    [Fact]
    public async Task Answer_ToolCalls_HaveIdsNamesAndArguments()
    {
        _model.Script =
        [
            new ChatResponseUpdate(ChatRole.Assistant, [new FunctionCallContent("call_1", "weather", new Dictionary<string, object?> { ["city"] = "北京" })]),
            new ChatResponseUpdate(ChatRole.Assistant, [new FunctionCallContent("call_2", "time", arguments: null)]),
            ScriptedModel.End(ChatFinishReason.ToolCalls),
        ];
        using var json = await WholeAsync(Ask + "}");
        var choice = json.RootElement.GetProperty("choices")[0];
        Assert.Equal("tool_calls", choice.GetProperty("finish_reason").GetString());
        Assert.Equal(JsonValueKind.Null, choice.GetProperty("message").GetProperty("content").ValueKind);
        var calls = choice.GetProperty("message").GetProperty("tool_calls");
        Assert.Equal(("call_1", "function", "weather", """{"city":"北京"}"""), Read(calls[0]));
        Assert.Equal(("call_2", "function", "time", "{}"), Read(calls[1]));

        var events = await EventsAsync(Ask + ""","stream":true}""");
        var deltas = events[..^1].Select(e => JsonDocument.Parse(e).RootElement.GetProperty("choices")[0].GetProperty("delta")).Where(d => d.TryGetProperty("tool_calls", out _)).ToList();
        Assert.Equal([0, 1], deltas.Select(d => d.GetProperty("tool_calls")[0].GetProperty("index").GetInt32()));
        Assert.Equal(("call_1", "function", "weather", """{"city":"北京"}"""), Read(deltas[0].GetProperty("tool_calls")[0]));

        static (string?, string?, string?, string?) Read(JsonElement call) => (
            call.GetProperty("id").GetString(), call.GetProperty("type").GetString(), call.GetProperty("function").GetProperty("name").GetString(), call.GetProperty("function").GetProperty("arguments").GetString());
    }

    [Fact]
    public async Task Answer_LogProbabilities_HaveTokensAndBytes()
    {
        _model.Script =
        [
            new ChatResponseUpdate(ChatRole.Assistant, "A") { RawRepresentation = new GeneratedToken(65, "A") { LogProbabilities = new LogProbabilities(new TokenLogProbability(65, -0.5f), [new TokenLogProbability(66, -0.25f)]) } },
            ScriptedModel.End(ChatFinishReason.Length),
        ];
        using var json = await WholeAsync(Ask + ""","logprobs":true,"top_logprobs":1}""");
        var choice = json.RootElement.GetProperty("choices")[0];
        Assert.Equal("length", choice.GetProperty("finish_reason").GetString());
        Assert.Equal(
            """{"content":[{"token":"A","logprob":-0.5,"bytes":[65],"top_logprobs":[{"token":"B","logprob":-0.25,"bytes":[66]}]}],"refusal":null}""",
            choice.GetProperty("logprobs").GetRawText());
    }

    [Fact]
    public async Task Answer_ThreeAtOnce_EndEachAndCountThePromptOnce()
    {
        using var json = await WholeAsync(Ask + ""","n":3,"seed":7}""");
        Assert.Equal([0, 1, 2], json.RootElement.GetProperty("choices").EnumerateArray().Select(c => c.GetProperty("index").GetInt32()));
        Assert.Equal((5, 6), (json.RootElement.GetProperty("usage").GetProperty("prompt_tokens").GetInt32(), json.RootElement.GetProperty("usage").GetProperty("completion_tokens").GetInt32()));

        var events = await EventsAsync(Ask + ""","n":3,"stream":true}""");
        var ends = events[..^1].Select(e => JsonDocument.Parse(e).RootElement.GetProperty("choices")[0]).Where(c => c.GetProperty("finish_reason").ValueKind == JsonValueKind.String);
        Assert.Equal([0, 1, 2], ends.Select(c => c.GetProperty("index").GetInt32()).Order());
    }

    [Fact]
    public async Task Answer_AllSettings_ReachTheModel()
    {
        (await WholeAsync("""
            {"model":"tiny","messages":[
              {"role":"developer","content":"Be brief."},
              {"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},
              {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}}]},
              {"role":"tool","tool_call_id":"c1","content":"2"}],
             "temperature":0.5,"top_p":0.9,"top_k":40,"max_tokens":9,"max_completion_tokens":8,"seed":3,"stop":["\n"],"frequency_penalty":1,"presence_penalty":-1,
             "logit_bias":{"7":-100},"logprobs":true,"top_logprobs":2,"min_p":0.1,"typical_p":0.8,"repetition_penalty":1.1,"parallel_tool_calls":false,
             "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"}}},{"type":"function","function":{"name":"g"}}],
             "tool_choice":{"type":"function","function":{"name":"g"}}}
            """)).Dispose();
        var (messages, options) = _model.Asked;
        Assert.Equal([ChatRole.System, ChatRole.User, ChatRole.Assistant, ChatRole.Tool], messages.Select(m => m.Role));
        Assert.Equal("ab", messages[1].Text);
        Assert.Equal(("c1", "f"), (((FunctionCallContent)messages[2].Contents[0]).CallId, ((FunctionCallContent)messages[2].Contents[0]).Name));
        Assert.Equal(("c1", "2"), (((FunctionResultContent)messages[3].Contents[0]).CallId, ((FunctionResultContent)messages[3].Contents[0]).Result));
        Assert.Equal((0.5f, 0.9f, 40, 8, 3L, false), (options!.Temperature, options.TopP, options.TopK, options.MaxOutputTokens, options.Seed, options.AllowMultipleToolCalls));
        Assert.Equal((1f, -1f), (options.FrequencyPenalty, options.PresencePenalty));
        Assert.Equal(["\n"], options.StopSequences);
        Assert.Equal(["f", "g"], options.Tools!.Select(t => t.Name));
        Assert.Equal("g", Assert.IsType<RequiredChatToolMode>(options.ToolMode).RequiredFunctionName);
        var local = Assert.IsType<LocalChatOptions>(options);
        Assert.Equal((0.1f, 0.8f, 1.1f, 2), (local.MinP, local.TypicalP, local.RepetitionPenalty, local.TopLogProbabilities));
        Assert.Equal(-100, local.LogitBias![7]);
    }

    [Theory]
    [InlineData(""","response_format":{"type":"json_object"}}""", false)]
    [InlineData(""","response_format":{"type":"json_schema","json_schema":{"name":"a","strict":true,"schema":{"type":"object"}}}}""", true)]
    public async Task Answer_Formats_ReachTheModel(string more, bool hasSchema)
    {
        (await WholeAsync(Ask + more)).Dispose();
        Assert.Equal(hasSchema, Assert.IsType<ChatResponseFormatJson>(_model.Asked.Options!.ResponseFormat).Schema is not null);
    }

    [Theory]
    [InlineData("""{"model":"tiny"}""", "messages")]
    [InlineData("""{"model":"tiny","messages":[null]}""", "messages")]
    [InlineData("""{"model":"tiny","messages":[{"role":"robot","content":"x"}]}""", "messages")]
    [InlineData("""{"model":"tiny","messages":[{"role":"assistant"}]}""", "messages")]
    [InlineData("""{"model":"tiny","messages":[{"role":"tool","content":"x"}]}""", "messages")]
    [InlineData("""{"model":"tiny","messages":[{"role":"user","content":"\ud800"}]}""", "messages")]
    [InlineData("""{"model":"tiny","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"x"}}]}]}""", "messages")]
    [InlineData("""{"model":"tiny","messages":[{"role":"assistant","tool_calls":[{"id":"1","function":{"name":"f","arguments":"["}}]}]}""", "messages")]
    [InlineData(Ask + ""","temperature":3}""", "temperature")]
    [InlineData(Ask + ""","temperature":"hot"}""", "temperature")]
    [InlineData(Ask + ""","top_p":-1}""", "top_p")]
    [InlineData(Ask + ""","n":0}""", "n")]
    [InlineData(Ask + ""","n":9}""", "n")]
    [InlineData(Ask + ""","max_tokens":0}""", "max_tokens")]
    [InlineData(Ask + ""","stop":[""]}""", "stop")]
    [InlineData(Ask + ""","stop":7}""", "stop")]
    [InlineData(Ask + ""","logit_bias":{"x":1}}""", "logit_bias")]
    [InlineData(Ask + ""","logit_bias":{"100":1}}""", "logit_bias")]
    [InlineData(Ask + ""","top_logprobs":3}""", "top_logprobs")]
    [InlineData(Ask + ""","logprobs":true,"top_logprobs":21}""", "top_logprobs")]
    [InlineData(Ask + ""","tools":[{"type":"function","function":{"name":"no name"}}]}""", "tools")]
    [InlineData(Ask + ""","tools":[{"type":"function","function":{"name":"f","parameters":[]}}]}""", "tools")]
    [InlineData(Ask + ""","tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":{"type":"function","function":{"name":"g"}}}""", "tool_choice")]
    [InlineData(Ask + ""","tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":"maybe"}""", "tool_choice")]
    [InlineData(Ask + ""","response_format":{"type":"yaml"}}""", "response_format")]
    [InlineData(Ask + ""","response_format":{"type":"json_schema"}}""", "response_format")]
    [InlineData(Ask + ""","regex":"a","choices":["a"]}""", "regex")]
    [InlineData(Ask + ""","choices":[]}""", "choices")]
    public async Task Answer_WhatCannotBe_NamesTheMember(string body, string param)
    {
        var problem = await Assert.ThrowsAsync<GatewayProblemException>(() => AnswerAsync(body));
        Assert.Equal((400, param), (problem.Status, problem.Param));
        Assert.Equal(0, _model.Running);
    }

    public static TheoryData<Exception, int, string> Failures => new()
    {
        { new PromptTooLongException(200, 128), 400, "context_length_exceeded" },
        { new EngineBusyException(64), 429, "rate_limit_exceeded" },
        { new ModelFormatException("model.gguf", "is damaged."), 500, "model_invalid" },
        { new InferenceException("The schema cannot be met."), 400, "invalid_request" },
    };

    [Theory]
    [MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public async Task Answer_FailureBeforeTheFirstToken_HasItsStatusAlsoWhenStreamed(Exception failure, int status, string code)
    {
        _model.Failure = (0, failure);
        foreach (var body in new[] { Ask + "}", Ask + ""","stream":true}""" })
        {
            var problem = await Assert.ThrowsAsync<GatewayProblemException>(() => AnswerAsync(body));
            Assert.Equal((status, code), (problem.Status, problem.Code));
            Assert.Equal(status == 429, problem.RetryAfter is not null);
            Assert.Equal(0, _model.Running);
        }
    }

    [Fact]
    public async Task Answer_FailureInTheMiddleOfAStream_IsAnErrorEventAndNoDone()
    {
        _model.Failure = (1, new InferenceException("It broke."));
        var events = await EventsAsync(Ask + ""","stream":true}""");
        Assert.Equal("It broke.", JsonDocument.Parse(events[^1]).RootElement.GetProperty("error").GetProperty("message").GetString());
        Assert.DoesNotContain("[DONE]", events);
    }

    [Fact]
    public async Task Answer_ReaderThatLeaves_EndsTheModelsWork()
    {
        _model.Script = [.. Enumerable.Range(0, 1000).Select(_ => ScriptedModel.Text("a "))];
        var answer = await AnswerAsync(Ask + ""","stream":true,"n":2}""");
        await foreach (var item in answer.Events!.WithCancellation(Cancellation))
        {
            if (item.Contains("\"a \"", StringComparison.Ordinal))
            {
                break;
            }
        }

        Assert.Equal(0, _model.Running);
        await answer.Owner!.DisposeAsync();
    }

    [Theory]
    [InlineData("""{"input":"abc"}""", 1)]
    [InlineData("""{"input":["abc","de"],"encoding_format":"float","dimensions":2}""", 2)]
    public async Task Embed_Texts_AreVectorsInTheirOrder(string body, int count)
    {
        var list = await _model.EmbeddingsOf.EmbedAsync(_model.Named, Encoding.UTF8.GetBytes(body), Cancellation);
        Assert.Equal((count, 7L), (list.Data.Count, list.Usage.PromptTokens));
        Assert.Equal("[3,-0.5]", list.Data[0].Embedding.GetRawText());
        Assert.Equal(Enumerable.Range(0, count), list.Data.Select(d => d.Index));
    }

    [Fact]
    public async Task Embed_Base64_IsLittleEndianSinglePrecision()
    {
        var list = await _model.EmbeddingsOf.EmbedAsync(_model.Named, """{"input":"abc","encoding_format":"base64"}"""u8.ToArray(), Cancellation);
        Assert.Equal(new byte[] { 0, 0, 64, 64, 0, 0, 0, 191 }, list.Data[0].Embedding.GetBytesFromBase64());
    }

    [Theory]
    [InlineData("{}", "input")]
    [InlineData("""{"input":[]}""", "input")]
    [InlineData("""{"input":""}""", "input")]
    [InlineData("""{"input":[1,2]}""", "input")]
    [InlineData("""{"input":"\ud800"}""", "input")]
    [InlineData("""{"input":"a","dimensions":3}""", "dimensions")]
    [InlineData("""{"input":"a","encoding_format":"hex"}""", "encoding_format")]
    public async Task Embed_WhatCannotBe_NamesTheMember(string body, string param) =>
        Assert.Equal(param, (await Assert.ThrowsAsync<GatewayProblemException>(() => _model.EmbeddingsOf.EmbedAsync(_model.Named, Encoding.UTF8.GetBytes(body), Cancellation))).Param);

    private Task<Platform.Gateway.Local.LocalAnswer> AnswerAsync(string body) => _model.Completions.AnswerAsync(_model.Named, Encoding.UTF8.GetBytes(body), Cancellation);

    private async Task<JsonDocument> WholeAsync(string body) =>
        JsonDocument.Parse(JsonSerializer.Serialize((await AnswerAsync(body)).Whole, new JsonSerializerOptions(JsonSerializerDefaults.Web) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));

    private async Task<List<string>> EventsAsync(string body)
    {
        var events = new List<string>();
        await foreach (var item in (await AnswerAsync(body)).Events!.WithCancellation(Cancellation))
        {
            events.Add(item);
        }

        return events;
    }
}
