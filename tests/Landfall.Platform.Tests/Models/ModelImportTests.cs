using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Landfall.Inference;
using Landfall.Platform.Apps;
using Landfall.Platform.Models;
using Landfall.Platform.Runs;
using Landfall.Platform.Storage;
using Landfall.Protocol.Models;
using Landfall.Protocol.Runs;
using Microsoft.EntityFrameworkCore;

namespace Landfall.Platform.Tests.Models;

public sealed class ModelImportTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Import_GgufFile_IsAModelOfItsContent()
    {
        await using var server = await ModelsServer.StartAsync();
        var source = Path.Combine(ModelsServer.Fixture("llama2-gguf"), "model.gguf");

        var (run, model) = await server.ImportAsync("llama", source);

        Assert.True(run.State == RunState.Completed, run.Error);
        var content = await File.ReadAllBytesAsync(source, Cancellation);
        var file = Assert.Single(model!.Files);
        Assert.Equal(("model.gguf", Convert.ToHexStringLower(SHA256.HashData(content)), content.Length), (file.Name, file.Sha256, file.Bytes));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"model.gguf\n{file.Sha256}\n"))), model.Hash);
        Assert.Equal((ModelFormat.Gguf, ModelUse.Chat, "llama"), (model.Format, model.Use, model.Family));
        Assert.Equal(("imported", source, null), (model.Lineage.Made, model.Lineage.Source, model.Lineage.From));
        Assert.Equal(JsonSerializer.Serialize(model), JsonSerializer.Serialize(await server.Models.FindAsync("llama", Cancellation)));
        Assert.Equal(content, await File.ReadAllBytesAsync(server.Get<ModelContent>().PathOf(model.Files), Cancellation));
    }

    [Fact]
    public async Task Import_ShardedFolder_HasItsFilesAndNoOthers()
    {
        await using var server = await ModelsServer.StartAsync();
        var source = CopyOf("llama3");
        await File.WriteAllTextAsync(Path.Combine(source, "consolidated.safetensors"), "the same weights again", Cancellation);
        await File.WriteAllTextAsync(Path.Combine(source, "pytorch_model.bin"), "and again", Cancellation);
        await File.WriteAllTextAsync(Path.Combine(source, "README.md"), "---\nlanguage: en\nlicense: apache-2.0\n---\n# A model", Cancellation);

        var (run, model) = await server.ImportAsync("llama3", source);

        Assert.True(run.State == RunState.Completed, run.Error);
        Assert.Equal(ModelFormat.Huggingface, model!.Format);
        Assert.Contains("model-00001-of-00002.safetensors", model.Files.Select(f => f.Name));
        Assert.Contains("model-00002-of-00002.safetensors", model.Files.Select(f => f.Name));
        Assert.DoesNotContain(model.Files, f => f.Name is "consolidated.safetensors" or "pytorch_model.bin");
        Assert.Equal("apache-2.0", model.Licence);
        Assert.Equal(model.Bytes, model.Files.Sum(f => f.Bytes));
        Assert.Equal(model.Parameters, Parameters(source));
    }

    [Fact]
    public async Task Import_Encoder_MakesEmbeddingsOnly()
    {
        await using var server = await ModelsServer.StartAsync();
        var (_, model) = await server.ImportAsync("bert", CopyOf("bert"));
        Assert.Equal((ModelUse.Embedding, 0L), (model!.Use, model.CacheBytesPerToken));
        Assert.Contains("1_Pooling/config.json", model.Files.Select(f => f.Name));
    }

    [Fact]
    public async Task Import_BrokenOffAfterTheFirstShard_GoesOnWithTheSecond()
    {
        var source = CopyOf("llama3");
        var (first, second) = (Path.Combine(source, "model-00001-of-00002.safetensors"), Path.Combine(source, "model-00002-of-00002.safetensors"));
        var content = await File.ReadAllBytesAsync(second, Cancellation);
        var reader = new LosingReader(second);
        await using var server = await ModelsServer.StartAsync(reader);

        var (failed, _) = await server.ImportAsync("llama3", source);
        Assert.Equal(RunState.Failed, failed.State);
        Assert.Contains(second, failed.Error, StringComparison.Ordinal);
        Assert.Empty(await server.Models.ListAsync(Cancellation));

        // What was copied is not asked for again: it is not even there.
        await File.WriteAllBytesAsync(second, content, Cancellation);
        File.Delete(first);
        var (resumed, model) = await server.ImportAsync("llama3", source);
        Assert.True(resumed.State == RunState.Completed, resumed.Error);
        Assert.Equal(failed.Id, resumed.Id);
        Assert.Equal(2, model!.Files.Count(f => f.Name.EndsWith(".safetensors", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("llama2-gguf/model.gguf", 4)]
    [InlineData("llama2-gguf/model.gguf", 1000)]
    [InlineData("qwen3/model.safetensors", 100)]
    [InlineData("qwen3/config.json", 20)]
    public async Task Import_CutFile_FailsWithItsNameAndLeavesNothing(string file, int length)
    {
        await using var server = await ModelsServer.StartAsync();
        var folder = CopyOf(file.Split('/')[0]);
        var path = Path.Combine(folder, file.Split('/')[1]);
        await File.WriteAllBytesAsync(path, (await File.ReadAllBytesAsync(path, Cancellation))[..length], Cancellation);

        var (run, _) = await server.ImportAsync("broken", file.EndsWith(".gguf", StringComparison.Ordinal) ? path : folder);

        Assert.Equal(RunState.Failed, run.State);
        Assert.Contains(Path.GetFileName(path), run.Error, StringComparison.Ordinal);
        Assert.Empty(await server.Models.ListAsync(Cancellation));
        Assert.Empty(server.Blobs());
    }

    [Fact]
    public async Task AddAsync_FilesThatAreNoModel_LeavesNoWeights()
    {
        await using var server = await ModelsServer.StartAsync();
        var blobs = server.Get<BlobStore>();
        var hash = await blobs.WriteAsync("GGUF and nothing more"u8.ToArray(), Cancellation);
        var files = new[] { new ModelFile("model.gguf", hash, blobs.Size(hash)) };

        var (run, _) = await server.RunAsync(ModelImportRun.Name, "x", new ModelImportInput("x", "x.gguf", Path: null, files));

        Assert.Equal(RunState.Failed, run.State);
        Assert.StartsWith("model.gguf: ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Folder, run.Error, StringComparison.Ordinal);
        Assert.False(blobs.Exists(hash));
    }

    [Fact]
    public async Task Import_SameContentUnderTheSameName_IsTheModelThatIsThere()
    {
        await using var server = await ModelsServer.StartAsync();
        var source = CopyOf("qwen2-gguf");
        var path = Path.Combine(source, "model.gguf");
        var (_, first) = await server.ImportAsync("qwen", path);

        var (run, again) = await server.ImportAsync("qwen", path);

        Assert.True(run.State == RunState.Completed, run.Error);
        Assert.Equal(JsonSerializer.Serialize(first), JsonSerializer.Serialize(again));
        var content = await File.ReadAllBytesAsync(path, Cancellation);
        content[^1] ^= 1;
        await File.WriteAllBytesAsync(path, content, Cancellation);
        var (other, _) = await server.ImportAsync("qwen", path);
        Assert.Equal(RunState.Failed, other.State);
        Assert.Contains("of other content", other.Error, StringComparison.Ordinal);
        Assert.Equal(first!.Files.Select(f => f.Sha256), server.Blobs());
    }

    [Fact]
    public async Task Import_SameContentUnderAnotherName_SharesItsFile()
    {
        await using var server = await ModelsServer.StartAsync();
        var (_, first) = await server.ImportAsync("one", ModelsServer.Fixture("tiny"));
        var blob = Directory.EnumerateFiles(Path.Combine(server.Folder, "blobs"), first!.Files[0].Sha256, SearchOption.AllDirectories).Single();
        var old = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(blob, old);

        var (_, second) = await server.ImportAsync("two", ModelsServer.Fixture("tiny"));

        Assert.Equal(first.Hash, second!.Hash);
        Assert.Equal(old, File.GetLastWriteTimeUtc(blob));
    }

    [Fact]
    public async Task Import_FolderWithoutATokenizer_IsRefused()
    {
        await using var server = await ModelsServer.StartAsync();
        var (run, _) = await server.ImportAsync("mute", ModelsServer.Fixture("qwen3"));
        Assert.Equal(RunState.Failed, run.State);
        Assert.Contains("tokenizer.json", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_NameOfAnApp_IsRefusedAndTheOtherWayRound()
    {
        await using var server = await ModelsServer.StartAsync();
        var apps = new AppStore(server.Get<IDbContextFactory<LandfallDatabase>>(), server.Get<BlobStore>(), TimeProvider.System);
        await apps.ClaimAsync("desk", "here", "classification", "", Cancellation);

        var (run, _) = await server.ImportAsync("desk", ModelsServer.Fixture("tiny"));
        Assert.Equal(RunState.Failed, run.State);
        Assert.Contains("'desk' is an app's", run.Error, StringComparison.Ordinal);

        await server.ImportAsync("qwen", ModelsServer.Fixture("tiny"));
        await Assert.ThrowsAsync<RunFailedException>(() => apps.ClaimAsync("qwen", "here", "classification", "", Cancellation));
    }

    [Fact]
    public async Task Remove_WeightsOfAnotherModel_Stay()
    {
        await using var server = await ModelsServer.StartAsync();
        var (_, first) = await server.ImportAsync("one", ModelsServer.Fixture("tiny"));
        await server.ImportAsync("two", ModelsServer.Fixture("tiny"));
        var weights = first!.Files.Single(f => f.Name == "model.safetensors").Sha256;

        await server.Models.RemoveAsync("one", Cancellation);
        Assert.Contains(weights, server.Blobs());
        Assert.True(Directory.Exists(server.Get<ModelContent>().PathOf(first.Files)));

        await server.Models.RemoveAsync("two", Cancellation);
        Assert.DoesNotContain(weights, server.Blobs());
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(server.Folder, "models")));
        Assert.Null(await server.Models.RemoveAsync("two", Cancellation));
    }

    [Fact]
    public async Task Check_AnyDamage_IsAModelFormatException()
    {
        await using var server = await ModelsServer.StartAsync();
        var importer = server.Get<ModelImporter>();
        var whole = await File.ReadAllBytesAsync(Path.Combine(ModelsServer.Fixture("qwen2-gguf"), "model.gguf"), Cancellation);
        var path = Path.Combine(server.Folder, "damaged.gguf");
        var random = new Random(20261125);
        var refused = 0;
        var count = int.TryParse(Environment.GetEnvironmentVariable("LANDFALL_SOAK_FUZZ"), out var soak) ? soak : 400;
        for (var i = 0; i < count; i++)
        {
            await File.WriteAllBytesAsync(path, Damage(whole, random), Cancellation);
            try
            {
                importer.Check(path, forModel: null);
            }
            catch (ModelFormatException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, count / 4, count);
    }

    /// <summary>Bytes of the head changed, or the file cut.</summary>
    private static byte[] Damage(byte[] whole, Random random)
    {
        var damaged = whole.AsSpan(0, random.Next(4) == 0 ? random.Next(whole.Length) : whole.Length).ToArray();
        for (var n = random.Next(1, 6); n > 0 && damaged.Length > 0; n--)
        {
            var at = random.Next(Math.Min(damaged.Length, 4096));
            damaged[at] = random.Next(3) switch { 0 => 0xFF, 1 => 0, _ => (byte)random.Next(256) };
        }

        return damaged;
    }

    private static string CopyOf(string fixture)
    {
        var folder = Directory.CreateTempSubdirectory("landfall-model-").FullName;
        foreach (var file in Directory.EnumerateFiles(ModelsServer.Fixture(fixture)))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        if (Directory.Exists(Path.Combine(ModelsServer.Fixture(fixture), "1_Pooling")))
        {
            Directory.CreateDirectory(Path.Combine(folder, "1_Pooling"));
            File.Copy(Path.Combine(ModelsServer.Fixture(fixture), "1_Pooling", "config.json"), Path.Combine(folder, "1_Pooling", "config.json"));
        }

        if (!File.Exists(Path.Combine(folder, "tokenizer.json")))
        {
            TinyTokenizer.Write(folder);
        }

        return folder;
    }

    /// <summary>Weights by the files' own headers.</summary>
    private static long Parameters(string folder) => Directory.EnumerateFiles(folder, "model-*.safetensors").Sum(file =>
    {
        var bytes = File.ReadAllBytes(file);
        using var header = JsonDocument.Parse(bytes.AsMemory(8, (int)BitConverter.ToInt64(bytes)));
        return header.RootElement.EnumerateObject().Where(t => t.Name != "__metadata__")
            .Sum(t => t.Value.GetProperty("shape").EnumerateArray().Aggregate(1L, (product, dimension) => product * dimension.GetInt64()));
    });

    /// <summary>After the first look at a model, one of its files is gone.</summary>
    private sealed class LosingReader(string file) : IModelReader
    {
        private readonly ModelReader _reader = new();

        public ModelFacts ReadAdapter(string path, string basePath) => _reader.ReadAdapter(path, basePath);

        public ModelFacts Read(string path)
        {
            var facts = _reader.Read(path);
            File.Delete(file);
            return facts;
        }
    }
}
