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
        for (var seed = first; seed < first + Options.Number(args, "--seeds", 1); seed++)
        {
            var planted = new DirtPlanter(seed).Plant(train, test, new DirtShares());
            Console.WriteLine($"helpdesk, seed {seed}: {planted.Rows.Count} rows");
            Judge("  duplicates", () => Detection.OfDuplicates(planted, Find(steps["duplicates"], planted.Rows, test)));
            Judge("  contamination", () => Detection.OfRows([.. planted.Contaminated], Find(steps["contamination"], planted.Rows, test).Select(f => f.Row)));
            Judge("  pii", () => Detection.OfRows([.. planted.PersonalData], Find(steps["pii"], planted.Rows, test).Select(f => f.Row)));
            Dump(planted, Find(steps["labels"], planted.Rows, test));
            foreach (var i in planted.PersonalData.Except(Find(steps["pii"], planted.Rows, test).Select(f => f.Row))) Console.WriteLine("MISSED PII " + planted.Rows[i].Text);
            foreach (var f in Find(steps["pii"], planted.Rows, test).Where(f => !planted.PersonalData.Contains(f.Row))) Console.WriteLine("FALSE PII " + f.Before + " => " + f.After);
            foreach (var f in Find(steps["duplicates"], planted.Rows, test).Where(f => !planted.Duplicates.ContainsKey(f.Row) && !planted.Duplicates.Values.Contains(f.Row))) Console.WriteLine("FALSE DUP " + f.Before + " => " + f.RelatedText + f.Confidence);
            var dups = Find(steps["duplicates"], planted.Rows, test).Select(f => f.Row).ToHashSet();
            foreach (var d in planted.Duplicates.Where(d => !dups.Contains(d.Key) && !dups.Contains(d.Value))) Console.WriteLine("MISSED DUP " + planted.Rows[d.Key].Text + " => " + planted.Rows[d.Value].Text);
            foreach (var f in Find(steps["contamination"], planted.Rows, test).Where(f => !planted.Contaminated.Contains(f.Row))) Console.WriteLine("FALSE CONT " + f.Before + " => " + f.RelatedText + f.Confidence);
            foreach (var f in Find(steps["language"], planted.Rows, test)) Console.WriteLine("LANG " + planted.Rows[f.Row].Text + f.Reason);
        }

        if (Environment.GetEnvironmentVariable("LANDFALL_SHARED") is { } shared && Path.Combine(shared, "intents", "clinc150", "data_full.json") is var clinc && File.Exists(clinc))
        {
            var planted = new DirtPlanter(first).Plant(ReadClinc(clinc), [], new DirtShares(Duplicates: 0, Contamination: 0, PersonalData: 0, Lures: 0));
            Console.WriteLine($"CLINC150 train, seed {first}: {planted.Rows.Count} rows");
            Dump(planted, Find(steps["labels"], planted.Rows, []));
        }

        return 0;
    }

    private static void Dump(PlantedRows planted, IReadOnlyList<Finding> found)
    {
        foreach (var c in new[] { .5, .67, .75, .8, .85, .9, .93, .95, .97, .98, .99 }) Console.WriteLine($"  labels >= {c}: " + Detection.OfRows([.. planted.WrongLabels.Keys], found.Where(f => f.Confidence >= c).Select(f => f.Row)));
    }

    private static void Report(string title, IReadOnlyList<Row> train, IReadOnlyList<Row> test, Dictionary<string, ICleaningStep> steps)
    {
        Console.WriteLine(title);
        foreach (var step in steps.Values)
        {
            Console.WriteLine($"  {step.Name}: {Find(step, train, test).Count} changes proposed among {train.Count} rows");
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
