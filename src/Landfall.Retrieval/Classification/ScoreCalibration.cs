using Landfall.Retrieval.Artifacts;

namespace Landfall.Retrieval.Classification;

/// <summary>
/// Turns the scores of any model (logits, one per label) into probabilities and an answer: a temperature and an
/// out-of-scope threshold, fitted on rows that the model was not trained on, as the classifiers here do it.
/// </summary>
public sealed class ScoreCalibration
{
    private const string Kind = "LFSC";
    private const ushort Version = 1;
    private readonly LabelSet _labels;
    private readonly Calibration _calibration;

    private ScoreCalibration(LabelSet labels, Calibration calibration, IReadOnlyList<string> notes) => (_labels, _calibration, Notes) = (labels, calibration, notes);

    /// <summary>The labels, in the order of the scores.</summary>
    public IReadOnlyList<string> Labels => _labels.Labels;

    /// <summary>What was chosen, one sentence each; empty where it was read.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Fits on scored rows.</summary>
    /// <param name="labels">At least two, each once, in ordinal order.</param>
    /// <param name="rows">Rows that the scores were not trained on: scores, and the right label.</param>
    /// <param name="outOfScopeLabel">The label of rows that belong to no class; null: there is none.</param>
    /// <param name="rule">The threshold asked for.</param>
    /// <param name="source">What the rows are, for the notes: "validation rows".</param>
    /// <exception cref="ArgumentException">The labels are too few, or rows have another number of scores.</exception>
    public static ScoreCalibration Fit(
        IReadOnlyList<string> labels, IReadOnlyList<(float[] Scores, string Label)> rows, string? outOfScopeLabel, ThresholdRule rule, string source = "validation rows")
    {
        var set = LabelSet.Of([.. labels.Select(l => new LabelledText("", l))], outOfScopeLabel);
        if (!set.Labels.SequenceEqual(labels, StringComparer.Ordinal))
        {
            throw new ArgumentException("The labels are out of order, or one comes twice. Give them in ordinal order.", nameof(labels));
        }

        if (rows.FirstOrDefault(r => r.Scores.Length != labels.Count) is { Scores: not null } wrong)
        {
            throw new ArgumentException($"A row has {wrong.Scores.Length} scores, and there are {labels.Count} labels.", nameof(rows));
        }

        var notes = new List<string>();
        var judged = rows.Select(r => new JudgedText(Score(r.Scores), set.ClassOf(r.Label), string.Equals(r.Label, outOfScopeLabel, StringComparison.Ordinal))).ToList();
        return new ScoreCalibration(set, Calibration.Fit(judged, set, rule, source, notes), notes);
    }

    /// <summary>The answer that scores give.</summary>
    /// <param name="scores">One per label.</param>
    public Prediction Predict(float[] scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        return scores.Length == _labels.Count
            ? _calibration.Predict(Score(scores))
            : throw new ArgumentException($"There are {scores.Length} scores for {_labels.Count} labels.", nameof(scores));
    }

    /// <summary>Writes it.</summary>
    public void Save(Stream output)
    {
        ArgumentNullException.ThrowIfNull(output);
        using var writer = new ArtifactWriter();
        _labels.Write(writer);
        _calibration.Write(writer);
        writer.Seal(output, Kind, Version);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">Not such a file, of another version, or damaged.</exception>
    public static ScoreCalibration Load(Stream input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var reader = ArtifactReader.Open(input, Kind, Version);
        var labels = LabelSet.Read(reader);
        var calibration = Calibration.Read(reader, labels);
        reader.End();
        return new ScoreCalibration(labels, calibration, []);
    }

    /// <summary>A model says nothing of how familiar a text is to it beyond its scores.</summary>
    private static ScoredText Score(float[] scores) => new(scores, Familiarity: 1);
}
