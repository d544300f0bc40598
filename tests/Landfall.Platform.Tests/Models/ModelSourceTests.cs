using Landfall.Inference;
using Landfall.Platform.Models;

namespace Landfall.Platform.Tests.Models;

public sealed class ModelSourceTests
{
    [Theory]
    [InlineData("qwen2.5-0.5b", true)]
    [InlineData("a", true)]
    [InlineData("", false)]
    [InlineData("Qwen", false)]
    [InlineData("a:b", false)]
    [InlineData("../a", false)]
    [InlineData("-a", false)]
    [InlineData("a\n", false)]
    public void WhyNoName_AnyText_LetsOnlyNamesThrough(string name, bool isName) => Assert.Equal(isName, ModelNames.WhyNoName(name) is null);

    [Theory]
    [InlineData("config.json", true)]
    [InlineData("1_Pooling/config.json", true)]
    [InlineData("a/b/c", false)]
    [InlineData("../config.json", false)]
    [InlineData("/etc/passwd", false)]
    [InlineData("a/../b", false)]
    [InlineData(".hidden", false)]
    [InlineData("a\\b", false)]
    [InlineData(null, false)]
    public void IsFileName_AnyText_LetsNothingOutOfTheFolder(string? name, bool isName) => Assert.Equal(isName, ModelNames.IsFileName(name));

    [Theory]
    [InlineData("", "has no config.json and no .gguf file")]
    [InlineData("a.gguf b.gguf", "has 2 .gguf files")]
    [InlineData("config.json pytorch_model.bin", "has no model.safetensors")]
    [InlineData("config.json model.safetensors.index.json={\"weight_map\":{\"a\":\"../../secret.safetensors\"}}", "'../../secret.safetensors', which is not in the folder")]
    [InlineData("config.json model.safetensors.index.json={\"weight_map\":[]}", "is no index of weights")]
    [InlineData("config.json model.safetensors.index.json={", "is no index of weights")]
    public void List_FolderWithoutAModel_SaysWhatIsMissing(string files, string message)
    {
        var folder = Directory.CreateTempSubdirectory("landfall-source-").FullName;
        foreach (var (name, content) in files.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(f => (f.Split('=')[0], f.Contains('=', StringComparison.Ordinal) ? f[(f.IndexOf('=', StringComparison.Ordinal) + 1)..] : "")))
        {
            File.WriteAllText(Path.Combine(folder, name), content);
        }

        Assert.Contains(message, Assert.Throws<ModelFormatException>(() => ModelSource.List(folder)).Message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void List_PathThatIsNotThere_SaysSo() =>
        Assert.Equal("/nowhere/model: is not there.", Assert.Throws<ModelFormatException>(() => ModelSource.List("/nowhere/model")).Message);
}
