namespace Landfall.Retrieval.Classification;

/// <summary>Trains a linear model and chooses on validation data what training cannot.</summary>
internal sealed class LinearTrainer(LabelSet labels, LinearOptions options, IProgress<double>? progress, CancellationToken cancellation)
{
    private static readonly double[] Costs = [0.3, 1, 3];
    private const double DefaultCost = 1;

    // Rows times classes up to which three costs are tried (a few seconds on two cores).
    private const long ManyProducts = 1_000_000;
    private const int Folds = 3;

    private readonly Lock _progressLock = new();
    private double _classesDone;
    private double _classesToDo;

    public (LinearModel Model, Calibration Calibration, List<string> Notes) Train(IReadOnlyList<LabelledText> train, IReadOnlyList<LabelledText> validation)
    {
        var notes = new List<string>();
        var crossValidate = WhyCrossValidate(train, validation) is { } why;
        var costs = options.Cost is { } cost ? [cost] : validation.Count > 0 && (long)train.Count * labels.Count <= ManyProducts ? Costs : [DefaultCost];
        _classesToDo = labels.Count * (costs.Length + (crossValidate ? Folds : 0.0));

        var (model, judged, chosen) = TrainBest(train, validation, costs, notes);
        var source = "validation rows";
        if (crossValidate)
        {
            judged = CrossValidate(train, chosen);
            source = "training rows, scored by cross-validation";
            notes.Add(WhyCrossValidate(train, validation)!);
        }

        var calibration = Calibration.Fit(judged, labels, options.Threshold, source, notes);
        return (model, calibration, notes);
    }

    // Validation data without out-of-scope rows cannot choose a threshold, but held-out parts of train can.
    private string? WhyCrossValidate(IReadOnlyList<LabelledText> train, IReadOnlyList<LabelledText> validation)
    {
        if (validation.Count == 0)
        {
            return $"There are no validation rows, so train was cross-validated in {Folds} parts instead.";
        }

        var wanted = labels.OutOfScopeLabel is not null && !options.Threshold.IsNone;
        return wanted && validation.Count(IsOutOfScope) < OutOfScopeRule.LeastRows && train.Count(IsOutOfScope) >= OutOfScopeRule.LeastRows
            ? $"Validation holds {validation.Count(IsOutOfScope)} out-of-scope rows, too few to choose a threshold, so train was cross-validated in {Folds} parts instead."
            : null;
    }

    private (LinearModel Model, IReadOnlyList<JudgedText> Judged, double Cost) TrainBest(
        IReadOnlyList<LabelledText> train, IReadOnlyList<LabelledText> validation, double[] costs, List<string> notes)
    {
        var texts = train.Select(row => row.Text).ToArray();
        var space = LinearModel.Features(texts, options.MaxFeatures, cancellation);
        var rows = space.Transform(texts, cancellation);
        var classes = train.Select(row => labels.ClassOf(row.Label)).ToArray();
        var tried = costs.Select(cost =>
        {
            var model = LinearModel.Train(space, rows, classes, labels.Count, cost, options.Seed, OnClass, cancellation);
            var judged = Judge(model, validation);
            return (Model: model, Judged: judged, Cost: cost, Temperature.Fit(judged).Loss);
        }).ToArray();
        var best = tried.MinBy(each => each.Loss);
        if (costs.Length > 1)
        {
            notes.Add(Calibration.Note($"Cost C {best.Cost} of {string.Join(", ", costs.Select(cost => Calibration.Note($"{cost}")))} had the least log loss on {validation.Count} validation rows ({best.Loss:0.000})."));
        }

        return (best.Model, best.Judged, best.Cost);
    }

    private List<JudgedText> CrossValidate(IReadOnlyList<LabelledText> train, double cost)
    {
        var folds = StratifiedFolds(train);
        var judged = new List<JudgedText>();
        for (var fold = 0; fold < Folds; fold++)
        {
            var kept = train.Where((_, i) => folds[i] != fold).ToArray();
            var texts = kept.Select(row => row.Text).ToArray();
            var space = LinearModel.Features(texts, options.MaxFeatures, cancellation);
            var rows = space.Transform(texts, cancellation);
            var classes = kept.Select(row => labels.ClassOf(row.Label)).ToArray();
            var model = LinearModel.Train(space, rows, classes, labels.Count, cost, options.Seed, OnClass, cancellation);
            judged.AddRange(Judge(model, [.. train.Where((_, i) => folds[i] == fold)]));
        }

        return judged;
    }

    // Each label's rows are dealt round in a seeded order.
    private int[] StratifiedFolds(IReadOnlyList<LabelledText> train)
    {
        var order = Enumerable.Range(0, train.Count).ToArray();
        new Random(options.Seed).Shuffle(order);
        var seen = new int[labels.Count];
        var folds = new int[train.Count];
        foreach (var row in order)
        {
            folds[row] = seen[labels.ClassOf(train[row].Label)]++ % Folds;
        }

        return folds;
    }

    private JudgedText[] Judge(LinearModel model, IReadOnlyList<LabelledText> rows) =>
        [.. model.Score([.. rows.Select(row => row.Text)], cancellation).Select((scored, i) => new JudgedText(scored, labels.ClassOf(rows[i].Label), IsOutOfScope(rows[i])))];

    private bool IsOutOfScope(LabelledText row) => string.Equals(row.Label, labels.OutOfScopeLabel, StringComparison.Ordinal);

    private void OnClass()
    {
        lock (_progressLock)
        {
            _classesDone++;
            progress?.Report(Math.Min(1, _classesDone / _classesToDo));
        }
    }
}
