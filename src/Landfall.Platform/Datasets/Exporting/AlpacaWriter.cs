using System.Text.Json;
using Landfall.Platform.Datasets.Reading.Json;

namespace Landfall.Platform.Datasets.Exporting;

/// <summary>Alpaca. Its history is pairs of a message and its answer, and nothing else.</summary>
internal sealed class AlpacaWriter : IRowWriter
{
    public string Name => "alpaca";

    public IJsonShape Shape { get; } = new AlpacaShape();

    public string? WhyNot(Row row) => null;

    public void Write(Utf8JsonWriter json, Row row)
    {
        json.WriteStartObject();
        json.WriteString("instruction", row.Text);
        json.WriteString("input", "");
        json.WriteString("output", row.Expected);
        if (row.Fields.TryGetValue(ReservedFields.System, out var system))
        {
            json.WriteString("system", system);
        }

        if (RowParts.HistoryOf(row) is { } history && ArePairs(history))
        {
            json.WriteStartArray("history");
            for (var i = 0; i < history.Count; i += 2)
            {
                json.WriteStartArray();
                json.WriteStringValue(history[i].Content);
                json.WriteStringValue(history[i + 1].Content);
                json.WriteEndArray();
            }

            json.WriteEndArray();
        }

        RowParts.WriteOthers(json, row, "instruction", "input", "output", ReservedFields.System, ReservedFields.History);
        json.WriteEndObject();
    }

    private static bool ArePairs(List<Turn> turns) =>
        turns.Count % 2 == 0 && turns.Select((t, i) => t.Role == (i % 2 == 0 ? Turn.UserRole : Turn.AssistantRole) && t is { ToolCalls: null, ToolCallId: null, Name: null }).All(ok => ok);
}
