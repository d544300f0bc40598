using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Landfall.Benchmarks.Inference;

/// <summary>
/// Landfall and llama.cpp over the same files and as many threads, in turn, each in a process of its own; medians and their ratio. Then what
/// Landfall alone is asked: bandwidth, streams, shared prompts, constraints. It writes tables in Markdown.
/// </summary>
internal static class InferenceComparison
{
    private const int Rounds = 3;

    public static int Run(string[] args)
    {
        var folder = Options.Text(args, "--models") ?? throw new ArgumentException("--models is followed by the folder that 'inference-models' wrote.", nameof(args));
        var peer = Options.Text(args, "--peer") ?? Path.Combine("bench", "peers", "inference");
        var only = Options.Text(args, "--only");
        var files = Directory.GetFiles(folder, "*.gguf").Where(f => only is null || Path.GetFileName(f).Contains(only, StringComparison.Ordinal))
            .OrderBy(f => new FileInfo(f).Length).ToList();
        StringBuilder compared = new(), own = new();
        compared.AppendLine("| Model | Decode, tokens/s | llama.cpp | ratio | Prompt, tokens/s | llama.cpp | ratio | Peak MB | llama.cpp | ratio |");
        compared.AppendLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        own.AppendLine("| Model | Decode reads, GB/s | Sweep, GB/s | share | Eight streams against one | Shared prompt against cold | Constrained against free |");
        own.AppendLine("| --- | --- | --- | --- | --- | --- | --- |");
        string? features = null;
        foreach (var file in files)
        {
            var (ours, theirs) = Alternate(file, peer);
            features ??= theirs[0].Text("features");
            compared.AppendLine(ComparedRow(file, ours, theirs));
            own.AppendLine(OwnRow(file, ours));
            Console.Error.WriteLine($"{Path.GetFileName(file)} done");
        }

        Console.WriteLine($"llama.cpp says of the machine: {features}\n\n{compared}\n{own}");
        return 0;
    }

    /// <summary>One, the other, one, the other: what else the machine does falls on both.</summary>
    private static (List<Measurement> Ours, List<Measurement> Theirs) Alternate(string file, string peer)
    {
        List<Measurement> ours = [], theirs = [];
        for (var round = 0; round < Rounds; round++)
        {
            ours.Add(Landfall("speed", file));
            theirs.Add(Measurement.Of("node", Path.Combine(peer, "llama.mjs"), "speed", file));
        }

        return (ours, theirs);
    }

    private static string ComparedRow(string file, List<Measurement> ours, List<Measurement> theirs)
    {
        var cells = new[] { "decodeTokensPerSecond", "promptTokensPerSecond", "peakMegabytes" }.Select(name =>
        {
            var (mine, other) = (Median(ours, name), Median(theirs, name));
            return string.Create(CultureInfo.InvariantCulture, $"{mine:f1} {Range(ours, name)} | {other:f1} {Range(theirs, name)} | {mine / other:f2}");
        });
        return $"| {Path.GetFileNameWithoutExtension(file)} | {string.Join(" | ", cells)} |";
    }

    private static string OwnRow(string file, List<Measurement> ours)
    {
        var (streams, prefix, constrained) = (Landfall("streams", file), Landfall("prefix", file), Landfall("constrained", file));
        var (decode, sweep) = (Median(ours, "decodeGigabytesPerSecond"), Median(ours, "sweepGigabytesPerSecond"));
        var (one, eight) = (streams.Number("oneTokensPerSecond"), streams.Number("eightTokensPerSecond"));
        var (cold, warm) = (prefix.Number("coldMilliseconds"), prefix.Number("warmMilliseconds"));
        var (free, held) = (constrained.Number("freeTokensPerSecond"), constrained.Number("constrainedTokensPerSecond"));
        return string.Create(CultureInfo.InvariantCulture, $"| {Path.GetFileNameWithoutExtension(file)} | {decode:f1} | {sweep:f1} | {decode / sweep:p0} | {eight:f1} / {one:f1} = {eight / one:f2} | {warm:f0} ms / {cold:f0} ms = {warm / cold:f2} | {held:f1} / {free:f1} = {held / free:f2} |");
    }

    private static Measurement Landfall(string measure, string file) =>
        Measurement.Of("dotnet", typeof(InferenceComparison).Assembly.Location, "inference-run", measure, file);

    private static double Median(List<Measurement> runs, string name) => runs.Select(run => run.Number(name)).Order().ElementAt(runs.Count / 2);

    private static string Range(List<Measurement> runs, string name) =>
        string.Create(CultureInfo.InvariantCulture, $"({runs.Min(run => run.Number(name)):f1} to {runs.Max(run => run.Number(name)):f1})");

    /// <summary>The line of JSON that a measuring process printed.</summary>
    private sealed record Measurement(JsonElement Values)
    {
        public double Number(string name) => Values.GetProperty(name).GetDouble();

        public string? Text(string name) => Values.GetProperty(name).GetString();

        public static Measurement Of(string program, params string[] arguments)
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true })!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0
                ? new Measurement(JsonSerializer.Deserialize<JsonElement>(output))
                : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {output}");
        }
    }
}
