using System.Numerics.Tensors;

namespace Landfall.Retrieval.Classification;

/// <summary>What a classifier makes of a text before calibration.</summary>
/// <param name="Scores">One per class; larger is likelier.</param>
/// <param name="Familiarity">0 to 1: how much the text is like the training texts, whatever its class.</param>
internal sealed record ScoredText(float[] Scores, double Familiarity);

/// <summary>A scored text whose right answer is known.</summary>
/// <param name="Text">The scores.</param>
/// <param name="Class">The right class; -1: a label that train has no rows of.</param>
/// <param name="IsOutOfScope">Whether it carries the out-of-scope label (which need not be a class).</param>
internal sealed record JudgedText(ScoredText Text, int Class, bool IsOutOfScope);

/// <summary>Softmax of scores divided by a temperature (Guo et al., "On Calibration of Modern Neural Networks", 2017).</summary>
internal static class Temperature
{
    public static double[] Softmax(ReadOnlySpan<float> scores, double temperature, int without = -1)
    {
        var result = new double[scores.Length];
        var max = double.NegativeInfinity;
        for (var i = 0; i < scores.Length; i++)
        {
            max = i == without ? max : Math.Max(max, scores[i]);
        }

        for (var i = 0; i < scores.Length; i++)
        {
            result[i] = i == without ? 0 : Math.Exp((scores[i] - max) / temperature);
        }

        TensorPrimitives.Divide(result, TensorPrimitives.Sum<double>(result), result);
        return result;
    }

    /// <summary>The temperature of least negative log-likelihood, by golden-section search over its logarithm, and that likelihood.</summary>
    public static (double Temperature, double Loss) Fit(IReadOnlyList<JudgedText> rows)
    {
        var known = rows.Where(row => row.Class >= 0).ToArray();
        if (known.Length == 0)
        {
            return (1, 0);
        }

        var golden = (Math.Sqrt(5) - 1) / 2;
        var (low, high) = (Math.Log(0.01), Math.Log(10));
        for (var step = 0; step < 32; step++)
        {
            var (a, b) = (high - (golden * (high - low)), low + (golden * (high - low)));
            if (Loss(known, Math.Exp(a)) <= Loss(known, Math.Exp(b)))
            {
                high = b;
            }
            else
            {
                low = a;
            }
        }

        var best = Math.Exp((low + high) / 2);
        return (best, Loss(known, best));
    }

    private static double Loss(JudgedText[] rows, double temperature)
    {
        var sum = 0.0;
        foreach (var row in rows)
        {
            sum -= Math.Log(Math.Max(1e-12, Softmax(row.Text.Scores, temperature)[row.Class]));
        }

        return sum / rows.Length;
    }
}
