using CsCheck;
using Landfall.Retrieval.Classification;

namespace Landfall.Retrieval.Tests.Classification;

public sealed class DualCoordinateDescentTests
{
    private static readonly Gen<SparseVector> Row = Gen.Float[-1, 1].Array[4].Select(values => new SparseVector([0, 1, 2, 3], values));

    [Fact]
    public void Solve_AnyRows_GradientOfThePrimalIsZero() =>
        Gen.Select(Row.Array[4, 20], Gen.Bool.Array[20], Gen.Double[0.1, 5]).Sample(
            (vectors, positive, cost) =>
            {
                var rows = new SparseRows(vectors, 4);
                var weights = new DualCoordinateDescent(rows, tolerance: 1e-6, maxPasses: 20_000).Solve(positive.AsSpan(0, rows.Count), cost, cost, seed: 1);
                var gradient = Array.ConvertAll(weights, weight => (double)weight);
                for (var row = 0; row < rows.Count; row++)
                {
                    var y = positive[row] ? 1 : -1;
                    var margin = y * (rows.Dot(row, weights) + weights[4]);
                    var slope = margin < 1 ? -2 * cost * y * (1 - margin) : 0;
                    for (var column = 0; column < 4; column++)
                    {
                        gradient[column] += slope * vectors[row].Values[column];
                    }

                    gradient[4] += slope;
                }

                Assert.All(gradient, component => Assert.InRange(component, -1e-3, 1e-3));
            },
            iter: 300);
}
