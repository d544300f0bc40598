using System.Runtime.CompilerServices;
using System.Text.Json;
using Landfall.Inference.Models;
using Landfall.Inference.Tensors;

namespace Landfall.Inference.Formats;

/// <summary>Opens what the reference implementation and llama.cpp wrote.</summary>
public sealed class FixtureFilesTests
{
    public static TheoryData<string> Names => [.. Directory.GetFiles(Root(), "expected.json", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Root(), Path.GetDirectoryName(path)!))
        .Where(name => !name.Contains("adapters", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Open_Fixture_HasAllItsWeights(string name)
    {
        using var model = Open(name);
        Assert.Equal(model.Config.LayerCount, model.Decoder?.Layers.Count ?? model.Encoder!.Layers.Count);
        var expected = model.Metadata is null ? RopeLayout.HalfSplit : name.StartsWith("qwen", StringComparison.Ordinal) ? RopeLayout.HalfSplit : RopeLayout.Interleaved;
        Assert.Equal(expected, model.Config.Rope.Layout);
    }

    /// <summary>Rows that do not divide by 256 are of other types in a file that llama.cpp quantised to a K type.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Open_FixtureQuantisedByLlamaCpp_HasTheTypesItSays(string name)
    {
        using var expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Root(), name, "expected.json")));
        if (!expected.RootElement.TryGetProperty("types", out var types))
        {
            return;
        }

        using var model = Open(name);
        Assert.All(types.EnumerateObject(), type => Assert.Equal(type.Value.GetString(), model.Tensors.Get(type.Name).Type.ToString(), ignoreCase: true));
    }

    /// <summary>The same weights as a folder and as a GGUF file: equal but for the order of the rows of queries and keys.</summary>
    [Fact]
    public void Open_GgufTwin_HasTheFoldersWeights()
    {
        using var folder = Open("llama2");
        using var gguf = Open("llama2-gguf");
        Assert.Equal(
            folder.Config with { Rope = gguf.Config.Rope, EndTokens = [] },
            gguf.Config with { EndTokens = [] });
        Assert.Equal(Values(folder.Decoder!.Layers[1].Down.Weight), Values(gguf.Decoder!.Layers[1].Down.Weight));
        var (ours, theirs) = (Values(folder.Decoder.Layers[0].Query.Weight), Values(gguf.Decoder.Layers[0].Query.Weight));
        Assert.NotEqual(ours, theirs);
        Assert.Equal(ours.Order(), theirs.Order());
    }

    internal static string Root() => Path.Combine(Path.GetDirectoryName(Here())!, "..", "Fixtures");

    internal static ModelFiles Open(string name)
    {
        var folder = Path.Combine(Root(), name);
        var gguf = Path.Combine(folder, "model.gguf");
        return ModelFiles.Open(File.Exists(gguf) ? gguf : folder);
    }

    private static string Here([CallerFilePath] string path = "") => path;

    private static float[] Values(Tensor tensor) => SafetensorsFileTests.Values(tensor);
}
