using System.Text.Json.Nodes;

namespace Landfall.EndToEnd.Clients;

/// <summary>The official <c>openai</c> npm client against a model that the built executable imported and runs.</summary>
public sealed class LocalModelClientTests(ServedModel served) : IClassFixture<ServedModel>
{
    private const int HiddenSize = 256;

    // One run of the client answers all tests.
    private static readonly SemaphoreSlim Once = new(1);
    private static JsonNode? answers;

    [Fact]
    public async Task ModelsList_HasTheModel() =>
        Assert.Contains(ServedModel.Name, (await AnswersAsync())["models"]!.AsArray().Select(m => (string?)m!["id"]));

    [Fact]
    public async Task Chat_StreamedOrNot_IsTheSameAnswer()
    {
        var all = await AnswersAsync();
        var plain = all["plain"]!;
        Assert.NotEmpty((string)plain["choices"]![0]!["message"]!["content"]!);
        Assert.Equal((string?)plain["choices"]![0]!["message"]!["content"], (string?)all["streamed"]!["text"]);
        Assert.Equal((string?)plain["choices"]![0]!["finish_reason"], (string?)all["streamed"]!["finish"]);
        Assert.Equal((int?)plain["usage"]!["completion_tokens"], (int?)all["streamed"]!["usage"]!["completion_tokens"]);
    }

    [Theory]
    [InlineData("called")]
    [InlineData("calledStreamed")]
    public async Task Tools_ThatMustBeCalled_AreCalledBySchema(string way)
    {
        var choice = (await AnswersAsync())[way]!["choices"]![0]!;
        Assert.Equal("tool_calls", (string?)choice["finish_reason"]);
        var call = Assert.Single(choice["message"]!["tool_calls"]!.AsArray())!;
        Assert.NotEmpty((string)call["id"]!);
        Assert.Equal("file_ticket", (string?)call["function"]!["name"]);
        AssertTicket(JsonNode.Parse((string)call["function"]!["arguments"]!)!);
    }

    [Fact]
    public async Task Tools_ThatHaveAnswered_GoOnWithText() =>
        Assert.Null((await AnswersAsync())["answeredTool"]!["choices"]![0]!["message"]!["tool_calls"]);

    [Fact]
    public async Task StructuredOutput_BySchema_IsParsedByTheClient() => AssertTicket((await AnswersAsync())["parsed"]!["parsed"]!);

    [Fact]
    public async Task StructuredOutput_AnyObject_BeginsOne()
    {
        var choice = (await AnswersAsync())["object"]!["choices"]![0]!;
        var text = (string)choice["message"]!["content"]!;
        Assert.StartsWith("{", text.TrimStart(), StringComparison.Ordinal);
        if ((string?)choice["finish_reason"] == "stop")
        {
            Assert.IsType<JsonObject>(JsonNode.Parse(text));
        }
    }

    [Fact]
    public async Task LogProbabilities_OfTwoAnswers_AreThere()
    {
        var choices = (await AnswersAsync())["probabilities"]!["choices"]!.AsArray();
        Assert.Equal(2, choices.Count);
        Assert.All(choices, c => Assert.All(c!["logprobs"]!["content"]!.AsArray(), t => Assert.Equal(2, t!["top_logprobs"]!.AsArray().Count)));
    }

    [Fact]
    public async Task Embeddings_InBothEncodings_AreTheSameVectors()
    {
        var all = await AnswersAsync();
        for (var i = 0; i < 2; i++)
        {
            // The client asks for base64 unless told otherwise, and decodes it.
            var packed = all["embedded"]![i]!["embedding"]!.AsArray().Select(v => (double)v!).ToList();
            var floats = all["embeddedFloats"]![i]!["embedding"]!.AsArray().Select(v => (double)v!).ToList();
            Assert.Equal(HiddenSize, packed.Count);
            Assert.Equal(1, Math.Sqrt(packed.Sum(v => v * v)), 1e-4);
            Assert.All(packed.Zip(floats), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        }

        Assert.True((int)all["embeddingUsage"]!["prompt_tokens"]! > 0);
    }

    [Theory]
    [InlineData("tooLong", "BadRequestError", "context_length_exceeded")]
    [InlineData("unknownModel", "NotFoundError", "model_not_found")]
    [InlineData("badSchema", "BadRequestError", "invalid_request")]
    public async Task Requests_ThatCannotBe_AreTheClientsErrors(string way, string name, string code)
    {
        var failure = (await AnswersAsync())[way]!;
        Assert.Equal((name, code), ((string?)failure["name"], (string?)failure["code"]));
    }

    [Fact]
    public async Task ModelRun_OneShot_PrintsTheAnswerAlone()
    {
        var result = await LandfallProcess.RunAsync(
            ["model", "run", ServedModel.Name, "--prompt", "What is a brief?", "--temperature", "0", "--max-tokens", "24", "--data", served.Data], TestContext.Current.CancellationToken);
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal((string?)(await AnswersAsync())["plain"]!["choices"]![0]!["message"]!["content"], result.Output.TrimEnd('\r', '\n'));
        Assert.Contains("tokens/s", result.Error, StringComparison.Ordinal);
    }

    private static void AssertTicket(JsonNode ticket)
    {
        Assert.Contains((string?)ticket["topic"], new[] { "bill", "order", "line" });
        Assert.IsType<bool>(ticket["urgent"]!.GetValue<bool>());
        Assert.Equal(2, ticket.AsObject().Count);
    }

    private async Task<JsonNode> AnswersAsync()
    {
        await Once.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            return answers ??= await NodeClient.AskAsync("local.mjs", $"{served.Url}/v1", ServedModel.Name);
        }
        finally
        {
            Once.Release();
        }
    }
}

/// <summary>A server of the built executable with the small model that was trained for tests, imported by its own command.</summary>
public sealed class ServedModel : IAsyncLifetime
{
    public const string Name = "tiny";
    private readonly TemporaryFolder _folder = new();
    private LandfallProcess? _process;

    public string Data => _folder.PathOf("data");

    /// <summary>The server's address, without a slash at the end.</summary>
    public string Url { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var model = _folder.PathOf("model");
        Directory.CreateDirectory(model);
        foreach (var file in Directory.EnumerateFiles(RepositoryRoot.PathOf("tests", "Landfall.Inference.Tests", "Fixtures", "tiny")))
        {
            File.Copy(file, Path.Combine(model, Path.GetFileName(file)));
        }

        // Its own template knows no tools; without one, the usual one is taken.
        var config = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(model, "tokenizer_config.json")))!.AsObject();
        config.Remove("chat_template");
        await File.WriteAllTextAsync(Path.Combine(model, "tokenizer_config.json"), config.ToJsonString());
        var imported = await LandfallProcess.RunAsync(["model", "import", model, "--name", Name, "--data", Data], TestContext.Current.CancellationToken);
        Assert.True(imported.ExitCode == 0, imported.ToString());
        (_process, var info) = await LandfallProcess.ServeAsync(Data, TestContext.Current.CancellationToken);
        Url = info.Url;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _folder.Dispose();
    }
}
