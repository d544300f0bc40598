using System.Globalization;

namespace Landfall.Platform.Datasets.Reading.Xlsx;

/// <summary>What a cell's number means, by its number format (ECMA-376 part 1, 18.8.30 and 18.8.31).</summary>
internal sealed class NumberFormat
{
    /// <summary>Days between the two calendars of workbooks.</summary>
    private const int DaysTo1904 = 1462;

    /// <summary>The last day that can be written, 9999-12-31.</summary>
    private const double LastDay = 2_958_465.99999;

    private readonly bool _date;
    private readonly bool _time;
    private readonly bool _elapsed;
    private readonly bool _percent;

    private NumberFormat(bool date, bool time, bool elapsed, bool percent) => (_date, _time, _elapsed, _percent) = (date, time, elapsed, percent);

    public static NumberFormat General { get; } = new(date: false, time: false, elapsed: false, percent: false);

    /// <summary>The format of an id, by its code where the workbook defines one, else one of the built-in ones.</summary>
    public static NumberFormat Of(uint id, string? code) => code is not null ? OfCode(code) : id switch
    {
        9 or 10 => new(date: false, time: false, elapsed: false, percent: true),
        22 => new(date: true, time: true, elapsed: false, percent: false),
        (>= 14 and <= 17) or (>= 27 and <= 31) or 36 or (>= 50 and <= 54) or 57 or 58 => new(date: true, time: false, elapsed: false, percent: false),
        (>= 18 and <= 21) or (>= 32 and <= 35) or 45 or 47 or 55 or 56 => new(date: false, time: true, elapsed: false, percent: false),
        46 => new(date: false, time: true, elapsed: true, percent: false),
        _ => General,
    };

    /// <summary>The number as text: ISO 8601 for dates and times, a percentage with its sign, else the shortest form.</summary>
    /// <param name="raw">As the file writes it.</param>
    /// <param name="from1904">Whether days are counted from 1904.</param>
    public string Show(string raw, bool from1904)
    {
        if (!double.TryParse(raw, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
        {
            return raw;
        }

        if (_elapsed)
        {
            var seconds = Math.Round(Math.Abs(value) * 86_400);
            return seconds > 1e12 ? Plain(raw, value) : string.Create(CultureInfo.InvariantCulture, $"{(value < 0 ? "-" : "")}{Math.Floor(seconds / 3600):00}:{Math.Floor(seconds / 60) % 60:00}:{seconds % 60:00}");
        }

        if ((_date || _time) && value is >= 0 and <= LastDay)
        {
            return ShowMoment(from1904 ? value + DaysTo1904 : value);
        }

        return _percent ? Plain("", value * 100) + "%" : Plain(raw, value);
    }

    private string ShowMoment(double serial)
    {
        // Workbooks count a 29 February 1900 that never was, so that days before March have another origin.
        var days = Math.Floor(serial);
        var seconds = Math.Round((serial - days) * 86_400);
        var origin = days < 60 ? new DateTime(1899, 12, 31, 0, 0, 0, DateTimeKind.Unspecified) : new DateTime(1899, 12, 30, 0, 0, 0, DateTimeKind.Unspecified);
        if (!_date)
        {
            return origin.AddSeconds(seconds % 86_400).ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        }

        var moment = origin.AddDays(Math.Min(days, 2_958_465)).AddSeconds(Math.Min(seconds, 86_399));
        return moment.ToString(_time || seconds > 0 ? "yyyy-MM-ddTHH:mm:ss" : "yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    /// <summary>At most the 15 digits that a spreadsheet knows of a number.</summary>
    private static string Plain(string raw, double value)
    {
        if (raw.Length is > 0 and <= 15 && raw.All(char.IsAsciiDigit))
        {
            return raw;
        }

        var rounded = double.Parse(value.ToString("G15", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return Math.Abs(rounded) is >= 1e-6 and < 1e15
            ? rounded.ToString("0.####################", CultureInfo.InvariantCulture)
            : rounded.ToString("R", CultureInfo.InvariantCulture);
    }

    /// <summary>Reads the first section of a code, without its quoted and escaped parts.</summary>
    private static NumberFormat OfCode(string code)
    {
        bool date = false, time = false, elapsed = false, percent = false, minutesOrMonths = false;
        for (var i = 0; i < code.Length && code[i] != ';'; i++)
        {
            switch (char.ToLowerInvariant(code[i]))
            {
                case '"':
                    var close = code.IndexOf('"', i + 1);
                    i = close < 0 ? code.Length : close;
                    break;
                case '\\' or '_' or '*':
                    i++;
                    break;
                case '[':
                    var end = code.IndexOf(']', i + 1);
                    var inner = end < 0 ? "" : code[(i + 1)..end];
                    elapsed |= inner.Length > 0 && inner.All(c => char.ToLowerInvariant(c) is 'h' or 'm' or 's');
                    i = end < 0 ? code.Length : end;
                    break;
                case '%':
                    percent = true;
                    break;
                case 'y' or 'd' or '年' or '日':
                    date = true;
                    break;
                case 'h' or 's' or '时' or '秒':
                    time = true;
                    break;
                case 'm':
                    minutesOrMonths = true;
                    break;
                case 'g' when code.AsSpan(i).StartsWith("General", StringComparison.OrdinalIgnoreCase):
                    i += "General".Length - 1;
                    break;
                default:
                    break;
            }
        }

        return new NumberFormat(date || (minutesOrMonths && !time && !elapsed), time || elapsed, elapsed && !date, percent);
    }
}
