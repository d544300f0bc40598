using System.Globalization;
using Landfall.Platform.Evaluation.Statistics;

namespace Landfall.Benchmarks;

/// <summary>
/// How often bounds that carry a judge's error cover the truth, over a grid of judges with known error rates: shares of good
/// answers, sizes of calibration and test sets. Calibration rows are drawn like test rows, or half good and half bad.
/// </summary>
internal static class JudgeCoverage
{
    private static readonly int[] CalibrationRows = [100, 200, 400];
    private static readonly int[] TestRows = [200, 500, 1000];
    private static readonly double[] Rates = [0.7, 0.8, 0.9, 0.95];
    private static readonly double[] Shares = [0.3, 0.5, 0.7, 0.9];

    public static int Run(string[] args)
    {
        int simulations = Options.Number(args, "--simulations", 4_000), seed = Options.Number(args, "--seed", 1);
        foreach (var balanced in new[] { false, true })
        {
            var cells = new List<Cell>();
            foreach (var calibration in CalibrationRows)
            {
                foreach (var test in TestRows)
                {
                    cells.AddRange(from sensitivity in Rates
                                   from specificity in Rates
                                   from share in Shares
                                   select Simulate(calibration, test, sensitivity, specificity, share, balanced, simulations, (ulong)seed));
                }
            }

            Report(balanced, cells, simulations);
        }

        return 0;
    }

    private static Cell Simulate(
        int calibrationRows, int testRows, double sensitivity, double specificity, double share, bool balanced, int simulations, ulong seed)
    {
        var random = new Random((int)seed ^ (calibrationRows * 31) ^ (testRows * 131) ^ (int)(sensitivity * 10_007) ^ (int)(specificity * 100_003) ^ (int)(share * 1_000_003));
        int covered = 0, above = 0, below = 0;
        for (var s = 0; s < simulations; s++)
        {
            var good = balanced ? calibrationRows / 2 : Count(random, calibrationRows, share);
            var calibration = new JudgeCalibration(
                good, Count(random, good, sensitivity), calibrationRows - good, Count(random, calibrationRows - good, specificity));
            var passed = Count(random, testRows, (share * sensitivity) + ((1 - share) * (1 - specificity)));
            double low = CorrectedShare.LowerBound(passed, testRows, calibration, 0.025), high = CorrectedShare.UpperBound(passed, testRows, calibration, 0.025);
            covered += low <= share && share <= high ? 1 : 0;
            above += low > share ? 1 : 0;
            below += high < share ? 1 : 0;
        }

        return new Cell((double)covered / simulations, (double)above / simulations, (double)below / simulations);
    }

    private static void Report(bool balanced, List<Cell> cells, int simulations)
    {
        var error = 1.96 * Math.Sqrt(0.95 * 0.05 / simulations);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"calibration {(balanced ? "half good, half bad" : "drawn like the test rows")}: {cells.Count} cells of {simulations} simulations (+-{error:0.0000})"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  coverage of the 95% interval: mean {cells.Average(c => c.Covered):0.0000}, least {cells.Min(c => c.Covered):0.0000}, most {cells.Max(c => c.Covered):0.0000}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  cells outside 93% to 97%: {cells.Count(c => c.Covered is < 0.93 or > 0.97)}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  one-sided misses (2.5% each): low bound above the truth mean {cells.Average(c => c.Above):0.0000}, most {cells.Max(c => c.Above):0.0000}; high bound below it mean {cells.Average(c => c.Below):0.0000}, most {cells.Max(c => c.Below):0.0000}"));
    }

    private static int Count(Random random, int of, double chance)
    {
        var count = 0;
        for (var i = 0; i < of; i++)
        {
            count += random.NextDouble() < chance ? 1 : 0;
        }

        return count;
    }

    private sealed record Cell(double Covered, double Above, double Below);
}
