using System.Net;
using System.Text;
using System.Text.Json;
using CsCheck;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Models;
using Landfall.Protocol.Prompts;
using Landfall.Protocol.Runs;

namespace Landfall.Tests.Hosting;

/// <summary>A server with the small model that was trained for tests.</summary>
public sealed class TinyModelFixture : IAsyncLifetime
{
    internal RunningServer Server { get; private set; } = null!;

    public static string Folder => Path.Combine(Repository.Folder, "tests", "Landfall.Inference.Tests", "Fixtures", "tiny");

    public async ValueTask InitializeAsync()
    {
        Server = await RunningServer.StartAsync();
        var run = await Server.Client.ImportModelPathAsync(new ImportModelPathRequest { Name = "tiny", Path = Folder });
        var ended = await Server.EndAsync(run.Id);
        Assert.True(ended.State == RunState.Completed, ended.Error);
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

/// <summary>Local models over HTTP: the registry, the gateway, and models as endpoints.</summary>
public sealed class LocalModelTests(TinyModelFixture fixture) : IClassFixture<TinyModelFixture>
{
    private const string Ask = """{"model":"tiny","temperature":0,"max_tokens":12,"messages":[{"role":"user","content":"Once upon a time"}]""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private HttpClient Http => fixture.Server.Http;

    [Fact]
    public async Task Complete_TheSameGreedily_IsTheSameStreamedOrNot()
    {
        using var whole = await PostAsync(Ask + "}");
        var text = whole.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString();
        Assert.NotEmpty(text!);
        Assert.Equal(12, whole.RootElement.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        Assert.Equal("length", whole.RootElement.GetProperty("choices")[0].GetProperty("finish_reason").GetString());

        var request = new ModelChatRequest { Model = "tiny", Temperature = 0, MaxTokens = 12, Messages = [new ModelChatMessage("user", "Once upon a time")] };
        var streamed = new StringBuilder();
        ModelChatChunk? last = null;
        await foreach (var chunk in fixture.Server.Client.ChatAsync(request, Cancellation))
        {
            streamed.Append(chunk.Text);
            last = chunk;
        }

        Assert.Equal(text, streamed.ToString());
        Assert.Equal(12, last!.Usage!.CompletionTokens);
        Assert.True(last.Landfall!.TokensPerSecond > 0);
    }

    [Fact]
    public async Task Complete_SameSeed_SameText()
    {
        var body = Ask.Replace("\"temperature\":0", "\"temperature\":1.5,\"seed\":7", StringComparison.Ordinal) + "}";
        using var first = await PostAsync(body);
        using var second = await PostAsync(body);
        Assert.Equal(Content(first), Content(second));
    }

    [Fact]
    public async Task Complete_JsonSchema_IsValid()
    {
        const string schema = """{"type":"object","properties":{"city":{"type":"string","maxLength":8},"degrees":{"type":"integer","minimum":-9,"maximum":9}},"required":["city","degrees"],"additionalProperties":false}""";
        using var answer = await PostAsync(Ask.Replace("\"max_tokens\":12,", "", StringComparison.Ordinal) + ",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"weather\",\"strict\":true,\"schema\":" + schema + "}}}");
        using var json = JsonDocument.Parse(Content(answer));
        Assert.True(json.RootElement.GetProperty("city").GetString()!.Length <= 8);
        Assert.InRange(json.RootElement.GetProperty("degrees").GetInt32(), -9, 9);
    }

    [Fact]
    public async Task Complete_Choices_IsOneOfThem()
    {
        using var answer = await PostAsync(Ask + ""","choices":["refund","password","other"]}""");
        Assert.Contains(Content(answer), new[] { "refund", "password", "other" });
        using var matching = await PostAsync(Ask + ""","regex":"[0-9]{4}"}""");
        Assert.Matches("^[0-9]{4}$", Content(matching));
    }

    [Fact]
    public async Task Complete_RequiredTool_IsCalledWithItsArguments()
    {
        using var answer = await PostAsync(Ask.Replace("\"max_tokens\":12,", "", StringComparison.Ordinal)
            + ""","parallel_tool_calls":false,"tool_choice":"required","tools":[{"type":"function","function":{"name":"weather","parameters":{"type":"object","properties":{"unit":{"enum":["C","F"]}},"required":["unit"],"additionalProperties":false}}}]}""");
        var choice = answer.RootElement.GetProperty("choices")[0];
        Assert.Equal("tool_calls", choice.GetProperty("finish_reason").GetString());
        var call = choice.GetProperty("message").GetProperty("tool_calls")[0];
        Assert.Equal("weather", call.GetProperty("function").GetProperty("name").GetString());
        using var arguments = JsonDocument.Parse(call.GetProperty("function").GetProperty("arguments").GetString()!);
        Assert.Contains(arguments.RootElement.GetProperty("unit").GetString(), new[] { "C", "F" });
    }

    [Fact]
    public async Task Complete_LogProbabilities_AreThoseOfEachToken()
    {
        using var answer = await PostAsync(Ask + ""","logprobs":true,"top_logprobs":2}""");
        var tokens = answer.RootElement.GetProperty("choices")[0].GetProperty("logprobs").GetProperty("content").EnumerateArray().ToList();
        Assert.Equal(12, tokens.Count);
        Assert.All(tokens, t => Assert.Equal(2, t.GetProperty("top_logprobs").GetArrayLength()));

        // The likeliest token each time is the one that was taken.
        Assert.All(tokens, t => Assert.Equal(t.GetProperty("logprob").GetDouble(), t.GetProperty("top_logprobs")[0].GetProperty("logprob").GetDouble()));
    }

    [Fact]
    public async Task Complete_PromptBeyondTheContext_IsOpenAisError()
    {
        var body = JsonSerializer.Serialize(new { model = "tiny", messages = new[] { new { role = "user", content = string.Concat(Enumerable.Repeat("word ", 3000)) } } });
        using var response = await Http.PostAsync("v1/chat/completions", new StringContent(body, Encoding.UTF8, "application/json"), Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("context_length_exceeded", json.RootElement.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Complete_ImpossibleSchema_IsABadRequest()
    {
        using var response = await Http.PostAsync(
            "v1/chat/completions", new StringContent(Ask + ""","response_format":{"type":"json_schema","json_schema":{"name":"a","schema":{"type":"integer","minimum":5,"maximum":4}}}}""", Encoding.UTF8, "application/json"), Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Complete_ManyAtOnce_AreAllAnswered()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => PostAsync(Ask + "}")));
        Assert.Single(answers.Select(Content).Distinct());
        Array.ForEach(answers, a => a.Dispose());
    }

    [Fact]
    public async Task Complete_AnyBody_IsNeverAFaultOfOurs()
    {
        var seeds = new[]
        {
            Ask + ""","stop":["a"],"logit_bias":{"7":5},"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}],"tool_choice":"auto"}""",
            Ask + ""","stream":true,"n":2,"response_format":{"type":"json_object"},"logprobs":true}""",
        };
        var pieces = new[] { "null", "[]", "{}", "\"", "\\ud800", "\\", "1e999", "-1", "true", "\u0000", "[[", "}", ":", ",", "\"role\"", "0.5", "😀" };
        var bodies = new List<string>();
        Gen.Select(Gen.Int[0, seeds.Length - 1], Gen.Int[0, 320], Gen.Int[0, 8], Gen.Int[0, pieces.Length - 1]).Sample(
            (seed, at, cut, piece) =>
            {
                var from = Math.Min(at, seeds[seed].Length);
                lock (bodies)
                {
                    bodies.Add(seeds[seed][..from] + pieces[piece] + seeds[seed][Math.Min(seeds[seed].Length, from + cut)..]);
                }
            },
            iter: 200);
        foreach (var body in bodies)
        {
            using var response = await Http.PostAsync("v1/chat/completions", new StringContent(body, Encoding.UTF8, "application/json"), Cancellation);
            Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadRequest or HttpStatusCode.NotFound, $"{(int)response.StatusCode} for {body}: {await response.Content.ReadAsStringAsync(Cancellation)}");
        }
    }

    [Fact]
    public async Task Embed_AChatModel_MakesVectorsOfLengthOne()
    {
        using var response = await Http.PostAsync("v1/embeddings", new StringContent("""{"model":"tiny","input":["a cat","a dog"]}""", Encoding.UTF8, "application/json"), Cancellation);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("list", json.RootElement.GetProperty("object").GetString());
        foreach (var item in json.RootElement.GetProperty("data").EnumerateArray())
        {
            var vector = item.GetProperty("embedding").EnumerateArray().Select(v => v.GetDouble()).ToList();
            Assert.Equal(256, vector.Count);
            Assert.Equal(1, Math.Sqrt(vector.Sum(v => v * v)), 1e-4);
        }
    }

    [Fact]
    public async Task ListModels_HasLocalModels()
    {
        using var json = JsonDocument.Parse(await Http.GetStringAsync("v1/models", Cancellation));
        Assert.Contains("tiny", json.RootElement.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString()));
        using var one = JsonDocument.Parse(await Http.GetStringAsync("v1/models/tiny", Cancellation));
        Assert.Equal("model", one.RootElement.GetProperty("object").GetString());
    }

    [Fact]
    public async Task Endpoints_HaveTheModel_AndItsCallsAreKept()
    {
        var endpoint = Assert.Single((await fixture.Server.Client.GetEndpointsAsync(Cancellation)).Endpoints, e => e.Name == "tiny");
        Assert.Equal(("local", 0m), (endpoint.Source, endpoint.InputPrice));

        var text = new StringBuilder();
        PlaygroundEvent? done = null;
        await foreach (var next in fixture.Server.Client.PlayAsync(new PlaygroundRequest { Endpoint = "tiny", Text = "Once upon a time" }, Cancellation))
        {
            Assert.True(next.Type is "text" or "done", next.Text);
            text.Append(next.Type == "text" ? next.Text : "");
            done = next.Type == "done" ? next : done;
        }

        Assert.NotEmpty(text.ToString());
        var call = await fixture.Server.Client.GetCallAsync(done!.Call!, Cancellation);
        Assert.Contains("Once upon a time", call.Request, StringComparison.Ordinal);
        Assert.Equal((0, "playground"), (call.Call.CostUsd, call.Call.Purpose));
    }

    [Fact]
    public async Task Bench_TheModel_HasItsMedians()
    {
        var bench = await fixture.Server.Client.BenchModelAsync("tiny", new BenchModelRequest { PromptTokens = 64, AnswerTokens = 16, Repeats = 3 }, Cancellation);
        Assert.Equal(3, bench.Timings.Count);
        Assert.All(bench.Timings, t => Assert.Equal((64, 16), (t.PromptTokens, t.AnswerTokens)));
        Assert.True(bench.PromptRate > 0 && bench.AnswerRate > 0 && bench.ProcessBytes > bench.Memory.WeightBytes);
    }

    [Fact]
    public async Task Import_DamagedFile_IsRefusedWithItsCode()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("landfall-damaged-").FullName, "x.gguf");
        await File.WriteAllTextAsync(file, "GGUF?", Cancellation);
        var refused = await Assert.ThrowsAsync<LandfallApiException>(() => fixture.Server.Client.ImportModelPathAsync(new ImportModelPathRequest { Name = "x", Path = file }, Cancellation));
        Assert.Equal((422, ErrorCodes.ModelInvalid), (refused.Problem.Status, refused.Code));
        Assert.Contains("x.gguf", refused.Message, StringComparison.Ordinal);

        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("GGUF?"u8));
        await fixture.Server.Client.PutBlobAsync(hash, new MemoryStream("GGUF?"u8.ToArray()), Cancellation);
        var uploaded = await Assert.ThrowsAsync<LandfallApiException>(() => fixture.Server.Client.ImportModelAsync(new ImportModelRequest { Name = "x", Files = [new UploadedModelFile("x.gguf", hash)] }, Cancellation));
        Assert.Equal(422, uploaded.Problem.Status);
        Assert.False(await fixture.Server.Client.HasBlobAsync(hash, Cancellation));
    }

    [Theory]
    [InlineData("Tiny", "/models", 400)]
    [InlineData("a", "models", 400)]
    [InlineData("tiny", "/models", 422)]
    [InlineData("a", "/nowhere/at/all", 422)]
    public async Task ImportPath_WhatCannotBe_IsRefused(string name, string path, int status) =>
        Assert.Equal(status, (await Assert.ThrowsAsync<LandfallApiException>(() => fixture.Server.Client.ImportModelPathAsync(new ImportModelPathRequest { Name = name, Path = path }, Cancellation))).Problem.Status);

    [Fact]
    public async Task Land_AppOfAModelsName_IsRefused()
    {
        var app = AppFiles.English();
        var request = await fixture.Server.RequestAsync(app);
        var refused = await fixture.Server.RefusedAsync(request with { Brief = request.Brief with { Text = request.Brief.Text.Replace("app: desk", "app: tiny", StringComparison.Ordinal) } }, 409, ErrorCodes.Conflict);
        Assert.Contains("a model 'tiny'", refused.Message, StringComparison.Ordinal);
    }

    private static string Content(JsonDocument answer) => answer.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;

    private async Task<JsonDocument> PostAsync(string body)
    {
        using var response = await Http.PostAsync("v1/chat/completions", new StringContent(body, Encoding.UTF8, "application/json"), Cancellation);
        var answer = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.StatusCode == HttpStatusCode.OK, answer);
        return JsonDocument.Parse(answer);
    }
}
