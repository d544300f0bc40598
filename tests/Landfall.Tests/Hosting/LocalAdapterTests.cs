using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Landfall.Inference.Formats;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Models;
using Landfall.Protocol.Runs;

namespace Landfall.Tests.Hosting;

/// <summary>Adapters of a local model over HTTP.</summary>
public sealed class LocalAdapterTests(TinyModelFixture fixture) : IClassFixture<TinyModelFixture>, IDisposable
{
    private const int Hidden = 256;
    private const int Rank = 4;
    private readonly string _folder = Directory.CreateTempSubdirectory("landfall-adapters-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private RunningServer Server => fixture.Server;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Complete_BaseAndTwoAdaptersAtOnce_EachAnswersAsItDoesAlone()
    {
        await CompletedAsync(await Server.Client.ImportModelPathAsync(new ImportModelPathRequest { Name = "terse", Base = "tiny", Path = Lora("terse", seed: 4) }, Cancellation));
        await CompletedAsync(await Server.Client.ImportModelAsync(new ImportModelRequest { Name = "loud", Base = "tiny", Files = await UploadAsync(Lora("loud", seed: 5)) }, Cancellation));
        string[] names = ["tiny", "tiny:terse", "tiny:loud"];
        var alone = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            alone[name] = await AskAsync(name);
        }

        var asked = Enumerable.Range(0, 15).Select(i => names[i % names.Length]).ToList();
        var together = await Task.WhenAll(asked.Select(AskAsync));

        Assert.Equal(3, alone.Values.Distinct().Count());
        Assert.Equal(asked.Select(name => alone[name]), together);
        await AssertIsListedAsync("tiny:terse");
        Assert.NotEqual(await EmbedAsync("tiny"), await EmbedAsync("tiny:terse"));

        var refused = await Assert.ThrowsAsync<LandfallApiException>(() => Server.Client.RemoveModelAsync("tiny", Cancellation));
        Assert.Equal((409, ErrorCodes.Conflict), (refused.Problem.Status, refused.Code));
        await Server.Client.RemoveModelAsync("tiny:terse", Cancellation);
        using var gone = await Server.Http.PostAsync("v1/chat/completions", Body("tiny:terse"), Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Equal(alone["tiny:loud"], await AskAsync("tiny:loud"));
        await Server.Client.RemoveModelAsync("tiny:loud", Cancellation);
    }

    [Theory]
    [InlineData("nobody", Hidden, 404)]
    [InlineData("tiny", Hidden / 2, 422)]
    public async Task Import_WhatIsForNoModelHere_IsRefused(string model, int inputs, int status)
    {
        var request = new ImportModelPathRequest { Name = "odd", Base = model, Path = Lora("odd", seed: 6, inputs) };
        Assert.Equal(status, (await Assert.ThrowsAsync<LandfallApiException>(() => Server.Client.ImportModelPathAsync(request, Cancellation))).Problem.Status);
    }

    [Fact]
    public async Task Import_AnAdapterAgain_IsThereAlready_AndCannotBeQuantisedOrBeABase()
    {
        var request = new ImportModelPathRequest { Name = "calm", Base = "tiny", Path = Lora("calm", seed: 7) };
        await CompletedAsync(await Server.Client.ImportModelPathAsync(request, Cancellation));
        var first = (await Server.Client.GetModelAsync("tiny:calm", Cancellation)).Model;

        await CompletedAsync(await Server.Client.ImportModelPathAsync(request, Cancellation));

        var detail = await Server.Client.GetModelAsync("tiny:calm", Cancellation);
        Assert.Equal((first.Hash, first.CreatedAt), (detail.Model.Hash, detail.Model.CreatedAt));
        Assert.Equal("tiny", Assert.Single(detail.Ancestors).Name);
        await RefusedAsync(400, () => Server.Client.QuantiseModelAsync("tiny:calm", new QuantiseModelRequest { Name = "calm-q8", Type = "q8_0" }, Cancellation));
        await RefusedAsync(400, () => Server.Client.ImportModelPathAsync(request with { Base = "tiny:calm" }, Cancellation));
        await RefusedAsync(409, () => Server.Client.ImportModelPathAsync(request with { Path = Prompt("calm2") }, Cancellation));
        await Server.Client.RemoveModelAsync("tiny:calm", Cancellation);
    }

    private static async Task RefusedAsync(int status, Func<Task> request) =>
        Assert.Equal(status, (await Assert.ThrowsAsync<LandfallApiException>(request)).Problem.Status);

    private async Task CompletedAsync(RunSummary run)
    {
        var ended = await Server.EndAsync(run.Id);
        Assert.True(ended.State == RunState.Completed, ended.Error);
    }

    private async Task AssertIsListedAsync(string name)
    {
        using var json = JsonDocument.Parse(await Server.Http.GetStringAsync("v1/models", Cancellation));
        Assert.Contains(name, json.RootElement.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString()));
        Assert.Contains((await Server.Client.GetEndpointsAsync(Cancellation)).Endpoints, e => e.Name == name);
    }

