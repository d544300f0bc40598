using System.Globalization;
using Landfall.Console.Localization;
using Microsoft.Extensions.Localization;

namespace Landfall.Console.Formatting;

/// <summary>Moments and durations as text, in the server's time zone.</summary>
/// <param name="time">The clock and the zone.</param>
/// <param name="texts">For "5 min ago".</param>
public sealed class Clock(TimeProvider time, IStringLocalizer<Texts> texts)
{
    /// <summary>Date and time.</summary>
    public string Moment(DateTimeOffset at) => Local(at).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Time of day only.</summary>
    public string TimeOfDay(DateTimeOffset at) => Local(at).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>With its offset, for machines and tooltips.</summary>
    public string Exact(DateTimeOffset at) => Local(at).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    /// <summary>How long ago, or the date when it was more than a month ago.</summary>
    public string Ago(DateTimeOffset at)
    {
        var age = time.GetUtcNow() - at;
        return age switch
        {
            { TotalMinutes: < 1 } => texts["Time_Now"],
            { TotalHours: < 1 } => texts["Time_Minutes", (int)age.TotalMinutes],
            { TotalDays: < 1 } => texts["Time_Hours", (int)age.TotalHours],
            { TotalDays: < 31 } => texts["Time_Days", (int)age.TotalDays],
            _ => Local(at).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        };
    }

    /// <summary>From a start to an end, or to now.</summary>
    public string Span(DateTimeOffset from, DateTimeOffset? to) => Figures.Seconds(Math.Max(0, ((to ?? time.GetUtcNow()) - from).TotalSeconds));

    private DateTimeOffset Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, time.LocalTimeZone);
}
