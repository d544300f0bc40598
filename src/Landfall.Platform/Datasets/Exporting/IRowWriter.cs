using System.Text.Json;
using Landfall.Platform.Datasets.Reading.Json;

namespace Landfall.Platform.Datasets.Exporting;

/// <summary>Writes a row as a JSON object of a well-known shape.</summary>
internal interface IRowWriter
{
    string Name { get; }

    /// <summary>The shape that reads it back; null for plain members.</summary>
    IJsonShape? Shape { get; }

    /// <summary>Why a row cannot be written so at all, or null.</summary>
    string? WhyNot(Row row);

    void Write(Utf8JsonWriter json, Row row);
}

/// <summary>What the writers share.</summary>
internal static class RowParts
{
    /// <summary>The messages before the row's text; null when there are none, or none that can be read.</summary>
    public static List<Turn>? HistoryOf(Row row) => TurnsOf(row, ReservedFields.History);

    public static List<Turn>? TurnsOf(Row row, string field)
    {
        if (!row.Fields.TryGetValue(field, out var text) || !CompactJson.TryParse(text, out var list) || list.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        try
        {
            return Conversation.Read(list, field, NoPlace.Instance);
        }
        catch (DataFormatException)
        {
            // It is no list of messages: it stays a field.
            return null;
        }
    }

    /// <summary>The answer: its calls alone, where these are what is expected.</summary>
    public static Turn AnswerOf(Row row)
    {
        var calls = row.Fields.TryGetValue(ReservedFields.ToolCalls, out var text) && CompactJson.TryParse(text, out var list) && list.ValueKind == JsonValueKind.Array ? text : null;
        return new Turn(Turn.AssistantRole, row.Expected == calls ? "" : row.Expected, calls);
    }

    /// <summary>Writes all further fields but those that are written otherwise; JSON stays JSON where it comes back as it was.</summary>
    public static void WriteOthers(Utf8JsonWriter json, Row row, params ReadOnlySpan<string> written)
    {
        foreach (var (name, value) in row.Fields)
        {
            if (written.Contains(name))
            {
                continue;
            }

            if (name is ReservedFields.Tools && CompactJson.TryParse(value, out var parsed) && CompactJson.Of(parsed) == value)
            {
                json.WritePropertyName(name);
                json.WriteRawValue(value);
            }
            else
            {
                json.WriteString(name, value);
            }
        }
    }

    private sealed class NoPlace : Reading.IRowPlace
    {
        public static NoPlace Instance { get; } = new();

        public string File => "";

        public long Line => 0;

        public DataFormatException Error(string problem) => new("", 0, problem);
    }
}
