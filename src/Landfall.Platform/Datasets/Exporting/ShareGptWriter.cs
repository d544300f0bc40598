using System.Text.Json;
using Landfall.Platform.Datasets.Reading.Json;

namespace Landfall.Platform.Datasets.Exporting;

/// <summary>ShareGPT. Of tool calls it holds one a message, by name and arguments.</summary>
internal sealed class ShareGptWriter : IRowWriter
{
    public string Name => "sharegpt";

    public IJsonShape Shape { get; } = new ShareGptShape();

    public string? WhyNot(Row row) => null;

    public void Write(Utf8JsonWriter json, Row row)
    {
        var history = RowParts.HistoryOf(row);
        var steps = RowParts.TurnsOf(row, ReservedFields.Steps);
        json.WriteStartObject();
        json.WriteStartArray("conversations");
        foreach (var turn in OpenAiWriter.Messages(row, history, steps))
        {
            WriteTurn(json, turn);
        }

        json.WriteEndArray();
        RowParts.WriteOthers(
            json, row, "conversations", ReservedFields.System, history is null ? "" : ReservedFields.History, steps is null ? "" : ReservedFields.Steps, RowParts.AnswerOf(row).ToolCalls is null ? "" : ReservedFields.ToolCalls);
        json.WriteEndObject();
    }

    private static void WriteTurn(Utf8JsonWriter json, Turn turn)
    {
        var call = turn.Content.Length == 0 ? CallOf(turn) : null;
        json.WriteStartObject();
        json.WriteString("from", call is not null ? "function_call" : turn.Role switch
        {
            Turn.UserRole => "human",
            Turn.AssistantRole => "gpt",
            Turn.ToolRole => "observation",
            _ => turn.Role,
        });
        json.WriteString("value", call ?? turn.Content);
        json.WriteEndObject();
    }

    private static string? CallOf(Turn turn)
    {
        if (turn.ToolCalls is null || !CompactJson.TryParse(turn.ToolCalls, out var calls) || calls.GetArrayLength() == 0 || !calls[0].Has("function", JsonValueKind.Object))
        {
            return null;
        }

        var function = calls[0].GetProperty("function");
        return CompactJson.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("name", function.TextOf("name"));
            json.WriteString("arguments", function.TextOf("arguments"));
            json.WriteEndObject();
        });
    }
}
