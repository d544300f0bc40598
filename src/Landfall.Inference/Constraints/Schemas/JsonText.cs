using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Landfall.Inference.Constraints.Schemas;

/// <summary>How values of a schema (enum, const, names) are written in an answer: compact, with the shortest escapes.</summary>
internal static class JsonText
{
    /// <summary>A string's text.</summary>
    public static string Read(JsonElement element, string place)
    {
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new ConstraintException(place, "the string holds half of a surrogate pair, which is no character.");
        }
    }

    /// <summary>A property's name.</summary>
    public static string ReadName(JsonProperty property, string place)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            throw new ConstraintException(place, "a name holds half of a surrogate pair, which is no character.");
        }
    }

    /// <summary>The value's bytes.</summary>
    public static byte[] Write(JsonElement value, string place)
    {
        var text = new StringBuilder();
        Write(text, value, place);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>A string in its quotes.</summary>
    public static byte[] Write(string value)
    {
        var text = new StringBuilder();
        Write(text, value);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Write(StringBuilder text, JsonElement value, string place)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var names = new HashSet<string>(StringComparer.Ordinal);
                foreach (var (index, property) in value.EnumerateObject().Index())
                {
                    if (!names.Add(property.Name))
                    {
                        throw new ConstraintException(place, $"the value has the key '{property.Name}' twice.");
                    }

                    text.Append(index == 0 ? "{" : ",");
                    Write(text, property.Name);
                    Write(text.Append(':'), property.Value, place);
                }

                text.Append(names.Count == 0 ? "{}" : "}");
                break;
            case JsonValueKind.Array:
                text.Append('[');
                foreach (var (index, item) in value.EnumerateArray().Index())
                {
                    Write(text.Append(index == 0 ? "" : ","), item, place);
                }

                text.Append(']');
                break;
            case JsonValueKind.String:
                Write(text, Read(value, place));
                break;
            case JsonValueKind.Number:
                text.Append(WriteNumber(value, place));
                break;
            default:
                text.Append(value.GetRawText());
                break;
        }
    }

    /// <summary>The value of a number that was written here.</summary>
    public static decimal ReadNumber(byte[] text) => decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>A number's value, where a decimal holds it without rounding.</summary>
    public static bool TryReadExactly(JsonElement element, out decimal value) =>
        element.TryGetDecimal(out value) && Significant(element.GetRawText()).SequenceEqual(Significant(Digits(value)));

    // Rounding changes the digits between the first and the last that is not 0.
    private static ReadOnlySpan<char> Significant(string number)
    {
        var exponent = number.AsSpan().IndexOfAny('e', 'E');
        var mantissa = exponent < 0 ? number : number[..exponent];
        return mantissa.Replace("-", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal).AsSpan().Trim('0');
    }

    private static string Digits(decimal number) => number.ToString("0.############################", CultureInfo.InvariantCulture);

    // Equal numbers are to be the same text: no exponent and no trailing zeros.
    private static string WriteNumber(JsonElement value, string place) => TryReadExactly(value, out var number)
        ? Digits(number == 0 ? 0 : number)
        : throw new ConstraintException(place, $"a number of at most 28 digits was expected, not {(value.GetRawText() is { Length: <= 40 } text ? text : $"{value.GetRawText()[..40]}...")}.");

    private static void Write(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var letter in value)
        {
            text.Append(letter switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\b' => "\\b",
                '\f' => "\\f",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                < ' ' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"),
                _ => letter.ToString(),
            });
        }

        text.Append('"');
    }
}
