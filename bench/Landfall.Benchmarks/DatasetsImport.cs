using System.Diagnostics;
using System.Globalization;
using System.Text;
using Landfall.Platform.Datasets;
using Landfall.Platform.Storage;

namespace Landfall.Benchmarks;

/// <summary>Imports a generated file of JSON lines, as a user's import does: hashed, canonical, counted, synced to disk.</summary>
internal static class DatasetsImport
{
    private const int RowBytes = 500;

    public static async Task<int> RunAsync(string[] args)
    {
        var rows = Options.Number(args, "--rows", 1_000_000);
        var folder = Directory.CreateTempSubdirectory("landfall-import-").FullName;
        try
        {
            var blobs = new BlobStore(folder);
            var sha256 = await blobs.WriteAsync(stream => GenerateAsync(stream, rows, Options.Number(args, "--seed", 1)), CancellationToken.None);
            var megabytes = blobs.Size(sha256) / 1e6;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"generated  {rows} rows, {megabytes:f1} MB"));

            var watch = Stopwatch.StartNew();
            var import = await new DatasetImporter(blobs, TimeProvider.System).ImportAsync("bench", "rows.jsonl", sha256, progress: null, CancellationToken.None);
            var seconds = watch.Elapsed.TotalSeconds;

            var summary = import.Summary;
            using var process = Process.GetCurrentProcess();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"imported   {summary.Rows} rows in {seconds:f2} s: {megabytes / seconds:f1} MB/s"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"found      {summary.ExactDuplicates} exact duplicates, {summary.NearDuplicates} near duplicates among the first {import.NearDuplicatesLookedAt}, {import.Labels.Count} labels"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"memory     {process.PeakWorkingSet64 / 1e6:f1} MB peak working set of the process"));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>One row in 50 is a copy of an earlier one, one in 50 nearly so.</summary>
    private static async Task GenerateAsync(Stream stream, int rows, int seed)
    {
        var sentences = new DatasetsSentences(seed);
        var earlier = new string[256];
        var buffer = new StringBuilder();
        for (var i = 0; i < rows; i++)
        {
            var kind = i < earlier.Length ? 2 : sentences.Next(50);
            var text = kind switch
            {
                0 => earlier[sentences.Next(earlier.Length)],
                1 => earlier[sentences.Next(earlier.Length)] + " " + sentences.NextWord(),
                _ => sentences.Text(75),
            };
            earlier[i % earlier.Length] = text;
            var start = buffer.Length;
            buffer.Append(CultureInfo.InvariantCulture, $"{{\"text\": \"{text}\", \"label\": \"intent_{sentences.Next(77)}\", \"source\": \"generated\", \"number\": {i}");
            buffer.Append(", \"note\": \"").Append('x', Math.Max(0, RowBytes - (buffer.Length - start) - 14)).Append("\"}\n");
            if (buffer.Length > 1 << 20 || i == rows - 1)
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes(buffer.ToString()));
                buffer.Clear();
            }
        }
    }
}
