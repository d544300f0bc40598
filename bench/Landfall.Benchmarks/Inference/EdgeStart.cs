using System.Diagnostics;
using System.Globalization;

namespace Landfall.Benchmarks.Inference;

/// <summary>How long <c>landfall-edge</c> takes from its start to its first output: the usage, a model's description, the first text of an answer.</summary>
internal static class EdgeStart
{
    private const int Starts = 21;

    public static int Run(string[] args)
    {
        var edge = Options.Text(args, "--edge") ?? throw new ArgumentException("--edge is followed by the published executable.", nameof(args));
        var model = Options.Text(args, "--model") ?? throw new ArgumentException("--model is followed by a GGUF file.", nameof(args));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"size        {new FileInfo(edge).Length / 1e6:f1} MB"));
        Report("usage", edge, []);
        Report("info", edge, ["info", model]);
        Report("first text", edge, ["chat", model, "--prompt", "Hello", "--max-tokens", "16", "--temperature", "0"]);
        return 0;
    }

    private static void Report(string name, string edge, string[] arguments)
    {
        var times = Enumerable.Range(0, Starts + 1).Select(_ => FirstOutput(edge, arguments)).Skip(1).Order().ToList();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-11} {times[Starts / 2]:f1} ms ({times[0]:f1} to {times[^1]:f1})"));
    }

    private static double FirstOutput(string edge, string[] arguments)
    {
        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo(edge, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var first = process.StandardOutput.Read();
        var milliseconds = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        var rest = process.StandardOutput.ReadToEnd();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return first >= 0 && process.ExitCode == 0 ? milliseconds : throw new InvalidOperationException($"{edge} {string.Join(' ', arguments)} ended with {process.ExitCode}: {rest}{errors}");
    }
}
