using System.Text.Json;
using Landfall.Platform.Datasets.Reading.Json;

namespace Landfall.Platform.Datasets.Exporting;

/// <summary>OpenAI's chat, as fine-tuning takes it.</summary>
internal sealed class OpenAiWriter : IRowWriter
{
    public string Name => "openai";

    public IJsonShape Shape { get; } = new OpenAiChatShape();

    public string? WhyNot(Row row) => null;

    public void Write(Utf8JsonWriter json, Row row)
    {
        var history = RowParts.HistoryOf(row);
        var steps = RowParts.TurnsOf(row, ReservedFields.Steps);
        json.WriteStartObject();
        json.WriteStartArray("messages");
        foreach (var turn in Messages(row, history, steps))
        {
            turn.Write(json);
        }

        json.WriteEndArray();
        RowParts.WriteOthers(
            json, row, "messages", ReservedFields.System, history is null ? "" : ReservedFields.History, steps is null ? "" : ReservedFields.Steps, RowParts.AnswerOf(row).ToolCalls is null ? "" : ReservedFields.ToolCalls);
        json.WriteEndObject();
    }

    internal static IEnumerable<Turn> Messages(Row row, List<Turn>? history, List<Turn>? steps)
    {
        if (row.Fields.TryGetValue(ReservedFields.System, out var system))
        {
            yield return new Turn(Turn.SystemRole, system);
        }

        foreach (var turn in history ?? [])
        {
            yield return turn;
        }

        yield return new Turn(Turn.UserRole, row.Text);
        foreach (var turn in steps ?? [])
        {
            yield return turn;
        }

        yield return RowParts.AnswerOf(row);
    }
}
