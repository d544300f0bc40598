using System.Globalization;
using Landfall.Retrieval.Artifacts;

namespace Landfall.Retrieval.Classification;

/// <summary>Turns scores into probabilities and an answer, as fitted on rows that the scores were not trained on.</summary>
internal sealed class Calibration
{
    private const int Alternatives = 5;
    private readonly LabelSet _labels;
    private readonly double _temperature;
    private readonly LogisticRegression? _outOfScope;

    private Calibration(LabelSet labels, double temperature, LogisticRegression? outOfScope, double? threshold)
    {
        _labels = labels;
        _temperature = temperature;
        _outOfScope = outOfScope;
        Threshold = threshold;
    }

    /// <summary>Out of scope from this probability on; null: the most probable class wins.</summary>
    public double? Threshold { get; }

    /// <summary>Numbers that were fitted.</summary>
    public int Parameters => 1 + (_outOfScope?.Weights.Length ?? 0) + (Threshold is null ? 0 : 1);

    /// <param name="rows">Rows that the scores were not trained on.</param>
    /// <param name="labels">The classes.</param>
    /// <param name="rule">The threshold asked for.</param>
    /// <param name="source">What the rows are, for the notes: "validation rows".</param>
    /// <param name="notes">Gets a sentence on each choice.</param>
    public static Calibration Fit(IReadOnlyList<JudgedText> rows, LabelSet labels, ThresholdRule rule, string source, List<string> notes)
    {
        var temperature = Temperature.Fit(rows).Temperature;
        notes.Add(Note($"Temperature {temperature:0.###} was fitted on {rows.Count} {source}."));
        if (labels.OutOfScopeLabel is null || rule.IsNone)
        {
            return new Calibration(labels, temperature, outOfScope: null, threshold: null);
        }

        if (!OutOfScopeRule.CanFit(rows))
        {
            var found = rows.Count(row => row.IsOutOfScope);
            notes.Add(rule.Value is { } given
                ? Note($"The threshold {given:0.####} applies to the class's own probability: {found} out-of-scope rows among the {source} are too few to fit another (at least {OutOfScopeRule.LeastRows}).")
                : Note($"No threshold was chosen, the most probable class wins: {found} out-of-scope rows among the {source} are too few (at least {OutOfScopeRule.LeastRows})."));
            return new Calibration(labels, temperature, outOfScope: null, rule.Value);
        }

        var (outOfScope, crossFitted) = OutOfScopeRule.Fit(rows, labels.OutOfScopeClass, temperature);
        var chosen = OutOfScopeRule.Choose(crossFitted, [.. rows.Select(row => row.IsOutOfScope)], [.. rows.Select(row => BestInScope(row.Text.Scores, labels) == row.Class)]);
        notes.Add(rule.Value is { } threshold
            ? Note($"The threshold on the out-of-scope probability was given: {threshold:0.####}.")
            : Note($"Threshold {chosen.Threshold:0.####} on the out-of-scope probability was chosen on {rows.Count} {source}: in-scope accuracy {chosen.Accuracy:0.000}, out-of-scope recall {chosen.Recall:0.000} there (cross-fitted)."));
        return new Calibration(labels, temperature, outOfScope, rule.Value ?? chosen.Threshold);
    }

    public Prediction Predict(ScoredText text)
    {
        var probabilities = Temperature.Softmax(text.Scores, _temperature);
        var best = Array.IndexOf(probabilities, probabilities.Max());
        if (_labels.OutOfScopeLabel is not { } outOfScopeLabel || Threshold is not { } threshold)
        {
            return Answer(_labels.Labels[best], Ranked(probabilities, outOfScope: null));
        }

        var outOfScope = OutOfScopeProbability(text, probabilities);
        var inScope = Temperature.Softmax(text.Scores, _temperature, _labels.OutOfScopeClass);
        for (var i = 0; i < inScope.Length; i++)
        {
            inScope[i] *= 1 - outOfScope;
        }

        var label = outOfScope >= threshold ? outOfScopeLabel : _labels.Labels[BestInScope(text.Scores, _labels)];
        return Answer(label, Ranked(inScope, outOfScope));
    }

    public void Write(ArtifactWriter writer)
    {
        writer.WriteDouble(_temperature);
        writer.WriteByte(Threshold is null ? (byte)0 : (byte)1);
        writer.WriteDouble(Threshold ?? 0);
        writer.WriteCount(_outOfScope?.Weights.Length ?? 0);
        foreach (var weight in _outOfScope?.Weights ?? [])
        {
            writer.WriteDouble(weight);
        }
    }

    public static Calibration Read(ArtifactReader reader, LabelSet labels)
    {
        var temperature = reader.ReadDouble();
        var hasThreshold = reader.ReadByte() != 0;
        var threshold = reader.ReadDouble();
        var weights = new double[reader.ReadCount(bytesEach: sizeof(double))];
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = reader.ReadDouble();
        }

        if (temperature is <= 0 or > 1000 || threshold is < 0 or > 1 || (weights.Length != 0 && weights.Length != OutOfScopeRule.FeatureCount + 1))
        {
            throw reader.Damaged("a calibration that cannot be");
        }

        return new Calibration(labels, temperature, weights.Length > 0 ? new LogisticRegression(weights) : null, hasThreshold ? threshold : null);
    }

    public static string Note(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static int BestInScope(float[] scores, LabelSet labels)
    {
        var best = -1;
        for (var i = 0; i < scores.Length; i++)
        {
            best = i != labels.OutOfScopeClass && (best < 0 || scores[i] > scores[best]) ? i : best;
        }

        return best;
    }

    // Without a fitted rule: the class's own share, and where train has no such class, what the best class leaves.
    private double OutOfScopeProbability(ScoredText text, double[] probabilities) =>
        _outOfScope?.Probability(OutOfScopeRule.Features(text, _labels.OutOfScopeClass, _temperature))
        ?? (_labels.OutOfScopeClass >= 0 ? probabilities[_labels.OutOfScopeClass] : 1 - probabilities.Max());

    private List<ScoredLabel> Ranked(double[] probabilities, double? outOfScope)
    {
        var all = probabilities.Select((p, i) => new ScoredLabel(_labels.Labels[i], Math.Clamp(p, 0, 1)));
        if (outOfScope is { } probability)
        {
            all = all.Where((_, i) => i != _labels.OutOfScopeClass).Append(new ScoredLabel(_labels.OutOfScopeLabel!, probability));
        }

        return [.. all.OrderByDescending(scored => scored.Probability).ThenBy(scored => scored.Label, StringComparer.Ordinal)];
    }

    private static Prediction Answer(string label, List<ScoredLabel> ranked) =>
        new(label, ranked.Find(scored => string.Equals(scored.Label, label, StringComparison.Ordinal)).Probability, [.. ranked.Take(Alternatives)]);
}
