using Landfall.Retrieval.Artifacts;

namespace Landfall.Retrieval.Classification;

/// <summary>
/// Answers with the label of the nearest training texts (k nearest neighbours by BM25 over words and character n-grams,
/// votes weighted by similarity). Needs no training but the choice of k. Unchanging once built; safe for concurrent use.
/// </summary>
public sealed class NearestClassifier
{
    private const string Kind = "LFNC";
    private const ushort Version = 1;
    private const int MostNeighbours = 40;

    // Leaving one row out at a time costs a search per row; this many rows say enough.
    private const int MostHeldOut = 3000;

    private static readonly int[] NeighbourChoices = [1, 3, 5, 10, 20, MostNeighbours];
    private static readonly int[] PowerChoices = [1, 2, 4, 8];

    private readonly LabelSet _labels;
    private readonly NearestModel _model;
    private readonly Voting _voting;
    private readonly Calibration _calibration;

    private NearestClassifier(LabelSet labels, NearestModel model, Voting voting, Calibration calibration, IReadOnlyList<string> notes)
    {
        _labels = labels;
        _model = model;
        _voting = voting;
        _calibration = calibration;
        Notes = notes;
    }

    /// <summary>The labels that it can answer with, in ordinal order.</summary>
    public IReadOnlyList<string> Labels => _labels.Labels;

    /// <summary>How many neighbours vote.</summary>
    public int Neighbours => _voting.Neighbours;

    /// <summary>Numbers that were fitted: those of the calibration and of the vote.</summary>
    public long TrainedParameters => 2 + _calibration.Parameters;

    /// <summary>Out of scope from this out-of-scope probability on; null: the most probable class wins.</summary>
    public double? Threshold => _calibration.Threshold;

    /// <summary>What was chosen on validation data, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Indexes the training rows and chooses how they vote. The result does not depend on how threads are scheduled.</summary>
    /// <param name="train">Rows of at least two labels.</param>
    /// <param name="validation">Rows on which k, temperature and threshold are chosen; training rows, each left out in turn, stand in for what they lack.</param>
    /// <param name="options">The settings.</param>
    /// <param name="progress">Told the share that is done, 0 to 1.</param>
    /// <param name="cancellation">Ends the training.</param>
    /// <exception cref="ArgumentException">Fewer than two labels, or an option out of range.</exception>
    public static NearestClassifier Train(
        IReadOnlyList<LabelledText> train,
        IReadOnlyList<LabelledText> validation,
        NearestOptions options,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        LabelSet.CheckRows(validation, nameof(validation));
        ArgumentNullException.ThrowIfNull(options);
        options.Validate(nameof(options));
        var labels = LabelSet.Of(train, options.OutOfScopeLabel);
        var model = NearestModel.Build(train, labels, cancellation);
        progress?.Report(0.3);
        var notes = new List<string>();
        var (source, found) = FindNeighbours(model, train, validation, options, notes, cancellation);
        progress?.Report(0.8);
        var voting = ChooseVoting(found, labels, options, source, notes);
        var judged = found.Select(each => each.Judge(voting, labels)).ToArray();
        var calibration = Calibration.Fit(judged, labels, options.Threshold, source, notes);
        progress?.Report(1);
        return new NearestClassifier(labels, model, voting, calibration, notes);
    }

    /// <summary>The label of a text. Any text has one; one that shares nothing with train gets a low probability.</summary>
    public Prediction Predict(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return _calibration.Predict(_voting.Score(_model.Find(text, _voting.Neighbours), _labels.Count));
    }

    /// <summary>Writes the classifier.</summary>
    public void Save(Stream output)
    {
        ArgumentNullException.ThrowIfNull(output);
        using var writer = new ArtifactWriter();
        _labels.Write(writer);
        writer.WriteStrings([.. Notes]);
        writer.WriteCount(_voting.Neighbours);
        writer.WriteCount(_voting.Power);
        _calibration.Write(writer);
        _model.Write(writer);
        writer.Seal(output, Kind, Version);
    }

