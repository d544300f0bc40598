using System.Text.Json;

namespace Landfall.Platform.Datasets.Reading.Json;

/// <summary>
/// Alpaca: <c>{"instruction","input"?,"output","system"?,"history"?}</c>. The text is the instruction and, on the next line, the
/// input; the history is a list of pairs of a message and its answer.
/// </summary>
internal sealed class AlpacaShape : IJsonShape
{
    public string Name => "alpaca";

    public FieldRoles Roles { get; } = new("instruction", "output");

    public bool Fits(JsonElement json) => json.Has("instruction", JsonValueKind.String) && json.TryGetProperty("output", out _);

    public ShapedRow Read(JsonElement json, IRowPlace place)
    {
        var text = TextOf(json);
        var output = json.TextOf("output") ?? "";
        if (text.Length == 0 || output.Length == 0)
        {
            throw place.Error($"the row has no '{(text.Length == 0 ? "instruction" : "output")}', or an empty one. As in the first row, every row needs 'instruction' and 'output'.");
        }

        return new ShapedRow { Text = text, Expected = output }
            .With(ReservedFields.System, json.TextOf("system"))
            .With(ReservedFields.History, HistoryOf(json, place))
            .WithOthers(json, "instruction", "input", "output", "system", "history");
    }

    /// <summary>The instruction and the input as one text.</summary>
    internal static string TextOf(JsonElement json) =>
        string.Join("\n", new[] { json.TextOf("instruction"), json.TextOf("input") }.Where(t => !string.IsNullOrEmpty(t)));

    internal static string? HistoryOf(JsonElement json, IRowPlace place)
    {
        if (!json.TryGetProperty("history", out var given) || OpenAiChatShape.Unwrapped(given) is not { ValueKind: JsonValueKind.Array } history)
        {
            return json.TextOf("history");
        }

        var turns = new List<Turn>();
        foreach (var pair in history.EnumerateArray())
        {
            if (pair.ValueKind != JsonValueKind.Array || pair.GetArrayLength() != 2)
            {
                return turns.Count == 0 ? CompactJson.Of(history) : throw place.Error($"history[{turns.Count / 2}] is no pair of a message and its answer. Write it as [\"...\", \"...\"].");
            }

            turns.Add(new Turn(Turn.UserRole, CompactJson.TextOf(pair[0]) ?? ""));
            turns.Add(new Turn(Turn.AssistantRole, CompactJson.TextOf(pair[1]) ?? ""));
        }

        return turns.Count == 0 ? null : CompactJson.Of(turns);
    }
}
