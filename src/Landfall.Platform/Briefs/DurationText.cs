using System.Globalization;
using System.Text.RegularExpressions;

namespace Landfall.Platform.Briefs;

/// <summary>Durations such as <c>90s</c>, <c>10m</c>, <c>1h30m</c>.</summary>
public static partial class DurationText
{
    public static TimeSpan Longest { get; } = TimeSpan.FromDays(30);

    /// <summary>Parses a duration above zero and at most <see cref="Longest"/>.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        var match = text.Length <= 32 ? Pattern().Match(text) : Match.Empty;
        if (!match.Success)
        {
            return false;
        }

        var seconds = (Part(match, "h") * 3600) + (Part(match, "m") * 60) + Part(match, "s");
        if (seconds <= 0 || seconds > Longest.TotalSeconds)
        {
            return false;
        }

        duration = TimeSpan.FromSeconds(seconds);
        return duration > TimeSpan.Zero;
    }

    private static double Part(Match match, string unit) =>
        match.Groups[unit] is { Success: true } group ? double.Parse(group.ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^(?=[0-9])((?<h>[0-9]+(\.[0-9]+)?)h)?((?<m>[0-9]+(\.[0-9]+)?)m)?((?<s>[0-9]+(\.[0-9]+)?)s)?\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
