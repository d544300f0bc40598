using System.Text.Json.Nodes;

namespace Landfall.EndToEnd.Clients;

/// <summary>The official <c>openai</c> npm client against the URL that <c>landfall land</c> prints.</summary>
[Collection(ServedHelpdeskCollection.Name)]
public sealed class OpenAiClientTests(ServedHelpdesk served)
{
    private const string OutOfScopeReply = "I can help with your Harbor Broadband service only. Please ask me about your bill, your order or your connection.";

    // One run of the client answers all tests.
    private static readonly SemaphoreSlim Once = new(1);
    private static JsonNode? answers;

    [Fact]
    public async Task ModelsList_OfALandedApp_NamesItsRelease()
    {
        var models = (await AnswersAsync())["models"]!.AsArray();
        var model = Assert.Single(models)!;
        Assert.Equal(served.Model, (string?)model["id"]);
        Assert.Equal("model", (string?)model["object"]);
        Assert.True((long?)model["created"] > 1_700_000_000);
        Assert.NotEmpty((string)model["owned_by"]!);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("parts")]
    [InlineData("final")]
    public async Task ChatCompletion_AskedAboutABill_AnswersWithTheLabel(string way)
    {
        var completion = (await AnswersAsync())[way]!;
        Assert.Equal("chat.completion", (string?)completion["object"]);
        Assert.Equal(served.Model, (string?)completion["model"]);
        var choice = Assert.Single(completion["choices"]!.AsArray())!;
        Assert.Equal("billing_question", (string?)choice["message"]!["content"]);
        Assert.Equal("assistant", (string?)choice["message"]!["role"]);
        Assert.Equal("stop", (string?)choice["finish_reason"]);
        if (way != "final")
        {
            AssertUsage(completion["usage"]!);
        }
    }

    [Fact]
    public async Task ChatCompletion_Streamed_JoinsToTheSameAnswerWithUsageLast()
    {
        var all = await AnswersAsync();
        var streamed = all["streamed"]!;
        Assert.Equal((string?)all["plain"]!["choices"]![0]!["message"]!["content"], (string?)streamed["text"]);
        Assert.Equal("assistant", (string?)streamed["role"]);
        Assert.Equal("stop", (string?)streamed["finish"]);
        Assert.False((bool)streamed["lastHasChoices"]!, "The chunk with the usage has no choices.");
        Assert.True(JsonNode.DeepEquals(all["plain"]!["usage"], streamed["usage"]), "Streamed or not, the usage is the same.");
        Assert.False((bool)all["plainStreamHasUsage"]!, "Usage was not asked for.");
    }

    [Fact]
    public async Task ChatCompletion_OutOfScope_AnswersWithTheReplyOfTheBrief() =>
        Assert.Equal(OutOfScopeReply, (string?)(await AnswersAsync())["outOfScope"]!["choices"]![0]!["message"]!["content"]);

    [Theory]
    [InlineData("unknownModel")]
    [InlineData("unknownModelStreamed")]
    public async Task ChatCompletion_OfAnUnknownModel_IsNotFound(string way)
    {
        var failure = (await AnswersAsync())[way]!;
        Assert.Equal("NotFoundError", (string?)failure["name"]);
        Assert.Equal("model_not_found", (string?)failure["code"]);
        Assert.Contains("no-such-model", (string?)failure["message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("noMessages")]
    [InlineData("noUser")]
    public async Task ChatCompletion_ThatMakesNoSense_IsABadRequest(string way)
    {
        var failure = (await AnswersAsync())[way]!;
        Assert.Equal("BadRequestError", (string?)failure["name"]);
        Assert.Equal("invalid_request_error", (string?)failure["type"]);
        Assert.Contains("messages", (string?)failure["message"], StringComparison.Ordinal);
    }

    private static void AssertUsage(JsonNode usage)
    {
        Assert.True((int)usage["prompt_tokens"]! > 0);
        Assert.True((int)usage["completion_tokens"]! > 0);
        Assert.Equal((int)usage["prompt_tokens"]! + (int)usage["completion_tokens"]!, (int)usage["total_tokens"]!);
    }

    private async Task<JsonNode> AnswersAsync()
    {
        await Once.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            return answers ??= await NodeClient.AskAsync("client.mjs", served.Api, served.Model);
        }
        finally
        {
            Once.Release();
        }
    }
}
