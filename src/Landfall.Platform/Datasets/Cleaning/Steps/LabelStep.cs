using System.Globalization;
using Landfall.Protocol.Datasets;
using Landfall.Retrieval.Classification;

namespace Landfall.Platform.Datasets.Cleaning.Steps;

/// <summary>
/// Proposes another label where a classifier that never saw the row is sure of it: confident learning (Northcutt, Jiang,
/// Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels", 2021) on calibrated out-of-fold probabilities.
/// A label's threshold is the mean probability that its own rows are given for it. A row is suspect when another label
/// passes its threshold and the given one does not; suspects are ranked by what they are given for the other label against the given one.
/// </summary>
internal sealed class LabelStep : ICleaningStep
{
    private const int Folds = 5;
    private const int Repeats = 2;
    private const int LeastRows = 50;
    private const int MostRows = 100_000;

    // Chosen on planted errors (docs/benchmarks.md): the given label must be this much less likely than the other.
    private const double LeastOdds = 100;

    public string Name => "labels";

    public CleaningFindings Find(CleaningInput input, IProgress<double> progress, CancellationToken cancellation)
    {
        if (!input.HasLabels || input.Rows.Count is < LeastRows or > MostRows)
        {
            return new CleaningFindings([], !input.HasLabels ? "The expected outputs are not labels." : $"Label errors are looked for among {LeastRows} to {MostRows:#,0} rows; these are {input.Rows.Count:#,0}.");
        }

        var (labels, probabilities) = Estimate(input, progress, cancellation);
        var classes = labels.Index().ToDictionary(l => l.Item, l => l.Index, StringComparer.Ordinal);
        var given = input.Rows.Select(r => classes[r.Expected]).ToArray();
        var thresholds = Thresholds(probabilities, given, labels.Count);
        var findings = new List<(Finding Finding, double Odds)>();
        for (var i = 0; i < given.Length; i++)
        {
            var own = probabilities[i];
            var other = Enumerable.Range(0, labels.Count).Where(l => l != given[i] && own[l] >= thresholds[l]).DefaultIfEmpty(-1).MaxBy(l => l < 0 ? 0 : own[l]);
            if (other < 0 || own[given[i]] >= thresholds[given[i]])
            {
                continue;
            }

            var odds = own[other] / Math.Max(1e-6, own[given[i]]);
            if (odds >= LeastOdds)
            {
                var reason = string.Create(CultureInfo.InvariantCulture, $"A classifier that was not trained on this row gives '{labels[other]}' {own[other]:0.00} and '{labels[given[i]]}' {own[given[i]]:0.000}.");
                findings.Add((new Finding(i, CleaningAction.Edit, "expected", labels[given[i]], labels[other], reason, odds / (odds + LeastOdds)), odds));
            }
        }

        return new CleaningFindings([.. findings.OrderByDescending(f => f.Odds).Select(f => f.Finding)]);
    }

    // Copies of one another are in one fold, or a wrong label would be confirmed by its twin. Two deals are averaged: less chance.
    private static (IReadOnlyList<string> Labels, double[][] Probabilities) Estimate(CleaningInput input, IProgress<double> progress, CancellationToken cancellation)
    {
        var rows = input.Rows.Select(r => new LabelledText(r.Text, r.Expected)).ToList();
        var clusters = input.Copies(cancellation).Clusters(cancellation);
        var sums = new double[rows.Count][];
        IReadOnlyList<string> labels = [];
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            var part = repeat;
            var estimate = OutOfFold.Estimate(rows, clusters, Folds, unchecked(input.Seed + repeat), new Part(progress, part), cancellation);
            labels = estimate.Labels;
            for (var i = 0; i < sums.Length; i++)
            {
                sums[i] = repeat == 0 ? estimate.Probabilities[i] : [.. sums[i].Zip(estimate.Probabilities[i], (a, b) => a + b)];
            }
        }

        return (labels, Array.ConvertAll(sums, s => Array.ConvertAll(s, p => p / Repeats)));
    }

    private static double[] Thresholds(double[][] probabilities, int[] given, int labels)
    {
        var (sums, counts) = (new double[labels], new int[labels]);
        for (var i = 0; i < given.Length; i++)
        {
            sums[given[i]] += probabilities[i][given[i]];
            counts[given[i]]++;
        }

        return [.. sums.Select((sum, l) => sum / Math.Max(1, counts[l]))];
    }

    private sealed class Part(IProgress<double> whole, int part) : IProgress<double>
    {
        public void Report(double value) => whole.Report((part + value) / Repeats);
    }
}
