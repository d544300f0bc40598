using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Landfall.Platform.Briefs;

/// <summary>Writes a YAML tree as JSON text, plain scalars by YAML 1.2's core schema (section 10.3.2).</summary>
internal static class YamlJson
{
    public static string Write(YamlNode node)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { MaxDepth = YamlTreeReader.MaxDepth + 2 }))
        {
            Write(node, json);
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void Write(YamlNode node, Utf8JsonWriter json)
    {
        switch (node)
        {
            case YamlMapping mapping:
                json.WriteStartObject();
                foreach (var entry in mapping.Entries.DistinctBy(e => e.Key))
                {
                    json.WritePropertyName(entry.Key);
                    Write(entry.Value, json);
                }

                json.WriteEndObject();
                break;
            case YamlSequence sequence:
                json.WriteStartArray();
                foreach (var item in sequence.Items)
                {
                    Write(item, json);
                }

                json.WriteEndArray();
                break;
            case YamlScalar scalar:
                Write(scalar, json);
                break;
        }
    }

    private static void Write(YamlScalar scalar, Utf8JsonWriter json)
    {
        if (scalar.IsNull)
        {
            json.WriteNullValue();
        }
        else if (scalar is { IsPlain: true, Text: "true" or "True" or "TRUE" or "false" or "False" or "FALSE" })
        {
            json.WriteBooleanValue(scalar.Text[0] is 't' or 'T');
        }
        else if (scalar.IsPlain && long.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            json.WriteNumberValue(whole);
        }
        else if (scalar.IsPlain && IsDecimal(scalar.Text, out var number))
        {
            json.WriteNumberValue(number);
        }
        else
        {
            json.WriteStringValue(scalar.Text);
        }
    }

    private static bool IsDecimal(string text, out double number)
    {
        number = 0;
        return text.Any(char.IsAsciiDigit)
            && double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out number)
            && double.IsFinite(number);
    }
}
