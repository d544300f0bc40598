namespace Landfall.Platform.Evaluation.Statistics;

/// <summary>
/// The chance that k attempts at a task all succeed (Yao et al., tau-bench, 2024): C(c, k) / C(n, k) for c of n, without
/// bias for any k up to n.
/// </summary>
public static class PassHatK
{
    public static double Of(int succeeded, int attempts, int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(attempts, k);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(succeeded, attempts);
        double chance = 1;
        for (var i = 0; i < k; i++)
        {
            chance *= Math.Max(0, (double)(succeeded - i)) / (attempts - i);
        }

        return chance;
    }
}
