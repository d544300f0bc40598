using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace Landfall.Platform.Datasets.Reading.Columnar;

/// <summary>Values of Parquet columns as JSON.</summary>
internal static class ParquetValue
{
    private const int MaxDepth = 32;

    public static void Write(Utf8JsonWriter json, object? value, IRowPlace place, int depth = 0)
    {
        if (depth > MaxDepth)
        {
            throw place.Error($"a value is nested deeper than {MaxDepth} levels. Flatten it.");
        }

        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case ReadOnlyMemory<char> text:
                json.WriteStringValue(text.Span);
                break;
            case byte[] bytes:
                WriteBytes(json, bytes);
                break;
            case ReadOnlyMemory<byte> bytes:
                WriteBytes(json, bytes.Span);
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case float number when !float.IsFinite(number):
            case double real when !double.IsFinite(real):
                json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
            case float or double or decimal or int or long or uint or ulong or short or ushort or byte or sbyte or BigInteger:
                json.WriteRawValue(((IFormattable)value).ToString(value is float or double ? "R" : null, CultureInfo.InvariantCulture));
                break;
            case DateTime time:
                json.WriteStringValue(time.ToString(time.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-ddTHH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture) + (time.Kind == DateTimeKind.Utc && time.TimeOfDay != TimeSpan.Zero ? "Z" : ""));
                break;
            case DateOnly date:
                json.WriteStringValue(date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
                break;
            case IDictionary members:
                WriteMembers(json, members, place, depth);
                break;
            case IEnumerable items:
                WriteItems(json, items, place, depth);
                break;
            case IFormattable other:
                json.WriteStringValue(other.ToString(null, CultureInfo.InvariantCulture));
                break;
            default:
                json.WriteStringValue(value.ToString());
                break;
        }
    }

    private static void WriteMembers(Utf8JsonWriter json, IDictionary members, IRowPlace place, int depth)
    {
        json.WriteStartObject();
        foreach (DictionaryEntry member in members)
        {
            json.WritePropertyName(Convert.ToString(member.Key, CultureInfo.InvariantCulture) ?? "");
            Write(json, member.Value, place, depth + 1);
        }

        json.WriteEndObject();
    }

    private static void WriteItems(Utf8JsonWriter json, IEnumerable items, IRowPlace place, int depth)
    {
        json.WriteStartArray();
        foreach (var item in items)
        {
            Write(json, item, place, depth + 1);
        }

        json.WriteEndArray();
    }

    /// <summary>Text where it is UTF-8, else base64.</summary>
    private static void WriteBytes(Utf8JsonWriter json, ReadOnlySpan<byte> bytes)
    {
        if (System.Text.Unicode.Utf8.IsValid(bytes))
        {
            json.WriteStringValue(Encoding.UTF8.GetString(bytes));
        }
        else
        {
            json.WriteBase64StringValue(bytes);
        }
    }
}
