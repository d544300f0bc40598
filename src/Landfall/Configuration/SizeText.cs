using System.Globalization;

namespace Landfall.Configuration;

/// <summary>Sizes as people write them: <c>512MB</c>, <c>1.5 GB</c>; a thousand is a thousand.</summary>
internal static class SizeText
{
    private static readonly (string Unit, long Bytes)[] Units = [("kB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000), ("B", 1)];

    public static bool TryParse(string text, out long bytes)
    {
        foreach (var (unit, size) in Units)
        {
            if (text.EndsWith(unit, StringComparison.OrdinalIgnoreCase)
                && decimal.TryParse(text.AsSpan(0, text.Length - unit.Length).Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number is > 0 and < 1_000_000)
            {
                bytes = (long)(number * size);
                return bytes > 0;
            }
        }

        bytes = 0;
        return false;
    }
}
