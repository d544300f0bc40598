using Landfall.Platform.Evaluation.Statistics.Agreement;
using Landfall.Protocol.Labelling;

namespace Landfall.Platform.Labelling;

/// <summary>What an annotator holds of a row.</summary>
internal sealed record HeldAnswer(LabelAction Action, string? Value, DateTimeOffset At);

/// <summary>
/// What a history comes to. An undo takes back the annotator's newest entry that is not taken back yet; a later answer to the
/// same row replaces an earlier one; an adjudication decides the row whoever labelled it.
/// </summary>
internal sealed class LabellingState
{
    private readonly Dictionary<string, List<LabelEvent>> _standing = new(StringComparer.Ordinal);
    private readonly Dictionary<(int Row, string Annotator), HeldAnswer> _answers = [];
    private readonly Dictionary<int, HeldAnswer> _adjudicated = [];
    private readonly Dictionary<int, int> _labelCounts = [];

    /// <summary>The newest entry that was taken in.</summary>
    public long LastSeq { get; private set; }

    public IReadOnlyCollection<string> Annotators => _standing.Keys;

    /// <summary>Rows with at least one label.</summary>
    public IEnumerable<int> LabelledRows => _labelCounts.Where(l => l.Value > 0).Select(l => l.Key).Union(_adjudicated.Keys);

    public int LabelsOf(int row) => _labelCounts.GetValueOrDefault(row);

    public bool IsAdjudicated(int row) => _adjudicated.ContainsKey(row);

    public bool IsDone(int row, int overlap) => IsAdjudicated(row) || LabelsOf(row) >= overlap;

    public bool HasAnswered(int row, string annotator) => _answers.ContainsKey((row, annotator));

    /// <summary>The row that an undo of the annotator takes back, or null.</summary>
    public int? LastRowOf(string annotator) => _standing.GetValueOrDefault(annotator) is { Count: > 0 } standing ? standing[^1].Row : null;

    public void Apply(LabelEvent entry)
    {
        LastSeq = entry.Seq;
        if (entry.Action == LabelAction.Adjudicate)
        {
            _adjudicated[entry.Row] = new HeldAnswer(entry.Action, entry.Value, entry.At);
            return;
        }

        if (!_standing.TryGetValue(entry.Annotator, out var standing))
        {
            standing = _standing[entry.Annotator] = [];
        }

        if (entry.Action != LabelAction.Undo)
        {
            standing.Add(entry);
            Hold(entry.Row, entry.Annotator, entry);
        }
        else if (standing.Count > 0)
        {
            var undone = standing[^1];
            standing.RemoveAt(standing.Count - 1);
            Hold(undone.Row, entry.Annotator, standing.FindLast(e => e.Row == undone.Row));
        }
    }

    /// <summary>The row's labels by annotator.</summary>
    public IReadOnlyDictionary<string, string> LabelsBy(int row) =>
        _standing.Keys.Where(a => _answers.TryGetValue((row, a), out var held) && held.Action == LabelAction.Label)
            .ToDictionary(a => a, a => _answers[(row, a)].Value!, StringComparer.Ordinal);

    /// <summary>Rows whose labels differ, undecided.</summary>
    public IEnumerable<int> Disagreements() =>
        _labelCounts.Where(l => l.Value > 1 && !IsAdjudicated(l.Key)).Select(l => l.Key)
            .Where(row => LabelsBy(row).Values.Distinct(StringComparer.Ordinal).Skip(1).Any()).Order();

    /// <summary>The label that holds for a row: the adjudicated one, or the one that more annotators gave than any other. Null: none.</summary>
    public (string Value, DateTimeOffset At, IReadOnlyList<string> Annotators)? Final(int row)
    {
        var labels = LabelsBy(row);
        if (_adjudicated.TryGetValue(row, out var decided))
        {
            return (decided.Value!, decided.At, [.. labels.Keys.Order(StringComparer.Ordinal)]);
        }

        var votes = labels.Values.CountBy(v => v, StringComparer.Ordinal).OrderByDescending(v => v.Value).ToList();
        return votes.Count == 0 || (votes.Count > 1 && votes[0].Value == votes[1].Value)
            ? null
            : (votes[0].Key, labels.Keys.Max(a => _answers[(row, a)].At), [.. labels.Keys.Order(StringComparer.Ordinal)]);
    }

    public AnnotatorProgress ProgressOf(string annotator)
    {
        var answers = _answers.Where(a => a.Key.Annotator == annotator).Select(a => a.Value.Action).ToList();
        return new AnnotatorProgress(annotator, answers.Count(a => a == LabelAction.Label), answers.Count(a => a == LabelAction.Skip), answers.Count(a => a == LabelAction.Unsure));
    }

    /// <param name="annotators">Everybody, also those who labelled nothing.</param>
    public AgreementSummary Agreement(IReadOnlyList<string> annotators) => AgreementSummary.Of(RatingTable.Of(
        [.. _answers.Where(a => a.Value.Action == LabelAction.Label).Select(a => new Rating(a.Key.Row.ToString(System.Globalization.CultureInfo.InvariantCulture), a.Key.Annotator, a.Value.Value!))],
        annotators: annotators));

    private void Hold(int row, string annotator, LabelEvent? entry)
    {
        if (_answers.Remove((row, annotator), out var before) && before.Action == LabelAction.Label)
        {
            _labelCounts[row]--;
        }

        if (entry is not null)
        {
            _answers[(row, annotator)] = new HeldAnswer(entry.Action, entry.Value, entry.At);
            _labelCounts[row] = LabelsOf(row) + (entry.Action == LabelAction.Label ? 1 : 0);
        }
    }
}
