using System.Text.Json;
using Landfall.Platform.Datasets;

namespace Landfall.Platform.Candidates;

/// <summary>What a candidate is asked.</summary>
/// <param name="Text">The user's last message.</param>
/// <param name="History">What was said before it, oldest first; null: nothing.</param>
/// <param name="System">The conversation's own system prompt, where it has one.</param>
public sealed record Question(string Text, IReadOnlyList<Turn>? History = null, string? System = null)
{
    /// <summary>The field of a row that holds its system prompt.</summary>
    public const string SystemField = "system";

    /// <summary>The field of a row that holds what was said before: a JSON array of <c>{role, content}</c>.</summary>
    public const string HistoryField = "history";

    /// <summary>A row's question: its text, with the history and the system prompt in its fields.</summary>
    public static Question Of(Row row) => new(
        row.Text,
        row.Fields.TryGetValue(HistoryField, out var history) ? ReadHistory(history) : null,
        row.Fields.TryGetValue(SystemField, out var system) && system.Length > 0 ? system : null);

    /// <summary>A field of that name that holds something else is a field like any other.</summary>
    private static IReadOnlyList<Turn>? ReadHistory(string json)
    {
        try
        {
            var turns = JsonSerializer.Deserialize<List<Turn>>(json, JsonSerializerOptions.Web);
            return turns is { Count: > 0 } && turns.TrueForAll(t => t is { Role: not null, Content: not null }) ? turns : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>One message of a conversation.</summary>
/// <param name="Role"><c>user</c> or <c>assistant</c>.</param>
/// <param name="Content">Its text.</param>
public sealed record Turn(string Role, string Content);
