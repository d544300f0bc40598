namespace Landfall.Retrieval.Classification;

/// <summary>
/// One-vs-rest linear classifiers with squared hinge loss: min 1/2 |w|^2 + sum C_i max(0, 1 - y_i (w x_i + b))^2, solved by
/// dual coordinate descent with shrinking (Hsieh, Chang, Lin, Keerthi and Sundararajan, "A Dual Coordinate Descent Method
/// for Large-scale Linear SVM", ICML 2008, algorithms 1 and 3). The bias is a column of ones, regularised like the rest.
/// </summary>
internal sealed class DualCoordinateDescent(SparseRows rows, double tolerance, int maxPasses)
{
    /// <summary>Weights for one class, the bias last. The same input and seed give the same bits.</summary>
    public float[] Solve(ReadOnlySpan<bool> positive, double positiveCost, double negativeCost, int seed)
    {
        var weights = new float[rows.Columns + 1];
        var alpha = new double[rows.Count];
        var order = new int[rows.Count];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        var random = new Random(seed);
        var active = rows.Count;
        var (upper, lower) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var pass = 0; pass < maxPasses; pass++)
        {
            random.Shuffle(order.AsSpan(0, active));
            var (max, min) = (double.NegativeInfinity, double.PositiveInfinity);
            for (var s = 0; s < active; s++)
            {
                var row = order[s];
                var y = positive[row] ? 1.0 : -1.0;
                var diagonal = 0.5 / (positive[row] ? positiveCost : negativeCost);
                var gradient = (y * (rows.Dot(row, weights) + weights[^1])) - 1 + (alpha[row] * diagonal);
                if (alpha[row] == 0 && gradient > upper)
                {
                    active--;
                    (order[s], order[active]) = (order[active], order[s]);
                    s--;
                    continue;
                }

                var projected = alpha[row] == 0 ? Math.Min(gradient, 0) : gradient;
                max = Math.Max(max, projected);
                min = Math.Min(min, projected);
                if (Math.Abs(projected) > 1e-12)
                {
                    Update(row, y, gradient / (rows.SquaredNorms[row] + 1 + diagonal), alpha, weights);
                }
            }

            if (max - min <= tolerance)
            {
                if (active == rows.Count)
                {
                    break;
                }

                // Converged on the shrunken problem: look once at all rows again.
                active = rows.Count;
                (upper, lower) = (double.PositiveInfinity, double.NegativeInfinity);
                continue;
            }

            upper = max <= 0 ? double.PositiveInfinity : max;
            lower = min >= 0 ? double.NegativeInfinity : min;
        }

        return weights;
    }

    private void Update(int row, double y, double step, double[] alpha, float[] weights)
    {
        var old = alpha[row];
        alpha[row] = Math.Max(old - step, 0);
        var change = (float)((alpha[row] - old) * y);
        rows.AddTo(row, change, weights);
        weights[^1] += change;
    }
}
