using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Landfall.Platform.Datasets;
using Landfall.Platform.Search;
using Landfall.Retrieval.Classification;

namespace Landfall.Benchmarks;

/// <summary>
/// How many of random's training rows <c>asha</c> needs to reach random's best, for <c>linear</c> on CLINC150: accuracy on
/// validation rows, cost and threshold searched. With one seed both draw the same settings, and what one of them trained the
/// other finds trained.
/// </summary>
internal static class SearchHalving
{
    private const string OutOfScope = "oos";

    private static readonly SearchSpace Space = new([new NumberSetting("cost", 0.001, 1000, IsLog: true), new ChoiceSetting("threshold", ["auto", "none", "0.3", "0.5", "0.7"])]);

    public static int Run(string[] args)
    {
        if (Path.Combine(Options.Text(args, "--data") ?? Environment.GetEnvironmentVariable("LANDFALL_SHARED") ?? "", "intents", "clinc150", "data_full.json") is var path && !File.Exists(path))
        {
            Console.Error.WriteLine($"{path} is not there. Name the folder that holds intents/clinc150/data_full.json in --data or LANDFALL_SHARED.");
            return 2;
        }

        using var json = JsonDocument.Parse(File.ReadAllBytes(path));
        var train = Read(json, "train", "oos_train");
        var validation = Read(json, "val", "oos_val").Select(row => new LabelledText(row.Text, row.Expected)).ToList();
        int trials = Options.Number(args, "--trials", 30), seeds = Options.Number(args, "--seeds", 5);
        var parts = TrainingParts.OfRows(train.Count, train.Select(row => row.Expected).Distinct(StringComparer.Ordinal).Count());
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{train.Count} rows to train on, {validation.Count} to measure on, {trials} trials, shares {string.Join(", ", parts.Shares.Select(share => share.ToString("0.###", CultureInfo.InvariantCulture)))}"));
        var reached = new List<double>();
        for (var seed = 1; seed <= seeds; seed++)
        {
            reached.Add(Compare(train, validation, parts, trials, seed));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"mean share of random's rows until random's best is reached: {reached.Average():0.000} (1 where it was not)"));
        return 0;
    }

    private static double Compare(IReadOnlyList<Row> train, IReadOnlyList<LabelledText> validation, TrainingParts parts, int trials, int seed)
    {
        var started = Stopwatch.GetTimestamp();
        var known = new Dictionary<string, double>(StringComparer.Ordinal);
        var random = Search("random", TrainingParts.Whole, trial => Measure(trial, 2));
        var best = random.Min(trial => trial.Loss!.Value);
        var asha = Search("asha", parts, trial => Measure(trial, trial.Rung));
        var rows = Rows(asha);
        var at = asha.FindIndex(trial => trial.Rung == parts.Shares.Count - 1 && trial.Loss <= best);
        var share = at < 0 ? 1 : Rows(asha[..(at + 1)]) / (trials * (double)train.Count);
        var found = asha.Where(trial => trial.Rung == parts.Shares.Count - 1).Min(trial => trial.Loss);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"seed {seed}: random's best {-best:0.0000}; asha's best {-found:0.0000}; reached with {(at < 0 ? "never" : $"{share:0.000}")} of random's rows, in all {rows / (trials * (double)train.Count):0.000} ({Stopwatch.GetElapsedTime(started).TotalSeconds:0} s)"));
        return share;

        List<TriedSettings> Search(string method, TrainingParts of, Func<SearchProposal, double> measure)
        {
            var tried = new List<TriedSettings>();
            while (SearchMethods.BuiltIn.Find(method)!.Next(new SearchHistory(Space, trials, seed, of.Shares, tried)) is { } proposal)
            {
                tried.Add(new TriedSettings(tried.Count + 1, proposal.Settings, proposal.Rung, proposal.Promotes, -measure(proposal)));
            }

            return tried;
        }

        double Measure(SearchProposal proposal, int rung)
        {
            var key = $"{rung}\n{SearchSpace.Identity(proposal.Settings)}";
            return known.TryGetValue(key, out var accuracy) ? accuracy : known[key] = Accuracy(parts.RowsOf(rung, train, seed), validation, proposal.Settings);
        }

        double Rows(IEnumerable<TriedSettings> tried) => tried.Sum(trial => parts.Shares[trial.Rung] * train.Count);
    }

    private static double Accuracy(IReadOnlyList<Row> train, IReadOnlyList<LabelledText> validation, IReadOnlyDictionary<string, string> settings)
    {
        var options = new LinearOptions
        {
            OutOfScopeLabel = OutOfScope,
            Cost = double.Parse(settings["cost"], CultureInfo.InvariantCulture),
            Threshold = ThresholdRule.TryParse(settings["threshold"], out var rule) ? rule : throw new InvalidOperationException($"'{settings["threshold"]}' is no threshold."),
        };
        var classifier = LinearClassifier.Train([.. train.Select(row => new LabelledText(row.Text, row.Expected))], validation, options);
        return validation.Count(row => classifier.Predict(row.Text).Label == row.Label) / (double)validation.Count;
    }

    private static List<Row> Read(JsonDocument json, params ReadOnlySpan<string> parts)
    {
        var rows = new List<Row>();
        foreach (var part in parts)
        {
            rows.AddRange(json.RootElement.GetProperty(part).EnumerateArray().Select((pair, i) =>
                new Row($"{part}/{i}", pair[0].GetString()!, pair[1].GetString()!, new Dictionary<string, string>(StringComparer.Ordinal))));
        }

        return rows;
    }
}
