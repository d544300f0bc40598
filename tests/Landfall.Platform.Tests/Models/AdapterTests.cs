using System.Text;
using System.Text.Json;
using Landfall.Inference.Formats;
using Landfall.Inference.Models;
using Landfall.Platform.Gateway;
using Landfall.Platform.Gateway.Local;
using Landfall.Platform.Models;
using Landfall.Protocol.Models;
using Landfall.Protocol.Runs;

namespace Landfall.Platform.Tests.Models;

public sealed class AdapterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("landfall-adapters-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static ModelConfig Config
    {
        get
        {
            using var files = ModelFiles.Open(ModelsServer.Fixture("tiny"));
            return files.Config;
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("lora", "lora")]
    [InlineData("prefix", "prefix")]
    [InlineData("prompt", "prompt")]
    [InlineData("gguf", "lora")]
    public async Task Import_AdapterOfABase_AnswersOverItAndLeavesItAsItIs(string written, string kind)
    {
        await using var server = await ModelsServer.StartAsync();
        var model = await BaseAsync(server);
        var before = await AnswerAsync(server, "tiny");

        var (run, adapter) = await ImportAsync(server, model, AdapterFiles.Write(written, _folder, Config));

        Assert.True(run.State == RunState.Completed, run.Error);
        Assert.Equal(("tiny:terse", kind, "adapter", "tiny", model.Hash), (adapter!.Name, adapter.Adapter, adapter.Lineage.Made, adapter.Lineage.From, adapter.Lineage.FromHash));
        Assert.Equal(written == "gguf" ? ["model.gguf"] : ["adapter_config.json", "adapter_model.safetensors"], adapter.Files.Select(f => f.Name));
        Assert.Equal((ModelContent.HashOf(adapter.Files), model.HasChatTemplate), (adapter.Hash, adapter.HasChatTemplate));
        var over = await AnswerAsync(server, "tiny:terse");
        Assert.Equal("tiny:terse", over.Model);
        Assert.NotEqual(before.Text, over.Text);
        Assert.Equal(over, await AnswerAsync(server, "tiny:terse"));
        Assert.Equal(before, await AnswerAsync(server, "tiny"));
    }

    [Fact]
    public async Task Open_FilesOfTheStore_AnswerOverTheBaseWithoutAName()
    {
        await using var server = await ModelsServer.StartAsync();
        var model = await BaseAsync(server);
        var (_, adapter) = await ImportAsync(server, model, AdapterFiles.Write("lora", _folder, Config));
        var host = server.Get<ModelHost>();

        using var first = await host.OpenAsync(model, adapter!.Files, Cancellation);
        using var second = await host.OpenAsync(model, adapter.Files, Cancellation);
        using var plain = await host.OpenAsync(model, Cancellation);

        Assert.NotNull(first.Adapter!.Lora);
        Assert.Same(first.Adapter, second.Adapter);
        Assert.Same(first.Model, plain.Model);
        Assert.Null(plain.Adapter);
        Assert.Equal(adapter.Parameters * sizeof(float), first.Adapter.Bytes);
        Assert.Equal(host.MemoryOf(model).WeightBytes + first.Adapter.Bytes, host.MemoryOf(new ResolvedModel(model, adapter)).WeightBytes);
    }

    [Fact]
    public async Task Import_AdapterOfAnotherBase_IsRefusedAndLeavesNothing()
    {
        await using var server = await ModelsServer.StartAsync();
        var model = await BaseAsync(server);
        var blobs = server.Blobs();

        var (run, _) = await ImportAsync(server, model, AdapterFiles.Write("lora", _folder, Config with { HiddenSize = Config.HiddenSize / 2 }));

        Assert.Equal(RunState.Failed, run.State);
        Assert.Contains("another base", run.Error, StringComparison.Ordinal);
        Assert.Equal(blobs, server.Blobs());
        Assert.Null(await server.Models.FindAsync("tiny:terse", Cancellation));
    }

    [Fact]
    public async Task Import_BaseThatIsAnotherOneByNow_IsRefused()
    {
        await using var server = await ModelsServer.StartAsync();
        var model = await BaseAsync(server);

        var (run, _) = await ImportAsync(server, model with { Hash = new string('0', 64) }, AdapterFiles.Write("lora", _folder, Config));

        Assert.Equal(RunState.Failed, run.State);
        Assert.Contains("another one now", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Remove_BaseWithAnAdapter_IsRefusedUntilTheAdapterIsGone()
    {
        await using var server = await ModelsServer.StartAsync();
        await ImportAsync(server, await BaseAsync(server), AdapterFiles.Write("lora", _folder, Config));

        var refused = await Assert.ThrowsAsync<ModelInUseException>(() => server.Models.RemoveAsync("tiny", Cancellation));

        Assert.Contains("tiny:terse", refused.Message, StringComparison.Ordinal);
        Assert.NotNull(await server.Models.RemoveAsync("tiny:terse", Cancellation));
        Assert.NotNull(await server.Models.RemoveAsync("tiny", Cancellation));
        Assert.Null(await server.Models.RemoveAsync("tiny", Cancellation));
        Assert.Empty(await server.Models.ListAsync(Cancellation));
    }

    [Theory]
    [InlineData("lora")]
    [InlineData("prefix")]
    public async Task Embed_WithAnAdapter_IsOfTheLoraOrSaysWhyNot(string kind)
    {
        await using var server = await ModelsServer.StartAsync();
        await ImportAsync(server, await BaseAsync(server), AdapterFiles.Write(kind, _folder, Config));
        var embeddings = new LocalEmbeddings(server.Get<ModelHost>());
        async Task<string> EmbedAsync(string name) =>
            JsonSerializer.Serialize((await embeddings.EmbedAsync((await server.Models.ResolveAsync(name, Cancellation))!, """{"input":"What is a brief?"}"""u8.ToArray(), Cancellation)).Data);

        if (kind == "lora")
        {
            Assert.NotEqual(await EmbedAsync("tiny"), await EmbedAsync("tiny:terse"));
        }
        else
        {
            Assert.Equal("model", (await Assert.ThrowsAsync<GatewayProblemException>(() => EmbedAsync("tiny:terse"))).Param);
        }
    }

    [Theory]
    [InlineData("lora", true)]
    [InlineData("prompt", false)]
    public void Read_AdapterForAnEncoder_IsRefused(string kind, bool isEncoder)
    {
        var reader = new ModelReader();
        var path = AdapterFiles.Write(kind, _folder, Config);
        if (isEncoder)
        {
            Assert.Contains("encoder", Assert.Throws<Inference.ModelFormatException>(() => reader.ReadAdapter(path, ModelsServer.Fixture("bert"))).Message, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal("prompt", reader.ReadAdapter(path, ModelsServer.Fixture("tiny")).Adapter);
        }
    }

    private static async Task<ModelSummary> BaseAsync(ModelsServer server)
    {
        var (run, model) = await server.ImportAsync("tiny", ModelsServer.Fixture("tiny"));
        Assert.True(run.State == RunState.Completed, run.Error);
        return model!;
    }

    private static Task<(RunSummary Run, ModelSummary? Model)> ImportAsync(ModelsServer server, ModelSummary model, string path) =>
        server.RunAsync(ModelImportRun.Name, "tiny:terse", new ModelImportInput("tiny:terse", path, path, Files: null, model.Name, model.Hash), Cancellation);

    private static async Task<(string? Model, string? Text)> AnswerAsync(ModelsServer server, string name)
    {
        var found = (await server.Models.ResolveAsync(name, Cancellation))!;
        var body = Encoding.UTF8.GetBytes("""{"messages":[{"role":"user","content":"What is a brief?"}],"temperature":0,"max_tokens":16}""");
        var answer = await new LocalCompletions(server.Get<ModelHost>(), TimeProvider.System).AnswerAsync(found, body, Cancellation);
        var json = JsonSerializer.SerializeToElement(answer.Whole, JsonSerializerOptions.Web);
        return (json.GetProperty("model").GetString(), json.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
    }
}