    /// <summary>Reads what <see cref="Save"/> wrote, up to its end.</summary>
    /// <exception cref="InvalidDataException">Not such a file, of another version, or damaged.</exception>
    public static NearestClassifier Load(Stream input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var reader = ArtifactReader.Open(input, Kind, Version);
        var labels = LabelSet.Read(reader);
        var notes = reader.ReadStrings();
        var voting = new Voting(reader.ReadNumber(100), reader.ReadNumber(100));
        if (voting.Neighbours == 0)
        {
            throw reader.Damaged("a vote of no neighbours");
        }

        var calibration = Calibration.Read(reader, labels);
        var model = NearestModel.Read(reader, labels.Count);
        reader.End();
        return new NearestClassifier(labels, model, voting, calibration, notes);
    }

    private static (string Source, FoundNeighbours[] Found) FindNeighbours(
        NearestModel model, IReadOnlyList<LabelledText> train, IReadOnlyList<LabelledText> validation, NearestOptions options, List<string> notes, CancellationToken cancellation)
    {
        bool IsOutOfScope(LabelledText row) => string.Equals(row.Label, options.OutOfScopeLabel, StringComparison.Ordinal);
        var wanted = options.OutOfScopeLabel is not null && !options.Threshold.IsNone;
        var lacking = wanted && validation.Count(IsOutOfScope) < OutOfScopeRule.LeastRows && train.Count(IsOutOfScope) >= OutOfScopeRule.LeastRows;
        var heldOut = validation.Count == 0 || lacking;
        if (heldOut)
        {
            notes.Add(validation.Count == 0
                ? "There are no validation rows, so training rows, each left out in turn, stand in for them."
                : "Validation holds too few out-of-scope rows to choose a threshold, so training rows, each left out in turn, stand in for it.");
        }

        var order = Enumerable.Range(0, heldOut ? train.Count : validation.Count).ToArray();
        if (heldOut)
        {
            new Random(options.Seed).Shuffle(order);
            order = [.. order.Take(MostHeldOut)];
        }

        var rows = heldOut ? train : validation;
        var top = Math.Max(MostNeighbours, options.Neighbours ?? 0);
        var found = new FoundNeighbours[order.Length];
        Parallel.For(0, order.Length, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            var row = rows[order[i]];
            found[i] = new FoundNeighbours(model.Find(row.Text, top, heldOut ? order[i] : -1), row.Label, IsOutOfScope(row));
        });
        return (heldOut ? "training rows" : "validation rows", found);
    }

    // Of equal accuracy the first, and so the fewest neighbours.
    private static Voting ChooseVoting(FoundNeighbours[] found, LabelSet labels, NearestOptions options, string source, List<string> notes)
    {
        var judged = found.Where(each => !each.IsOutOfScope).ToArray();
        var choices = (options.Neighbours is { } given ? [given] : NeighbourChoices).SelectMany(k => PowerChoices.Select(power => new Voting(k, power)));
        var (voting, right) = choices
            .Select(choice => (Voting: choice, Right: judged.Count(each => each.IsRight(choice, labels))))
            .MaxBy(each => each.Right);
        notes.Add(Calibration.Note($"{voting.Neighbours} neighbours vote with their similarity to the power {voting.Power}: {right} of {judged.Length} in-scope {source} are right so."));
        return voting;
    }

    private sealed record FoundNeighbours(Neighbour[] Neighbours, string Label, bool IsOutOfScope)
    {
        public JudgedText Judge(Voting voting, LabelSet labels) => new(voting.Score(Neighbours, labels.Count), labels.ClassOf(Label), IsOutOfScope);

        public bool IsRight(Voting voting, LabelSet labels)
        {
            var scores = voting.Score(Neighbours, labels.Count).Scores;
            return Array.IndexOf(scores, scores.Max()) == labels.ClassOf(Label);
        }
    }
}
