using System.Text.Json;
using Landfall.Inference.Formats;
using Landfall.Platform.Models;
using Landfall.Platform.Runs;
using Landfall.Protocol.Models;
using Landfall.Protocol.Runs;

namespace Landfall.Platform.Tests.Models;

/// <summary>Quantising and exporting.</summary>
public sealed class ModelWorkTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Quantise_AModel_IsASmallerOneMadeFromIt()
    {
        await using var server = await ModelsServer.StartAsync();
        var (_, tiny) = await server.ImportAsync("tiny", ModelsServer.Fixture("tiny"));

        var (run, small) = await server.RunAsync(ModelQuantiseRun.Name, "small", new ModelQuantiseInput("tiny", tiny!.Hash, "small", "Q8_0"));

        Assert.True(run.State == RunState.Completed, run.Error);
        Assert.Equal((ModelFormat.Gguf, "Q8_0"), (small!.Format, small.Types[0].Type));
        Assert.True(small.Bytes < tiny.Bytes * 0.6, $"{small.Bytes} of {tiny.Bytes}");
        Assert.Equal((tiny.Parameters, tiny.ContextLength, tiny.VocabularySize), (small.Parameters, small.ContextLength, small.VocabularySize));
        Assert.Equal(("quantised", "tiny", tiny.Hash, "Q8_0"), (small.Lineage.Made, small.Lineage.From, small.Lineage.FromHash, small.Lineage.Type));
        var all = await server.Models.ListAsync(Cancellation);
        Assert.Equal(["tiny"], ModelFamilyTree.Of(small, new ModelMemory(0, 0), all).Ancestors.Select(m => m.Name));
        Assert.Equal(["small"], ModelFamilyTree.Of(tiny, new ModelMemory(0, 0), all).Descendants.Select(m => m.Name));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(server.Folder, "models", "work")));
    }

    [Fact]
    public async Task Quantise_ModelThatIsAnotherOneNow_IsRefused()
    {
        await using var server = await ModelsServer.StartAsync();
        await server.ImportAsync("tiny", ModelsServer.Fixture("tiny"));
        var (run, _) = await server.RunAsync(ModelQuantiseRun.Name, "small", new ModelQuantiseInput("tiny", new string('0', 64), "small", "Q8_0"));
        Assert.Equal(RunState.Failed, run.State);
        Assert.Contains("another one now", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_ToGgufAndBack_HasTheSameWeights()
    {
        await using var server = await ModelsServer.StartAsync();
        var (_, tiny) = await server.ImportAsync("tiny", ModelsServer.Fixture("tiny"));
        var (gguf, folder) = await ExportAsync(server, tiny!, ModelFormat.Gguf);
        var file = Assert.Single(gguf.Files);
        var (_, again) = await server.ImportAsync("again", Path.Combine(folder, file.Name));
        Assert.Equal((tiny!.Parameters, ModelFormat.Gguf), (again!.Parameters, again.Format));

        var (back, place) = await ExportAsync(server, again, ModelFormat.Huggingface);
        Assert.Contains("config.json", back.Files.Select(f => f.Name));
        using var first = ModelFiles.Open(ModelsServer.Fixture("tiny"));
        using var second = ModelFiles.Open(place);
        // Vectors are F32 in GGUF.
        foreach (var name in first.Tensors.Names.Where(n => first.Tensors.Find(n)!.Shape.Count == 2))
        {
            Assert.Equal(Bytes(first, name), Bytes(second, name));
        }
    }

    [Fact]
    public async Task Export_InItsOwnFormat_IsTheFilesThemselves()
    {
        await using var server = await ModelsServer.StartAsync();
        var (_, tiny) = await server.ImportAsync("tiny", ModelsServer.Fixture("tiny"));
        var (export, folder) = await ExportAsync(server, tiny!, ModelFormat.Huggingface);
        Assert.Equal(JsonSerializer.Serialize(tiny!.Files), JsonSerializer.Serialize(export.Files));
        Assert.Equal(
            await File.ReadAllBytesAsync(Path.Combine(ModelsServer.Fixture("tiny"), "model.safetensors"), Cancellation), await File.ReadAllBytesAsync(Path.Combine(folder, "model.safetensors"), Cancellation));
        Assert.Null(server.Get<ModelExports>().Open(Path.GetFileName(folder), "../../landfall.db"));
        Assert.True(server.Get<ModelExports>().Remove(Path.GetFileName(folder)));
        Assert.False(Directory.Exists(folder));
    }

    private static async Task<(ModelExport Export, string Folder)> ExportAsync(ModelsServer server, ModelSummary model, ModelFormat format)
    {
        var run = await server.Get<RunStore>().JoinOrCreateAsync(ModelExportRun.Name, "export", app: null, $"{model.Name}/{format}", RunJson.ToElement(new ModelExportInput(model.Name, model.Hash, format)), Cancellation);
        await server.Get<RunExecutor>().ExecuteAsync(run.Id, () => { }, CancellationToken.None, CancellationToken.None);
        var found = (await server.Get<RunStore>().FindAsync(run.Id, Cancellation))!.Value;
        Assert.True(found.Summary.State == RunState.Completed, found.Summary.Error);
        return (JsonDocument.Parse(found.Entity.ResultJson!).RootElement.To<ModelExport>(), Path.Combine(server.Folder, "exports", run.Id));
    }

    private static byte[] Bytes(ModelFiles files, string name)
    {
        var tensor = files.Tensors.Find(name)!;
        return [.. Enumerable.Range(0, tensor.Rows).SelectMany(row => tensor.Row(row).ToArray())];
    }
}