    private static StringContent Body(string model) => new(
        JsonSerializer.Serialize(new { model, temperature = 0, max_tokens = 12, messages = new[] { new { role = "user", content = "Once upon a time" } } }), Encoding.UTF8, "application/json");

    private async Task<string> AskAsync(string model)
    {
        using var response = await Server.Http.PostAsync("v1/chat/completions", Body(model), Cancellation);
        var answer = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.StatusCode == HttpStatusCode.OK, answer);
        using var json = JsonDocument.Parse(answer);
        Assert.Equal(model, json.RootElement.GetProperty("model").GetString());
        return json.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
    }

    private async Task<string> EmbedAsync(string model)
    {
        using var response = await Server.Http.PostAsync("v1/embeddings", new StringContent(JsonSerializer.Serialize(new { model, input = "a cat" }), Encoding.UTF8, "application/json"), Cancellation);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        return json.RootElement.GetProperty("data")[0].GetProperty("embedding").GetRawText();
    }

    private async Task<List<UploadedModelFile>> UploadAsync(string folder)
    {
        var files = new List<UploadedModelFile>();
        foreach (var path in Directory.EnumerateFiles(folder))
        {
            var content = await File.ReadAllBytesAsync(path, Cancellation);
            var hash = Convert.ToHexStringLower(SHA256.HashData(content));
            await Server.Client.PutBlobAsync(hash, new MemoryStream(content), Cancellation);
            files.Add(new UploadedModelFile(Path.GetFileName(path), hash));
        }

        return files;
    }

    /// <summary>A LoRA of the first layer's queries and outputs.</summary>
    private string Lora(string name, int seed, int inputs = Hidden)
    {
        var random = new Random(seed);
        return Write(
            name,
            $$"""{"peft_type":"LORA","r":{{Rank}},"lora_alpha":16,"target_modules":["q_proj","o_proj"]}""",
            [.. new[] { "q_proj", "o_proj" }.SelectMany(part => new[]
            {
                TensorOutput.Of($"base_model.model.model.layers.0.self_attn.{part}.lora_A.weight", Numbers(random, Rank * inputs), Rank, inputs),
                TensorOutput.Of($"base_model.model.model.layers.0.self_attn.{part}.lora_B.weight", Numbers(random, Hidden * Rank), Hidden, Rank),
            })]);
    }

    private string Prompt(string name) =>
        Write(name, """{"peft_type":"PROMPT_TUNING","num_virtual_tokens":2}""", [TensorOutput.Of("prompt_embeddings", Numbers(new Random(1), 2 * Hidden), 2, Hidden)]);

    private string Write(string name, string config, IReadOnlyList<TensorOutput> tensors)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        File.WriteAllText(Path.Combine(folder, "adapter_config.json"), config);
        SafetensorsWriter.Write(Path.Combine(folder, "adapter_model.safetensors"), tensors, cancellationToken: Cancellation);
        return folder;
    }

    private static float[] Numbers(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.5))];
}
