using System.Globalization;

namespace Landfall.Benchmarks.Inference;

/// <summary>This process's memory as Linux counts it.</summary>
internal static class ProcessMemory
{
    /// <summary>A line of <c>/proc/self/status</c> in MB: <c>VmRSS</c> is resident now, <c>VmHWM</c> was at most, mapped files included.</summary>
    public static double Megabytes(string name)
    {
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith(name, StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}
