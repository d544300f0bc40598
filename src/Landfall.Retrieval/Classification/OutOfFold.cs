namespace Landfall.Retrieval.Classification;

/// <summary>
/// Each row's class probabilities by a linear model that was trained without the row: what a classifier thinks of labels
/// that it has not learnt by heart. One temperature is fitted on all out-of-fold scores.
/// </summary>
/// <param name="labels">The classes, in ordinal order.</param>
/// <param name="probabilities"><c>[row][class]</c>; each row sums to 1.</param>
public sealed class OutOfFold(IReadOnlyList<string> labels, IReadOnlyList<double[]> probabilities)
{
    /// <summary>The classes, in ordinal order.</summary>
    public IReadOnlyList<string> Labels { get; } = labels;

    /// <summary><c>[row][class]</c>.</summary>
    public IReadOnlyList<double[]> Probabilities { get; } = probabilities;

    /// <summary>Trains once per fold.</summary>
    /// <param name="rows">Rows of at least two labels.</param>
    /// <param name="groups">Rows of one group are in one fold: a copy in train would vouch for its twin. Null: each row for itself.</param>
    /// <param name="folds">At least 2.</param>
    /// <param name="seed">Deals the rows to folds.</param>
    /// <param name="progress">Told the share that is done.</param>
    /// <param name="cancellation">Ends the training.</param>
    public static OutOfFold Estimate(
        IReadOnlyList<LabelledText> rows, IReadOnlyList<int>? groups, int folds, int seed, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        var labels = LabelSet.Of(rows, outOfScopeLabel: null);
        var classes = rows.Select(r => labels.ClassOf(r.Label)).ToArray();
        var foldOf = Deal(groups ?? [.. Enumerable.Range(0, rows.Count)], classes, folds, seed);
        var scores = new ScoredText[rows.Count];
        for (var fold = 0; fold < folds; fold++)
        {
            var kept = Enumerable.Range(0, rows.Count).Where(i => foldOf[i] != fold).ToArray();
            var texts = kept.Select(i => rows[i].Text).ToArray();
            var space = LinearModel.Features(texts, new LinearOptions().MaxFeatures, cancellation);
            var model = LinearModel.Train(space, space.Transform(texts, cancellation), [.. kept.Select(i => classes[i])], labels.Count, cost: 1, seed, () => { }, cancellation);
            var asked = Enumerable.Range(0, rows.Count).Where(i => foldOf[i] == fold).ToArray();
            var scored = model.Score([.. asked.Select(i => rows[i].Text)], cancellation);
            for (var i = 0; i < asked.Length; i++)
            {
                scores[asked[i]] = scored[i];
            }

            progress?.Report((fold + 1.0) / folds);
        }

        var temperature = Temperature.Fit([.. scores.Select((score, i) => new JudgedText(score, classes[i], IsOutOfScope: false))]).Temperature;
        return new OutOfFold(labels.Labels, [.. scores.Select(s => Temperature.Softmax(s.Scores, temperature))]);
    }

    // Each class's groups are dealt round in a seeded order; a group counts for the class of its first row.
    private static int[] Deal(IReadOnlyList<int> groups, int[] classes, int folds, int seed)
    {
        var units = Enumerable.Range(0, groups.Count).GroupBy(i => groups[i]).Select(g => g.ToArray()).ToArray();
        new Random(seed).Shuffle(units);
        var dealt = new Dictionary<int, int>();
        var foldOf = new int[groups.Count];
        foreach (var unit in units)
        {
            var next = dealt.GetValueOrDefault(classes[unit[0]]);
            dealt[classes[unit[0]]] = next + 1;
            Array.ForEach(unit, row => foldOf[row] = next % folds);
        }

        return foldOf;
    }
}
