using System.Text.Json;
using Landfall.Platform.Datasets.Reading.Json;

namespace Landfall.Platform.Datasets.Exporting;

/// <summary>Preference pairs with messages: <c>{"prompt":[...],"chosen":[...],"rejected":[...]}</c>.</summary>
internal sealed class PreferenceWriter : IRowWriter
{
    public string Name => "preference";

    public IJsonShape Shape { get; } = new PreferenceShape();

    public string? WhyNot(Row row) => row.Fields.ContainsKey(ReservedFields.Rejected) ? null : $"have no '{ReservedFields.Rejected}' answer, and so are no pairs";

    public void Write(Utf8JsonWriter json, Row row)
    {
        var history = RowParts.HistoryOf(row);
        json.WriteStartObject();
        json.WriteStartArray("prompt");
        foreach (var turn in OpenAiWriter.Messages(row, history, steps: null).SkipLast(1))
        {
            turn.Write(json);
        }

        json.WriteEndArray();
        WriteAnswer(json, "chosen", row.Expected);
        WriteAnswer(json, "rejected", row.Fields[ReservedFields.Rejected]);
        RowParts.WriteOthers(json, row, "prompt", "chosen", ReservedFields.Rejected, ReservedFields.System, history is null ? "" : ReservedFields.History);
        json.WriteEndObject();
    }

    private static void WriteAnswer(Utf8JsonWriter json, string name, string answer)
    {
        json.WriteStartArray(name);
        new Turn(Turn.AssistantRole, answer).Write(json);
        json.WriteEndArray();
    }
}
