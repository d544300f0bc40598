using System.Runtime.InteropServices;

namespace Landfall.Retrieval.Classification;

/// <summary>
/// The probability that a text is out of scope, from a handful of facts about its scores: the best in-scope score, its lead
/// over the second, the out-of-scope class's score against it, the entropy of the in-scope classes, and the familiarity.
/// </summary>
internal static class OutOfScopeRule
{
    public const int FeatureCount = 5;

    /// <summary>Fewer out-of-scope or in-scope rows than this say too little to fit six numbers.</summary>
    public const int LeastRows = 10;

    // A threshold may cost at most a quarter of the in-scope answers that are right without one.
    private const double LeastKept = 0.75;
    private const int Folds = 5;

    public static double[] Features(ScoredText text, int outOfScopeClass, double temperature)
    {
        var (best, second) = (float.NegativeInfinity, float.NegativeInfinity);
        for (var i = 0; i < text.Scores.Length; i++)
        {
            if (i == outOfScopeClass)
            {
                continue;
            }

            var score = text.Scores[i];
            (best, second) = score > best ? (score, best) : (best, Math.Max(second, score));
        }

        second = float.IsFinite(second) ? second : best;
        var entropy = 0.0;
        foreach (var p in Temperature.Softmax(text.Scores, temperature, outOfScopeClass))
        {
            entropy -= p > 1e-12 ? p * Math.Log(p) : 0;
        }

        var rival = outOfScopeClass >= 0 ? text.Scores[outOfScopeClass] - best : 0;
        return [best, best - second, rival, entropy, text.Familiarity];
    }

    public static bool CanFit(IReadOnlyList<JudgedText> rows) =>
        rows.Count(row => row.IsOutOfScope) >= LeastRows && rows.Count(row => !row.IsOutOfScope) >= LeastRows;

    /// <summary>Fits on all rows, and gives each row the probability that a fit without its fifth gives it.</summary>
    public static (LogisticRegression Rule, double[] CrossFitted) Fit(IReadOnlyList<JudgedText> rows, int outOfScopeClass, double temperature)
    {
        var features = rows.Select(row => Features(row.Text, outOfScopeClass, temperature)).ToArray();
        var positive = rows.Select(row => row.IsOutOfScope).ToArray();
        var folds = new int[rows.Count];
        var (inside, outside) = (0, 0);
        for (var i = 0; i < folds.Length; i++)
        {
            folds[i] = (positive[i] ? outside++ : inside++) % Folds;
        }

        var crossFitted = new double[rows.Count];
        for (var fold = 0; fold < Folds; fold++)
        {
            var others = Enumerable.Range(0, rows.Count).Where(i => folds[i] != fold).ToArray();
            var rule = LogisticRegression.Fit([.. others.Select(i => features[i])], [.. others.Select(i => positive[i])]);
            for (var i = 0; i < rows.Count; i++)
            {
                crossFitted[i] = folds[i] == fold ? rule.Probability(features[i]) : crossFitted[i];
            }
        }

        return (LogisticRegression.Fit(features, positive), crossFitted);
    }

    /// <summary>The threshold of <see cref="ThresholdRule.Auto"/>.</summary>
    /// <param name="probabilities">Each row's out-of-scope probability.</param>
    /// <param name="isOutOfScope">Whether it is.</param>
    /// <param name="isRight">Whether the best in-scope class is the right one.</param>
    public static ChosenThreshold Choose(double[] probabilities, bool[] isOutOfScope, bool[] isRight)
    {
        var order = Enumerable.Range(0, probabilities.Length).OrderBy(i => probabilities[i]).ThenBy(i => i).ToArray();
        double outside = isOutOfScope.Count(x => x);
        var inside = probabilities.Length - outside;
        // Below every probability all is out of scope; each step lets one more row in.
        var (right, caught) = (0.0, outside);
        var steps = new List<ChosenThreshold> { new(0, 0, 1) };
        for (var i = 0; i < order.Length; i++)
        {
            caught -= isOutOfScope[order[i]] ? 1 : 0;
            right += !isOutOfScope[order[i]] && isRight[order[i]] ? 1 : 0;
            var next = i + 1 < order.Length ? probabilities[order[i + 1]] : 1;
            if (next > probabilities[order[i]])
            {
                steps.Add(new ChosenThreshold((probabilities[order[i]] + next) / 2, right / inside, caught / outside));
            }
        }

        // At the last step nothing is out of scope: the accuracy that a threshold can only lower.
        var ceiling = steps[^1].Accuracy;
        double Kept(ChosenThreshold step) => ceiling > 0 ? step.Accuracy / ceiling : 1;
        var eligible = steps.Where(step => Kept(step) >= LeastKept).ToArray();
        var best = eligible.MaxBy(step => step.Accuracy + step.Recall);
        var error = Math.Sqrt((best.Accuracy * (1 - best.Accuracy) / inside) + (best.Recall * (1 - best.Recall) / outside));
        return eligible.Where(step => step.Accuracy + step.Recall >= best.Accuracy + best.Recall - error)
            .MaxBy(step => (Math.Min(Kept(step), step.Recall), step.Accuracy + step.Recall));
    }

    /// <summary>A threshold, and what it gives on the rows that it was chosen on.</summary>
    [StructLayout(LayoutKind.Auto)]
    public readonly record struct ChosenThreshold(double Threshold, double Accuracy, double Recall);
}
