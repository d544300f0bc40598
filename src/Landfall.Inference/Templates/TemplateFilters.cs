using System.Globalization;
using System.Numerics;
using System.Text;

namespace Landfall.Inference.Templates;

/// <summary>The filters of Jinja that chat templates use.</summary>
internal static class TemplateFilters
{
    /// <summary>A filter, or null for a name that is none.</summary>
    public static TemplateFilter? Find(string name) => TextFilter(name) ?? TemplateListFilters.Find(name) ?? name switch
    {
        "tojson" => TemplateJson.Write,
        "default" or "d" => (_, value, arguments) =>
            value is TemplateUndefined || (TemplateValue.IsTrue(arguments.Get(1, "boolean", false)) && !TemplateValue.IsTrue(value)) ? arguments.Get(0, "default_value", "") : value,
        "length" or "count" => (rendering, value, _) => TemplateValue.Length(rendering, value),
        "int" => (rendering, value, arguments) => Whole(value, arguments.Whole(rendering, 1, "base", 10)) ?? arguments.Get(0, "default", 0L),
        "float" => (_, value, arguments) => Real(value) ?? arguments.Get(0, "default", 0.0),
        "abs" => (rendering, value, _) => value switch
        {
            long whole => whole == long.MinValue ? throw rendering.Fail("the result of abs is beyond 64 bits.") : (object)Math.Abs(whole),
            double real => Math.Abs(real),
            _ => throw rendering.Fail($"abs of {TemplateValue.Kind(value)}."),
        },
        "round" => Round,
        "attr" => (rendering, value, arguments) => TemplateAccess.Attribute(rendering, value, arguments.Text(rendering, 0, "name") ?? ""),
        "items" => (rendering, value, _) => value is TemplateMap map ? TemplateMethods.Items(rendering, map)
            : value is TemplateUndefined ? new List<object?>() : throw rendering.Fail("items can only be had of a dictionary."),
        "dictsort" => (rendering, value, arguments) => value is TemplateMap map
            ? TemplateListFilters.Sort(rendering, TemplateMethods.Items(rendering, map), arguments.Get(1, "by", "key") is "value" ? 1L : 0L, arguments.Get(2, "reverse"), arguments.Get(0, "case_sensitive"))
            : throw rendering.Fail("dictsort is for dictionaries."),
        _ => null,
    };

    private static TemplateFilter? TextFilter(string name) => name switch
    {
        "trim" => (rendering, value, arguments) => TemplateText.Strip(rendering, TemplateValue.Print(rendering, value), arguments.Text(rendering, 0, "chars"), left: true, right: true),
        "upper" => (rendering, value, _) => TemplateValue.Print(rendering, value).ToUpperInvariant(),
        "lower" => (rendering, value, _) => TemplateValue.Print(rendering, value).ToLowerInvariant(),
        "title" => (rendering, value, _) => Title(TemplateValue.Print(rendering, value)),
        "capitalize" => (rendering, value, _) => TemplateText.Capitalize(TemplateValue.Print(rendering, value)),
        "string" => (rendering, value, _) => TemplateValue.Print(rendering, value),
        "safe" => (rendering, value, _) => TemplateValue.Print(rendering, value),
        "escape" or "e" => (rendering, value, _) => Escape(rendering.Made(TemplateValue.Print(rendering, value))),
        "replace" => (rendering, value, arguments) => TemplateMethods.Replace(rendering, TemplateValue.Print(rendering, value), arguments),
        "indent" => Indent,
        "format" => (rendering, value, arguments) => TemplateFormat.Percent(rendering, TemplateValue.Print(rendering, value), arguments.Positional),
        "wordcount" => (rendering, value, _) =>
            (long)TemplateValue.Print(rendering, value).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length,
        _ => null,
    };

    private static object? Whole(object? value, long radix)
    {
        switch (value)
        {
            case bool truth:
                return truth ? 1L : 0L;
            case long or BigInteger:
                return value;
            case double real:
                return double.IsFinite(real) && Math.Abs(real) < 9e18 ? (long)real : null;
            case string text:
                text = TemplateText.Strip(text, null, left: true, right: true).Replace("_", "", StringComparison.Ordinal);
                if (radix == 16)
                {
                    text = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
                    return long.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex) ? hex : null;
                }

                return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole
                    : Real(text) is double number && double.IsFinite(number) && Math.Abs(number) < 9e18 ? (long)number : null;
            default:
                return null;
        }
    }

    private static object? Real(object? value) => value is string text
        ? double.TryParse(TemplateText.Strip(text, null, left: true, right: true), NumberStyles.Float, CultureInfo.InvariantCulture, out var real) ? real : null
        : TemplateValue.Number(value);

    private static object? Round(TemplateRendering rendering, object? value, TemplateArguments arguments)
    {
        var digits = (int)Math.Clamp(arguments.Whole(rendering, 0, "precision", 0), 0, 15);
        var number = TemplateValue.Number(value) ?? throw rendering.Fail($"round of {TemplateValue.Kind(value)}.");
        var scale = Math.Pow(10, digits);
        return arguments.Get(1, "method", "common") switch
        {
            "ceil" => Math.Ceiling(number * scale) / scale,
            "floor" => Math.Floor(number * scale) / scale,
            _ => Math.Round(number, digits, MidpointRounding.ToEven),
        };
    }

    /// <summary>Each word's first letter in upper case; words end at spaces, hyphens and opening brackets.</summary>
    private static string Title(string text)
    {
        var builder = new StringBuilder(text.Length);
        var within = false;
        foreach (var character in text)
        {
            var separates = character is '-' or '(' or '{' or '[' or '<' || TemplateLexer.IsSpace(character);
            builder.Append(separates ? character : within ? char.ToLowerInvariant(character) : char.ToUpperInvariant(character));
            within = !separates;
        }

        return builder.ToString();
    }

    private static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace("'", "&#39;", StringComparison.Ordinal).Replace("\"", "&#34;", StringComparison.Ordinal);

    private static string Indent(TemplateRendering rendering, object? value, TemplateArguments arguments)
    {
        var width = arguments.Get(0, "width", 4L) switch
        {
            string text => text,
            long count when count <= 1000 => new string(' ', (int)Math.Max(0, count)),
            _ => throw rendering.Fail("indent's width is a text or a number up to 1000."),
        };
        var (first, blank) = (TemplateValue.IsTrue(arguments.Get(1, "first", false)), TemplateValue.IsTrue(arguments.Get(2, "blank", false)));
        var lines = TemplateValue.Print(rendering, value).Split('\n');
        rendering.Charge((long)lines.Length * width.Length);
        for (var i = 0; i < lines.Length; i++)
        {
            if (i == 0 ? first : blank || lines[i].Length > 0)
            {
                lines[i] = width + lines[i];
            }
        }

        return string.Join('\n', lines);
    }
}
