using Landfall.Retrieval.Artifacts;

namespace Landfall.Retrieval.Classification;

/// <summary>
/// A linear classifier of words, word pairs and character n-grams: one squared-hinge classifier per class
/// (<see cref="DualCoordinateDescent"/>), probabilities by temperature scaling, and for the out-of-scope label a logistic
/// rule on a few facts about the scores. Unchanging once trained; safe for concurrent use.
/// </summary>
public sealed class LinearClassifier
{
    private const string Kind = "LFLC";
    private const ushort Version = 1;
    private readonly LabelSet _labels;
    private readonly LinearModel _model;
    private readonly Calibration _calibration;

    private LinearClassifier(LabelSet labels, LinearModel model, Calibration calibration, IReadOnlyList<string> notes)
    {
        _labels = labels;
        _model = model;
        _calibration = calibration;
        Notes = notes;
    }

    /// <summary>The labels that it can answer with, in ordinal order.</summary>
    public IReadOnlyList<string> Labels => _labels.Labels;

    /// <summary>Numbers that were fitted and kept.</summary>
    public long TrainedParameters => _model.Parameters + _calibration.Parameters;

    /// <summary>Out of scope from this out-of-scope probability on; null: the most probable class wins.</summary>
    public double? Threshold => _calibration.Threshold;

    /// <summary>What was chosen on validation data, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Trains on all cores. The result does not depend on how threads are scheduled.</summary>
    /// <param name="train">Rows of at least two labels.</param>
    /// <param name="validation">Rows on which cost, temperature and threshold are chosen; train is cross-validated for what they lack.</param>
    /// <param name="options">The settings.</param>
    /// <param name="progress">Told the share that is done, 0 to 1, rising.</param>
    /// <param name="cancellation">Ends the training.</param>
    /// <exception cref="ArgumentException">Fewer than two labels, or an option out of range.</exception>
    public static LinearClassifier Train(
        IReadOnlyList<LabelledText> train,
        IReadOnlyList<LabelledText> validation,
        LinearOptions options,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        LabelSet.CheckRows(validation, nameof(validation));
        ArgumentNullException.ThrowIfNull(options);
        options.Validate(nameof(options));
        var labels = LabelSet.Of(train, options.OutOfScopeLabel);
        var (model, calibration, notes) = new LinearTrainer(labels, options, progress, cancellation).Train(train, validation);
        progress?.Report(1);
        return new LinearClassifier(labels, model, calibration, notes);
    }

    /// <summary>The label of a text. Any text has one, the empty one too.</summary>
    public Prediction Predict(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return _calibration.Predict(_model.Score(text));
    }

    /// <summary>Writes the classifier.</summary>
    public void Save(Stream output)
    {
        ArgumentNullException.ThrowIfNull(output);
        using var writer = new ArtifactWriter();
        _labels.Write(writer);
        writer.WriteStrings([.. Notes]);
        _calibration.Write(writer);
        _model.Write(writer);
        writer.Seal(output, Kind, Version);
    }

    /// <summary>Reads what <see cref="Save"/> wrote, up to its end.</summary>
    /// <exception cref="InvalidDataException">Not such a file, of another version, or damaged.</exception>
    public static LinearClassifier Load(Stream input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var reader = ArtifactReader.Open(input, Kind, Version);
        var labels = LabelSet.Read(reader);
        var notes = reader.ReadStrings();
        var calibration = Calibration.Read(reader, labels);
        var model = LinearModel.Read(reader, labels.Count);
        reader.End();
        return new LinearClassifier(labels, model, calibration, notes);
    }
}
