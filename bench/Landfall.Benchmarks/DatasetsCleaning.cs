using System.Diagnostics;
using System.Text.Json;
using Landfall.PlantedDirt;
using Landfall.Platform.Datasets;
using Landfall.Platform.Datasets.Cleaning;
using Microsoft.Extensions.DependencyInjection;

namespace Landfall.Benchmarks;

/// <summary>Dirt planted in the helpdesk example, and wrong labels in CLINC150: what the cleaning steps find of it.</summary>
internal static class DatasetsCleaning
{
    private static readonly IProgress<double> NoProgress = new Progress<double>();

    public static async Task<int> RunAsync(string[] args)
    {
        using var services = new ServiceCollection().AddCleaning().BuildServiceProvider();
        var steps = services.GetServices<ICleaningStep>().ToDictionary(s => s.Name, StringComparer.Ordinal);
        var data = Path.Combine(RepositoryFolder(), "examples", "helpdesk", "data");
        var train = await ReadAsync(Path.Combine(data, "train.jsonl"));
        var test = await ReadAsync(Path.Combine(data, "test.jsonl"));
        var first = Options.Number(args, "--seed", 1);
        Report("helpdesk, nothing planted", train, test, steps);
        var natural = Find(steps["contamination"], train, test).Select(f => f.Before).ToHashSet(StringComparer.Ordinal);
        for (var seed = first; seed < first + Options.Number(args, "--seeds", 1); seed++)
        {
            var planted = new DirtPlanter(seed).Plant(train, test, new DirtShares());
            Console.WriteLine($"helpdesk, seed {seed}: {planted.Rows.Count} rows");
            Judge("  duplicates", () => Detection.OfDuplicates(planted, Find(steps["duplicates"], planted.Rows, test)));
            Judge("  contamination", () => Detection.OfRows([.. planted.Contaminated], Find(steps["contamination"], planted.Rows, test).Select(f => f.Row)));
            Judge("  contamination but what the clean rows had", () => Detection.OfRows([.. planted.Contaminated], Find(steps["contamination"], planted.Rows, test).Where(f => planted.Contaminated.Contains(f.Row) || !natural.Contains(f.Before)).Select(f => f.Row)));
            Judge("  pii", () => Detection.OfRows([.. planted.PersonalData], Find(steps["pii"], planted.Rows, test).Select(f => f.Row)));
            Judge("  labels", () => Detection.OfRows([.. planted.WrongLabels.Keys], Find(steps["labels"], planted.Rows, test).Select(f => f.Row)));
        }

        if (Environment.GetEnvironmentVariable("LANDFALL_SHARED") is { } shared && Path.Combine(shared, "intents", "clinc150", "data_full.json") is var clinc && File.Exists(clinc))
        {
            var planted = new DirtPlanter(first).Plant(ReadClinc(clinc), [], new DirtShares(Duplicates: 0, Contamination: 0, PersonalData: 0, Lures: 0));
            Console.WriteLine($"CLINC150 train, seed {first}: {planted.Rows.Count} rows");
            Judge("  labels", () => Detection.OfRows([.. planted.WrongLabels.Keys], Find(steps["labels"], planted.Rows, []).Select(f => f.Row)));
        }

        return 0;
    }

    private static void Report(string title, IReadOnlyList<Row> train, IReadOnlyList<Row> test, Dictionary<string, ICleaningStep> steps)
    {
        Console.WriteLine(title);
        foreach (var step in steps.Values)
        {
            var found = Find(step, train, test);
            Console.WriteLine($"  {step.Name}: {found.Count} changes proposed among {train.Count} rows");
            foreach (var finding in found.Where(f => f.RelatedText is not null))
            {
                Console.WriteLine($"    {finding.Before} | {finding.RelatedText}");
            }
        }
    }

    private static void Judge(string title, Func<Detection> judge)
    {
        var watch = Stopwatch.StartNew();
        var detection = judge();
        Console.WriteLine(FormattableString.Invariant($"{title}: {detection}; {watch.Elapsed.TotalSeconds:0.0} s"));
    }

    private static IReadOnlyList<Finding> Find(ICleaningStep step, IReadOnlyList<Row> rows, IReadOnlyList<Row> test) =>
        step.Find(new CleaningInput(rows, test, Seed: 0), NoProgress, CancellationToken.None).Findings;

    private static async Task<List<Row>> ReadAsync(string path)
    {
        var rows = new List<Row>();
        var content = File.OpenRead(path);
        await using (content)
        {
            await foreach (var row in new RowReader().ReadAsync(content, path, CancellationToken.None))
            {
                rows.Add(row);
            }
        }

        return rows;
    }

    private static List<Row> ReadClinc(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return [.. document.RootElement.GetProperty("train").EnumerateArray().Select(r => CanonicalRow.Create(r[0].GetString()!, r[1].GetString()!, new Dictionary<string, string>()))];
    }

    private static string RepositoryFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Landfall.slnx")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The benchmark reads examples/helpdesk: run it from a checkout.");
        }

        return folder.FullName;
    }
}
