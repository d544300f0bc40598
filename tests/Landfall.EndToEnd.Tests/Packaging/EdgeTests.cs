using System.Diagnostics;
using System.Runtime.InteropServices;
using Landfall.Inference.Formats;
using Landfall.Inference.Formats.Export;
using Landfall.Inference.Tensors;

namespace Landfall.EndToEnd.Packaging;

/// <summary><c>landfall-edge</c>, compiled to native code as somebody does who puts it on a device.</summary>
public sealed class EdgeTests(PublishedEdge edge) : IClassFixture<PublishedEdge>
{
    private const long MostBytes = 25_000_000;

    [Fact]
    public async Task Publish_IsOneSmallFile()
    {
        var executable = await edge.ExecutableAsync();
        Assert.InRange(new FileInfo(executable).Length, 1, MostBytes);
        Assert.DoesNotContain(Directory.GetFiles(Path.GetDirectoryName(executable)!), file => Path.GetExtension(file) is ".dll" or ".so" or ".json");
    }

    [Fact]
    public async Task Chat_WithAPrompt_AnswersAndEnds()
    {
        using var folder = new TemporaryFolder();
        var (code, answer, said) = await edge.RunAsync(["chat", Tiny(folder), "--prompt", "What is a target?", "--max-tokens", "24", "--temperature", "0"]);
        Assert.True(code == 0, said);
        Assert.NotEmpty(answer.Trim());
        Assert.DoesNotContain("<|im_", answer, StringComparison.Ordinal);
        Assert.Contains("tokens/s", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_WithASeed_SaysTheSameAgain()
    {
        using var folder = new TemporaryFolder();
        string[] arguments = ["chat", Tiny(folder), "--prompt", "Memory", "--max-tokens", "32", "--temperature", "1", "--seed"];
        var first = await edge.RunAsync([.. arguments, "7"]);
        var second = await edge.RunAsync([.. arguments, "7"]);
        var other = await edge.RunAsync([.. arguments, "8"]);
        Assert.Equal(first.Output, second.Output);
        Assert.NotEqual(first.Output, other.Output);
    }

    [Fact]
    public async Task Chat_WithLinesOfInput_AnswersEach()
    {
        using var folder = new TemporaryFolder();
        var (code, _, said) = await edge.RunAsync(["chat", Tiny(folder), "--max-tokens", "8", "--temperature", "0"], "Memory\nSpeed\n");
        Assert.True(code == 0, said);
        Assert.Equal(2, said.Split("tokens/s").Length - 1);
    }

    [Fact]
    public async Task Info_OfAFile_SaysWhatItHolds()
    {
        using var folder = new TemporaryFolder();
        var (code, output, said) = await edge.RunAsync(["info", Tiny(folder)]);
        Assert.True(code == 0, said);
        Assert.Contains("Q8_0", output, StringComparison.Ordinal);
        Assert.Contains("512 tokens", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_OfAFileThatIsNone_SaysSo()
    {
        using var folder = new TemporaryFolder();
        var path = folder.PathOf("broken.gguf");
        await File.WriteAllTextAsync(path, "GGUF?", TestContext.Current.CancellationToken);
        var (code, output, said) = await edge.RunAsync(["chat", path, "--prompt", "Hello"]);
        Assert.Equal(1, code);
        Assert.Empty(output);
        Assert.StartsWith(path, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_WithAnUnknownOption_ShowsTheUsage()
    {
        var (code, output, said) = await edge.RunAsync(["chat", "model.gguf", "--colour", "blue"]);
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.Contains("--colour", said, StringComparison.Ordinal);
        Assert.Contains("usage: landfall-edge chat", said, StringComparison.Ordinal);
    }

    private static string Tiny(TemporaryFolder folder)
    {
        var path = folder.PathOf("tiny.gguf");
        using var model = ModelFiles.Open(RepositoryRoot.PathOf("tests", "Landfall.Inference.Tests", "Fixtures", "tiny"));
        GgufExport.Write(model, path, new ExportOptions { Type = TensorType.Q8_0 }, TestContext.Current.CancellationToken);
        return path;
    }
}

/// <summary><c>dotnet publish</c> of src/Landfall.Edge for this platform, once, in a folder of its own.</summary>
public sealed class PublishedEdge : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<Task<string>> _published;

    public PublishedEdge() => _published = new Lazy<Task<string>>(PublishAsync);

    public void Dispose() => _folder.Dispose();

    /// <summary>The executable; the test is skipped where no native code can be linked.</summary>
    public Task<string> ExecutableAsync()
    {
        Assert.SkipUnless(CanLink(), "No C compiler with zlib: install gcc or clang, and zlib's headers, to compile to native code.");
        return _published.Value;
    }

    /// <summary>Runs the executable.</summary>
    public async Task<(int Code, string Output, string Errors)> RunAsync(IReadOnlyList<string> arguments, string input = "") =>
        await RunAsync(await ExecutableAsync(), arguments, input);

    private async Task<string> PublishAsync()
    {
        var folder = _folder.PathOf("published");
        var (code, output, errors) = await RunAsync(
            "dotnet",
            ["publish", RepositoryRoot.PathOf("src", "Landfall.Edge"), "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "-o", folder, "--artifacts-path", _folder.PathOf("artifacts")],
            "");
        Assert.True(code == 0, $"{output}{errors}");
        return Path.Combine(folder, OperatingSystem.IsWindows() ? "landfall-edge.exe" : "landfall-edge");
    }

    /// <summary>Whether a program can be linked against zlib, which the compiler needs.</summary>
    private static bool CanLink() => new[] { "clang", "gcc" }.Any(compiler =>
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(compiler, ["-x", "c", "-", "-lz", "-o", "/dev/null"]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardError = true })!;
            process.StandardInput.Write("#include <zlib.h>\nint main(void) { return zlibVersion() == 0; }");
            process.StandardInput.Close();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    });

    private static Task<(int Code, string Output, string Errors)> RunAsync(string program, IReadOnlyList<string> arguments, string input)
    {
        var start = new ProcessStartInfo(program, arguments);
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";

        // A build server that outlives the command would keep its output open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        return ToolRun.RunAsync(start, input);
    }
}
