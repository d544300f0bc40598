using System.Globalization;

namespace Landfall.Benchmarks;

/// <summary>Options of the form <c>--name value</c>.</summary>
internal static class Options
{
    public static int Number(string[] args, string name, int otherwise)
    {
        var at = Array.IndexOf(args, name);
        return at < 0 ? otherwise
            : at + 1 < args.Length && int.TryParse(args[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value
            : throw new ArgumentException($"{name} is followed by a number, such as '{name} {otherwise}'.", nameof(args));
    }

    public static string? Text(string[] args, string name)
    {
        var at = Array.IndexOf(args, name);
        return at < 0 ? null : at + 1 < args.Length ? args[at + 1] : throw new ArgumentException($"{name} is followed by a value.", nameof(args));
    }
}
