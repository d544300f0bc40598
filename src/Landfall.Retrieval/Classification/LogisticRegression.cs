namespace Landfall.Retrieval.Classification;

/// <summary>
/// Logistic regression of few features, standardised, with a ridge penalty of 1 on the weights, by Newton's method. The
/// penalty keeps the weights finite where a feature separates the classes.
/// </summary>
internal sealed class LogisticRegression(double[] weights)
{
    private const double Ridge = 1;

    /// <summary>The weights of the raw features, the constant last.</summary>
    public double[] Weights { get; } = weights;

    public static LogisticRegression Fit(IReadOnlyList<double[]> features, IReadOnlyList<bool> positive)
    {
        var size = features[0].Length;
        var (means, deviations) = Moments(features, size);
        var rows = features.Select(row => Standardise(row, means, deviations)).ToArray();
        var weights = new double[size + 1];
        for (var iteration = 0; iteration < 50; iteration++)
        {
            var step = NewtonStep(rows, positive, weights);
            // Full steps may overshoot where the classes are nearly separable.
            var scale = Math.Min(1, 4 / Math.Max(1e-12, step.Max(Math.Abs)));
            for (var i = 0; i <= size; i++)
            {
                weights[i] -= scale * step[i];
            }

            if (step.Max(Math.Abs) < 1e-9)
            {
                break;
            }
        }

        for (var i = 0; i < size; i++)
        {
            weights[i] /= deviations[i];
            weights[size] -= weights[i] * means[i];
        }

        return new LogisticRegression(weights);
    }

    public double Probability(ReadOnlySpan<double> features)
    {
        var sum = Weights[^1];
        for (var i = 0; i < features.Length; i++)
        {
            sum += Weights[i] * features[i];
        }

        return Sigmoid(sum);
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static (double[] Means, double[] Deviations) Moments(IReadOnlyList<double[]> features, int size)
    {
        var (means, deviations) = (new double[size], new double[size]);
        for (var i = 0; i < size; i++)
        {
            var mean = means[i] = features.Average(row => row[i]);
            var deviation = Math.Sqrt(features.Average(row => (row[i] - mean) * (row[i] - mean)));
            deviations[i] = deviation > 1e-9 ? deviation : 1;
        }

        return (means, deviations);
    }

    private static double[] Standardise(double[] row, double[] means, double[] deviations)
    {
        var result = new double[row.Length + 1];
        for (var i = 0; i < row.Length; i++)
        {
            result[i] = (row[i] - means[i]) / deviations[i];
        }

        result[^1] = 1;
        return result;
    }

    private static double[] NewtonStep(double[][] rows, IReadOnlyList<bool> positive, double[] weights)
    {
        var size = weights.Length;
        var gradient = new double[size];
        var hessian = new double[size, size];
        for (var i = 0; i < size; i++)
        {
            var penalty = i < size - 1 ? Ridge : 1e-6;
            gradient[i] = penalty * weights[i];
            hessian[i, i] = penalty;
        }

        for (var r = 0; r < rows.Length; r++)
        {
            var row = rows[r];
            var p = Sigmoid(row.Zip(weights, (x, w) => x * w).Sum());
            for (var i = 0; i < size; i++)
            {
                gradient[i] += (p - (positive[r] ? 1 : 0)) * row[i];
                for (var j = 0; j < size; j++)
                {
                    hessian[i, j] += p * (1 - p) * row[i] * row[j];
                }
            }
        }

        return Solve(hessian, gradient);
    }

    // Gaussian elimination; the ridge makes the matrix positive definite.
    private static double[] Solve(double[,] matrix, double[] right)
    {
        var size = right.Length;
        var x = (double[])right.Clone();
        for (var pivot = 0; pivot < size; pivot++)
        {
            for (var row = pivot + 1; row < size; row++)
            {
                var factor = matrix[row, pivot] / matrix[pivot, pivot];
                for (var column = pivot; column < size; column++)
                {
                    matrix[row, column] -= factor * matrix[pivot, column];
                }

                x[row] -= factor * x[pivot];
            }
        }

        for (var row = size - 1; row >= 0; row--)
        {
            for (var column = row + 1; column < size; column++)
            {
                x[row] -= matrix[row, column] * x[column];
            }

            x[row] /= matrix[row, row];
        }

        return x;
    }
}
