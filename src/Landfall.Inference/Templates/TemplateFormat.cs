using System.Globalization;
using System.Text;

namespace Landfall.Inference.Templates;

/// <summary>Texts from patterns: Python's <c>%</c>, <c>str.format</c> without format specifications, and strftime.</summary>
internal static class TemplateFormat
{
    /// <summary>%s, %d, %f with digits, %r, %%.</summary>
    public static string Percent(TemplateRendering rendering, string format, List<object?> values)
    {
        var builder = new StringBuilder();
        var next = 0;
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                builder.Append(format[i]);
                continue;
            }

            var start = ++i;
            while (i < format.Length && (char.IsAsciiDigit(format[i]) || format[i] == '.'))
            {
                i++;
            }

            if (i >= format.Length)
            {
                throw rendering.Fail("the format ends after %.");
            }

            if (format[i] == '%')
            {
                builder.Append('%');
                continue;
            }

            var value = next < values.Count ? values[next++] : throw rendering.Fail("the format has more places than there are values.");
            builder.Append(rendering.Made(One(rendering, format[start..i], format[i], value)));
        }

        return next == values.Count ? rendering.Made(builder.ToString()) : throw rendering.Fail("the format has fewer places than there are values.");
    }

    /// <summary>{}, {0}, {name}, {{ and }}.</summary>
    public static string Braces(TemplateRendering rendering, string format, TemplateArguments arguments)
    {
        var builder = new StringBuilder();
        var next = 0;
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] is '{' or '}' && i + 1 < format.Length && format[i + 1] == format[i])
            {
                builder.Append(format[i++]);
                continue;
            }

            if (format[i] is not ('{' or '}'))
            {
                builder.Append(format[i]);
                continue;
            }

            var end = format[i] == '{' ? format.IndexOf('}', i) : -1;
            var name = end < 0 ? throw rendering.Fail("a brace of the format is not closed or opened.") : format[(i + 1)..end];
            var index = name.Length == 0 ? next++ : int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : -1;
            var known = index >= 0 ? index < arguments.Positional.Count : arguments.Named.ContainsKey(name);
            builder.Append(known
                ? rendering.Made(TemplateValue.Print(rendering, index >= 0 ? arguments.Positional[index] : arguments.Named[name]))
                : throw rendering.Fail($"the format's place '{name}' has no value, or a specification, which is not supported."));
            i = end;
        }

        return rendering.Made(builder.ToString());
    }

    /// <summary>A time by strftime's pattern, in English.</summary>
    public static string Time(TemplateRendering rendering, string format, DateTimeOffset time)
    {
        var builder = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 >= format.Length)
            {
                builder.Append(format[i]);
                continue;
            }

            var bare = format[i + 1] == '-' && i + 2 < format.Length;
            i += bare ? 2 : 1;
            var part = Part(format[i], time) ?? throw rendering.Fail($"strftime_now does not know %{format[i]}.");
            builder.Append(bare ? part.TrimStart('0') is { Length: > 0 } trimmed ? trimmed : "0" : part);
        }

        return rendering.Made(builder.ToString());
    }

    private static string? Part(char directive, DateTimeOffset time)
    {
        var format = directive switch
        {
            'Y' => "yyyy",
            'm' => "MM",
            'd' => "dd",
            'H' => "HH",
            'M' => "mm",
            'S' => "ss",
            'y' => "yy",
            'I' => "hh",
            'B' => "MMMM",
            'b' or 'h' => "MMM",
            'A' => "dddd",
            'a' => "ddd",
            'p' => "tt",
            'f' => "ffffff",
            'F' => "yyyy-MM-dd",
            'T' => "HH:mm:ss",
            'D' => "MM/dd/yy",
            'R' => "HH:mm",
            'c' => "ddd MMM d HH:mm:ss yyyy",
            'x' => "MM/dd/yy",
            'X' => "HH:mm:ss",
            _ => null,
        };
        return format is not null ? time.ToString(format, CultureInfo.InvariantCulture) : directive switch
        {
            'j' => time.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
            'e' => time.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2),
            'w' => ((int)time.DayOfWeek).ToString(CultureInfo.InvariantCulture),
            'u' => (time.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)time.DayOfWeek).ToString(CultureInfo.InvariantCulture),
            'n' => "\n",
            't' => "\t",
            'z' or 'Z' => "",
            '%' => "%",
            _ => null,
        };
    }

    private static string One(TemplateRendering rendering, string width, char kind, object? value)
    {
        var dot = width.IndexOf('.', StringComparison.Ordinal);
        var digits = dot >= 0 && int.TryParse(width.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? Math.Min(given, 30) : 6;
        var text = (kind, TemplateValue.Number(value)) switch
        {
            ('s', _) => TemplateValue.Print(rendering, value),
            ('r', _) => TemplateValue.Describe(rendering, value),
            ('d' or 'i', { } number) when double.IsFinite(number) => value is long or bool ? Convert.ToInt64(value, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture) : Math.Truncate(number).ToString("F0", CultureInfo.InvariantCulture),
            ('f', { } number) => number.ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
            _ => throw rendering.Fail($"%{kind} is not supported for {TemplateValue.Kind(value)}."),
        };
        var before = dot >= 0 ? width[..dot] : width;
        return int.TryParse(before, NumberStyles.None, CultureInfo.InvariantCulture, out var least) && least <= 1000
            ? text.PadLeft(least, before[0] == '0' && kind != 's' ? '0' : ' ') : text;
    }
}
