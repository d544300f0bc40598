using System.Net;
using System.Text;
using System.Text.Json;
using CsCheck;

namespace Landfall.Tests.Hosting;

/// <summary>A server with one live release.</summary>
public sealed class ReleasedAppFixture : IAsyncLifetime
{
    internal RunningServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await RunningServer.StartAsync();
        await Server.LandAsync(AppFiles.English(more: "scope: { out: { label: cancel, reply: Ask 我们 by phone. } }"));
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

/// <summary>The OpenAI-compatible endpoints, byte by byte.</summary>
public sealed class GatewayTests(ReleasedAppFixture fixture) : IClassFixture<ReleasedAppFixture>
{
    private const string Ask = """{"model":"desk","messages":[{"role":"system","content":"x"},{"role":"user","content":"forgot password, cannot log in"}]""";

    private HttpClient Http => fixture.Server.Http;

    [Fact]
    public async Task Complete_Plain_HasOpenAisForm()
    {
        var (status, body) = await PostAsync(Ask + ""","temperature":0.2,"unknown_member":{"a":[1]},"user":"me"}""");

        Assert.Equal(HttpStatusCode.OK, status);
        using var json = JsonDocument.Parse(body);
        var root = json.RootElement;
        Assert.StartsWith("chatcmpl-", root.GetProperty("id").GetString(), StringComparison.Ordinal);
        Assert.Equal(("chat.completion", "desk"), (root.GetProperty("object").GetString(), root.GetProperty("model").GetString()));
        Assert.True(root.GetProperty("created").GetInt64() > 1_700_000_000);
        var choice = Assert.Single(root.GetProperty("choices").EnumerateArray());
        Assert.Equal("""{"role":"assistant","content":"password","refusal":null}""", choice.GetProperty("message").GetRawText());
        Assert.Equal((0, "stop", JsonValueKind.Null), (choice.GetProperty("index").GetInt32(), choice.GetProperty("finish_reason").GetString(), choice.GetProperty("logprobs").ValueKind));
        var usage = root.GetProperty("usage");
        Assert.Equal(5, usage.GetProperty("prompt_tokens").GetInt32());
        Assert.Equal(usage.GetProperty("prompt_tokens").GetInt32() + usage.GetProperty("completion_tokens").GetInt32(), usage.GetProperty("total_tokens").GetInt32());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Complete_Streamed_SendsTheChunksByteForByte(bool usage)
    {
        using var response = await SendAsync(Ask + (usage ? ""","stream":true,"stream_options":{"include_usage":true}}""" : ""","stream":true,"stream_options":null}"""));
        var body = await response.Content.ReadAsStringAsync();

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        var events = body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        using var first = JsonDocument.Parse(events[0]["data: ".Length..]);
        var head = $$"""data: {"id":"{{first.RootElement.GetProperty("id").GetString()}}","object":"chat.completion.chunk","created":{{first.RootElement.GetProperty("created").GetInt64()}},"model":"desk","choices":""";
        var none = usage ? ""","usage":null}""" : "}";
        string[] expected =
        [
            head + """[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]""" + none,
            head + """[{"index":0,"delta":{"content":"password"},"finish_reason":null}]""" + none,
            head + """[{"index":0,"delta":{},"finish_reason":"stop"}]""" + none,
            .. usage ? new[] { head + """[],"usage":{"prompt_tokens":5,"completion_tokens":1,"total_tokens":6}}""" } : [],
            "data: [DONE]",
        ];
        Assert.Equal(string.Concat(expected.Select(e => e + "\n\n")), body);
    }

    [Fact]
    public async Task Complete_OutOfScope_AnswersTheBriefsReply()
    {
        var (_, body) = await PostAsync("""{"model":"desk","messages":[{"role":"user","content":[{"type":"text","text":"terminate, cancel contract,"},{"type":"text","text":"end subscription"}]}]}""");
        using var json = JsonDocument.Parse(body);
        Assert.Equal("Ask 我们 by phone.", json.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
        Assert.Equal("cancel", json.RootElement.GetProperty("landfall").GetProperty("label").GetString());
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("{", null)]
    [InlineData("null", null)]
    [InlineData("[]", null)]
    [InlineData("""{"messages":[{"role":"user","content":"x"}]}""", "model")]
    [InlineData("""{"model":5,"messages":[{"role":"user","content":"x"}]}""", "model")]
    [InlineData("""{"model":"desk"}""", "messages")]
    [InlineData("""{"model":"desk","messages":[]}""", "messages")]
    [InlineData("""{"model":"desk","messages":"x"}""", "messages")]
    [InlineData("""{"model":"desk","messages":[null]}""", "messages")]
    [InlineData("""{"model":"desk","messages":[{"role":7}]}""", "messages")]
    [InlineData("""{"model":"desk","messages":[{"role":"system","content":"x"}]}""", "messages")]
    [InlineData("""{"model":"desk","messages":[{"role":"user"}]}""", "messages")]
    [InlineData("""{"model":"desk","messages":[{"role":"user","content":null}]}""", "messages")]
    [InlineData("""{"model":"desk","messages":[{"role":"user","content":"\ud800"}]}""", "messages")]
    [InlineData("""{"model":"desk","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"x"}}]}]}""", "messages")]
    [InlineData("""{"model":"desk","n":2,"messages":[{"role":"user","content":"x"}]}""", "n")]
    [InlineData("""{"model":"desk","n":1.5,"messages":[{"role":"user","content":"x"}]}""", "n")]
    [InlineData("""{"model":"desk","stream":"yes","messages":[{"role":"user","content":"x"}]}""", "stream")]
    public async Task Complete_BadRequest_IsAnOpenAiError(string body, string? param)
    {
        var (status, answer) = await PostAsync(body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        AssertError(answer, param);
    }

    [Fact]
    public async Task Complete_InvalidUtf8_IsAnOpenAiError()
    {
        byte[] body = [.. """{"model":"desk","messages":[{"role":"user","content":"a"""u8, 0xC3, 0x28, .. "\"}]}"u8];
        using var response = await Http.PostAsync("v1/chat/completions", new ByteArrayContent(body));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        AssertError(await response.Content.ReadAsStringAsync(), "messages");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Complete_BodyOverTheLimit_Is413WhetherItsLengthIsKnownOrNot(bool known)
    {
        var body = Encoding.UTF8.GetBytes($$"""{"model":"desk","messages":[{"role":"user","content":"{{new string('a', 5 << 20)}}"}]}""");
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions") { Content = known ? new ByteArrayContent(body) : new StreamContent(new MemoryStream(body)) };
        request.Headers.TransferEncodingChunked = !known;
        request.Headers.ExpectContinue = true;
        using var response = await Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        AssertError(await response.Content.ReadAsStringAsync(), param: null);
    }

    [Fact]
    public async Task Complete_AnyBody_IsNeverAFaultOfOurs()
    {
        var seeds = new[] { Ask + "}", """{"model":"desk","stream":true,"n":1,"messages":[{"role":"user","content":[{"type":"text","text":"a\u00e9\ud83d\ude00"}]}],"stream_options":{"include_usage":true}}""" };
        var pieces = new[] { "null", "[]", "{}", "\"", "\\ud800", "\\", "1e999", "-", "true", "\u0000", "[[", "}", ":", ",", "\"role\"", "\"content\"", "😀" };
        var bodies = new List<string>();
        Gen.Select(Gen.Int[0, seeds.Length - 1], Gen.Int[0, 200], Gen.Int[0, 12], Gen.Int[0, pieces.Length - 1]).Sample(
            (seed, at, cut, piece) =>
            {
                var text = seeds[seed];
                var from = Math.Min(at, text.Length);
                lock (bodies)
                {
                    bodies.Add(text[..from] + pieces[piece] + text[Math.Min(text.Length, from + cut)..]);
                }
            },
            iter: 400);
        foreach (var body in bodies)
        {
            var (status, answer) = await PostAsync(body);
            Assert.True(status is HttpStatusCode.OK or HttpStatusCode.BadRequest or HttpStatusCode.NotFound, $"{(int)status} for {body}: {answer}");
            if (status != HttpStatusCode.OK)
            {
                using var json = JsonDocument.Parse(answer);
                Assert.NotEmpty(json.RootElement.GetProperty("error").GetProperty("message").GetString()!);
            }
        }
    }

    [Fact]
    public async Task ListModels_HasTheLiveReleasesOnly()
    {
        using var json = JsonDocument.Parse(await Http.GetStringAsync("v1/models"));
        Assert.Equal("list", json.RootElement.GetProperty("object").GetString());
        var model = Assert.Single(json.RootElement.GetProperty("data").EnumerateArray());
        Assert.Equal(("desk", "model", "landfall"), (model.GetProperty("id").GetString(), model.GetProperty("object").GetString(), model.GetProperty("owned_by").GetString()));
        using var one = JsonDocument.Parse(await Http.GetStringAsync("v1/models/desk"));
        Assert.Equal(model.GetRawText(), one.RootElement.GetRawText());
    }

    [Theory]
    [InlineData("POST", "v1/chat/completions", "model_not_found")]
    [InlineData("GET", "v1/models/nothing", "model_not_found")]
    [InlineData("POST", "v1/embeddings", "model_not_found")]
    [InlineData("POST", "v1/completions", "not-found")]
    [InlineData("GET", "v1/chat/completions", "not-found")]
    public async Task Request_ForWhatIsNotThere_IsAnOpenAiError(string method, string path, string code)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = method == "POST" ? new StringContent(Ask.Replace("desk", "nothing", StringComparison.Ordinal) + "}") : null;
        using var response = await Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(code, json.RootElement.GetProperty("error").GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("landings", "{")]
    [InlineData("landings", "{}")]
    [InlineData("landings", "null")]
    [InlineData("landings", """{"brief":null,"origin":"x"}""")]
    [InlineData("landings", """{"brief":{"text":"a"},"origin":"x","techniques":null}""")]
    [InlineData("landings/plan", "[1]")]
    [InlineData("briefs/check", """{"files":{}}""")]
    [InlineData("briefs/check", """{"text":null}""")]
    [InlineData("briefs/draft", "\"x\"")]
    [InlineData("apps/desk/try", """{"text":null}""")]
    [InlineData("datasets/preview", "")]
    public async Task Api_MalformedBody_IsAProblemWithItsCode(string path, string body)
    {
        using var response = await Http.PostAsync($"api/{path}", new StringContent(body, Encoding.UTF8, "application/json"));
        var answer = await response.Content.ReadAsStringAsync();

        Assert.True(response.StatusCode == HttpStatusCode.BadRequest, $"{(int)response.StatusCode} {answer}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        using var json = JsonDocument.Parse(answer);
        Assert.Equal("bad-request", json.RootElement.GetProperty("code").GetString());
        Assert.NotEmpty(json.RootElement.GetProperty("detail").GetString()!);
    }

    [Fact]
    public async Task Api_UnknownMembers_AreAccepted()
    {
        using var response = await Http.PostAsync("api/apps/desk/try", new StringContent("""{"text":"refund","new_member":[1]}""", Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var unknown = await Http.GetAsync("api/nothing");
        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (unknown.StatusCode, unknown.Content.Headers.ContentType?.MediaType));
        using var form = await Http.PostAsync("api/apps/desk/try", new StringContent("text=refund", Encoding.UTF8, "application/x-www-form-urlencoded"));
        Assert.Equal((HttpStatusCode.UnsupportedMediaType, "application/problem+json"), (form.StatusCode, form.Content.Headers.ContentType?.MediaType));
        using var tooLarge = new HttpRequestMessage(HttpMethod.Post, "api/apps/desk/try") { Content = new StringContent($$"""{"text":"{{new string('a', 31_000_000)}}"}""", Encoding.UTF8, "application/json") };
        tooLarge.Headers.ExpectContinue = true;
        using var large = await Http.SendAsync(tooLarge);
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "application/problem+json"), (large.StatusCode, large.Content.Headers.ContentType?.MediaType));
    }

    private static void AssertError(string answer, string? param)
    {
        using var json = JsonDocument.Parse(answer);
        var error = json.RootElement.GetProperty("error");
        Assert.Equal(["message", "type", "param", "code"], error.EnumerateObject().Select(p => p.Name));
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
        Assert.Equal(param, error.GetProperty("param").GetString());
    }

    private async Task<(HttpStatusCode Status, string Body)> PostAsync(string body)
    {
        using var response = await SendAsync(body);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private Task<HttpResponseMessage> SendAsync(string body) => Http.PostAsync("v1/chat/completions", new StringContent(body, Encoding.UTF8, "application/json"));
}
