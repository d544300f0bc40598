using System.Text.Json;

namespace Landfall.Platform.Datasets.Reading.Json;

/// <summary>
/// Traces and observations as Langfuse exports them and its API returns them. Those without an input or an output, and
/// observations that are no generations, hold no row. A session's rows form a group.
/// </summary>
internal sealed class LangfuseShape : IJsonShape
{
    private static readonly string[] Times = ["timestamp", "startTime", "start_time", "createdAt"];

    private static readonly string[] Marks =
        ["traceId", "trace_id", "sessionId", "session_id", "userId", "user_id", "htmlPath", "projectId", "project_id", "observations", "parentObservationId", "release", "bookmarked"];

    private static readonly string[] Kept = ["name", "model", "userId", "user_id", "release", "version", "environment", "tags", "level"];

    public string Name => "langfuse";

    public FieldRoles Roles { get; } = new("input", "output");

    public bool Fits(JsonElement json) =>
        json.TryGetProperty("id", out _)
        && json.TryGetProperty("input", out _)
        && json.TryGetProperty("output", out _)
        && Times.Any(n => json.TryGetProperty(n, out _))
        && Marks.Any(n => json.TryGetProperty(n, out _));

    public ShapedRow? Read(JsonElement json, IRowPlace place)
    {
        if (json.TextOf("type") is { } type && !type.Equals("GENERATION", StringComparison.OrdinalIgnoreCase) && !type.Equals("TRACE", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        json.TryGetProperty("input", out var input);
        json.TryGetProperty("output", out var output);
        var row = TraceValues.ToRow(input, output, place);
        if (row is null)
        {
            return null;
        }

        row.With(ReservedFields.Group, json.TextOf("sessionId") ?? json.TextOf("session_id") ?? json.TextOf("traceId") ?? json.TextOf("trace_id"))
            .With("trace", json.TextOf("traceId") ?? json.TextOf("trace_id") ?? json.TextOf("id"))
            .With("time", Times.Select(n => json.TextOf(n)).FirstOrDefault(t => t is not null));
        foreach (var name in Kept)
        {
            row.With(name, json.TextOf(name) is "[]" or "{}" ? null : json.TextOf(name));
        }

        return WithMetadata(row, json);
    }

    /// <summary>Metadata's members become fields.</summary>
    internal static ShapedRow WithMetadata(ShapedRow row, JsonElement json)
    {
        if (json.TryGetProperty("metadata", out var given) && OpenAiChatShape.Unwrapped(given) is { ValueKind: JsonValueKind.Object } metadata)
        {
            foreach (var member in metadata.EnumerateObject())
            {
                row.With($"metadata.{member.Name}", CompactJson.TextOf(member.Value));
            }
        }

        return row;
    }
}
