using System.Text;
using Landfall.Platform.Datasets;
using Landfall.Platform.Datasets.Cleaning;
using Landfall.Protocol.Labelling;
using Landfall.Retrieval.Classification;

namespace Landfall.Platform.Labelling;

/// <summary>
/// The order in which rows are asked for: first those that others have begun (so that agreement can be told), then those
/// whose two likeliest labels are closest (margin sampling; Scheffer, Decomain, Wrobel 2001) by a linear model of the labels so
/// far. Before there is a model, rows come in a seeded order. A near duplicate of a row that is labelled or being labelled comes last.
/// </summary>
internal sealed class LabellingQueue(IReadOnlyList<Row> rows, int[] clusters)
{
    private const int LeastLabels = 20;
    private const int MostScored = 5_000;
    private readonly ulong[] _order = [.. rows.Select((row, i) => Hash64.Of(Encoding.UTF8.GetBytes(row.Id), (ulong)i))];
    private volatile Model? _model;
    private Task _training = Task.CompletedTask;

    public IReadOnlyList<Row> Rows => rows;

    /// <summary>Whether a model orders the rows.</summary>
    public bool IsByUncertainty => _model is not null;

    /// <summary>Rows in the order in which an annotator is asked, without those that need no label or that the annotator has answered.</summary>
    /// <param name="state">The labels so far.</param>
    /// <param name="overlap">Labels that a row needs.</param>
    /// <param name="annotator">Who asks.</param>
    /// <param name="claims">Claims of all.</param>
    public IEnumerable<int> For(LabellingState state, int overlap, string annotator, IReadOnlyList<LabelClaimEntity> claims)
    {
        var margins = _model?.Margins;
        var busy = claims.Where(c => c.Annotator != annotator).CountBy(c => c.Row).ToDictionary();
        var taken = state.LabelledRows.Concat(busy.Keys).Select(row => clusters[row]).ToHashSet();
        return Enumerable.Range(0, rows.Count)
            .Where(row => !state.IsDone(row, overlap) && !state.HasAnswered(row, annotator) && state.LabelsOf(row) + busy.GetValueOrDefault(row) < overlap)
            .OrderByDescending(row => state.LabelsOf(row) > 0)
            .ThenBy(row => state.LabelsOf(row) == 0 && taken.Contains(clusters[row]))
            .ThenBy(row => margins?.GetValueOrDefault(row, 1) ?? 1)
            .ThenBy(row => _order[row]);
    }

    /// <summary>Trains anew, beside everything else, once there are enough new labels.</summary>
    public void RefreshWhenDue(LabellingState state, LabelKind kind)
    {
        var labelled = state.LabelledRows.Count();
        if (kind is LabelKind.Single or LabelKind.Multiple && labelled >= LeastLabels && labelled >= 1.2 * (_model?.Labels ?? 0) && _training.IsCompleted)
        {
            var examples = Examples(state);
            _training = Task.Run(() => Train(examples));
        }
    }

    /// <summary>Waits for the training that is under way.</summary>
    internal Task TrainedAsync() => _training;

    private List<(int Row, LabelledText Text)> Examples(LabellingState state) =>
        [.. state.LabelledRows.Select(row => (row, state.Final(row))).Where(e => e.Item2 is not null).Select(e => (e.row, new LabelledText(rows[e.row].Text, e.Item2!.Value.Value)))];

    private void Train(List<(int Row, LabelledText Text)> examples)
    {
        if (examples.DistinctBy(e => e.Text.Label, StringComparer.Ordinal).Count() < 2)
        {
            return;
        }

        var known = examples.Select(e => e.Row).ToHashSet();
        var model = LinearClassifier.Train([.. examples.Select(e => e.Text)], [], new LinearOptions { Threshold = ThresholdRule.None, Cost = 1 });
        var margins = Enumerable.Range(0, rows.Count).Where(row => !known.Contains(row)).OrderBy(row => _order[row]).Take(MostScored)
            .AsParallel().ToDictionary(row => row, row => Margin(model.Predict(rows[row].Text)));
        _model = new Model(examples.Count, margins);
    }

    private static double Margin(Prediction prediction) =>
        prediction.Alternatives.Count < 2 ? 1 : prediction.Alternatives[0].Probability - prediction.Alternatives[1].Probability;

    private sealed record Model(int Labels, IReadOnlyDictionary<int, double> Margins);

    public static LabellingQueue Of(IReadOnlyList<Row> rows, CancellationToken cancellation) =>
        new(rows, RowCopies.Of(rows, cancellation).Clusters(cancellation));
}
