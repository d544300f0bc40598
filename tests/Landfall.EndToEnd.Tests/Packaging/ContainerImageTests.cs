using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Landfall.EndToEnd.Packaging;

/// <summary>The image archive that the SDK makes, on a base image of our own.</summary>
public sealed class ContainerImageTests(PackedLandfall packed)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PublishContainer_ToAnArchive_HasProgramUserPortAndSettings()
    {
        using var folder = new TemporaryFolder();
        var archive = folder.PathOf("landfall.tar");
        await using (var registry = new BaseImageRegistry())
        {
            var environment = new Dictionary<string, string> { ["DOTNET_CONTAINER_INSECURE_REGISTRIES"] = registry.Host, ["NUGET_PACKAGES"] = PackedLandfall.RestoredPackages };
            await packed.DotnetAsync(
                RepositoryRoot.Path,
                [
                    "publish", "src/Landfall", "--no-build", "--configuration", PackedLandfall.BuildConfiguration, "-t:PublishContainer",
                    $"-p:ContainerBaseImage={registry.Image}", $"-p:ContainerArchiveOutputPath={archive}", $"-p:PublishDir={folder.PathOf("publish")}/",
                ],
                environment);
        }

        var files = await ReadAsync(File.OpenRead(archive));
        var index = JsonNode.Parse(files["index.json"])!;
        var manifest = JsonNode.Parse(Blob(files, Assert.Single(index["manifests"]!.AsArray())!))!;
        var image = JsonNode.Parse(Blob(files, manifest["config"]!))!;
        Assert.Contains("landfall", index.ToJsonString(), StringComparison.Ordinal);
        AssertConfiguration(image["config"]!);

        var layers = manifest["layers"]!.AsArray();
        Assert.Equal(layers.Count, image["rootfs"]!["diff_ids"]!.AsArray().Count);
        var program = await ReadAsync(new GZipStream(new MemoryStream(Blob(files, layers[^1]!)), CompressionMode.Decompress));
        Assert.All(["app/landfall.dll", "app/Landfall.Platform.dll", "app/landfall.runtimeconfig.json"], name => Assert.NotEmpty(program[name]));
        Assert.Contains(program, f => f.Key.StartsWith("app/wwwroot/", StringComparison.Ordinal) && f.Key.EndsWith("MudBlazor.min.css", StringComparison.Ordinal) && f.Value.Length > 10_000);
        Assert.DoesNotContain(program.Keys, name => name.EndsWith(".cs", StringComparison.Ordinal) || name.EndsWith("landfall.db", StringComparison.Ordinal));
    }

    /// <summary>The content that a descriptor names, which has the hash that it says (OCI image layout).</summary>
    private static byte[] Blob(Dictionary<string, byte[]> files, JsonNode descriptor)
    {
        var hash = ((string)descriptor["digest"]!)["sha256:".Length..];
        var content = files[$"blobs/sha256/{hash}"];
        Assert.Equal(hash, Convert.ToHexStringLower(SHA256.HashData(content)));
        return content;
    }

    private static void AssertConfiguration(JsonNode config)
    {
        Assert.Equal("1654:1654", (string)config["User"]!);
        Assert.Equal("/app", (string)config["WorkingDir"]!);
        Assert.True(config["ExposedPorts"]!.AsObject().ContainsKey("5117/tcp"));
        var environment = config["Env"]!.AsArray().Select(e => (string)e!).ToList();
        Assert.Contains("LANDFALL_URLS=http://0.0.0.0:5117", environment);
        Assert.Contains("LANDFALL_DATA=/home/app/landfall", environment);
        Assert.Contains("APP_UID=1654", environment);
        Assert.Contains("landfall", string.Concat(config["Entrypoint"]!.AsArray().Select(e => (string)e!)), StringComparison.Ordinal);
        Assert.Equal(["serve"], config["Cmd"]!.AsArray().Select(c => (string)c!));
    }

    private static async Task<Dictionary<string, byte[]>> ReadAsync(Stream archive)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        await using var tar = new TarReader(archive);
        while (await tar.GetNextEntryAsync(copyData: false, Cancellation) is { } entry)
        {
            if (entry.DataStream is { } content)
            {
                var bytes = new MemoryStream();
                await content.CopyToAsync(bytes, Cancellation);
                files[entry.Name.TrimStart('.', '/')] = bytes.ToArray();
            }
        }

        return files;
    }
}
