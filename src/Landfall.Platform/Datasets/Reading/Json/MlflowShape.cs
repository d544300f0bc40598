using System.Text.Json;

namespace Landfall.Platform.Datasets.Reading.Json;

/// <summary>
/// Traces as MLflow writes them: <c>{"info", "data": {"spans"}}</c>, or the flat rows of <c>search_traces</c> with
/// <c>request</c> and <c>response</c>. Input and output are those of the root span. Traces that failed or have no answer hold no row.
/// </summary>
internal sealed class MlflowShape : IJsonShape
{
    private static readonly string[] Ids = ["trace_id", "request_id"];

    private static readonly string[] FlatMarks = ["spans", "trace_metadata", "request_metadata", "execution_time_ms", "execution_duration", "trace", "assessments"];

    public string Name => "mlflow";

    public FieldRoles Roles { get; } = new("request", "response");

    public bool Fits(JsonElement json) =>
        (json.Has("info", JsonValueKind.Object) && json.Has("data", JsonValueKind.Object))
        || (Ids.Any(n => json.TryGetProperty(n, out _)) && json.TryGetProperty("request", out _) && json.TryGetProperty("response", out _) && FlatMarks.Any(n => json.TryGetProperty(n, out _)));

    public ShapedRow? Read(JsonElement json, IRowPlace place)
    {
        var info = json.Has("info", JsonValueKind.Object) ? json.GetProperty("info") : json;
        if ((info.TextOf("state") ?? info.TextOf("status")) is { } state && (state.Contains("ERROR", StringComparison.OrdinalIgnoreCase) || state.Contains("IN_PROGRESS", StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }

        var data = json.Has("data", JsonValueKind.Object) ? json.GetProperty("data") : json;
        var root = RootOf(data);
        var row = TraceValues.ToRow(Value(root, "mlflow.spanInputs") ?? Member(data, "request"), Value(root, "mlflow.spanOutputs") ?? Member(data, "response"), place);
        if (row is null)
        {
            return null;
        }

        var metadata = Object(info, "trace_metadata") ?? Object(info, "request_metadata");
        var session = metadata?.TextOf("mlflow.trace.session");
        row.With(ReservedFields.Group, session)
            .With("trace", Ids.Select(n => info.TextOf(n)).FirstOrDefault(t => t is not null))
            .With("time", info.TextOf("request_time") ?? info.TextOf("timestamp_ms"))
            .With("user", metadata?.TextOf("mlflow.trace.user"))
            .With("name", root.TextOf("name"));
        WithMembers(row, Object(info, "tags"), "tag");
        WithMembers(row, metadata, "metadata");
        return row;
    }

    /// <summary>What users wrote; what MLflow keeps for itself begins with its name.</summary>
    private static void WithMembers(ShapedRow row, JsonElement? members, string prefix)
    {
        foreach (var member in members?.EnumerateObject().Where(m => !m.Name.StartsWith("mlflow.", StringComparison.Ordinal)) ?? [])
        {
            row.With($"{prefix}.{member.Name}", CompactJson.TextOf(member.Value));
        }
    }

    private static JsonElement? Object(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && OpenAiChatShape.Unwrapped(value) is { ValueKind: JsonValueKind.Object } members ? members : null;

    private static JsonElement RootOf(JsonElement data)
    {
        if (!data.TryGetProperty("spans", out var given) || OpenAiChatShape.Unwrapped(given) is not { ValueKind: JsonValueKind.Array } spans)
        {
            return default;
        }

        return spans.EnumerateArray().FirstOrDefault(s =>
            s.ValueKind == JsonValueKind.Object && string.IsNullOrEmpty(s.TextOf("parent_span_id")) && string.IsNullOrEmpty(s.TextOf("parent_id")));
    }

    /// <summary>A span's attribute; MLflow writes each as JSON within a string.</summary>
    private static JsonElement? Value(JsonElement span, string name)
    {
        if (span.ValueKind != JsonValueKind.Object || Object(span, "attributes") is not { } attributes || !attributes.TryGetProperty(name, out var value))
        {
            return null;
        }

        return Parsed(value);
    }

    private static JsonElement Member(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? Parsed(value) : default;

    private static JsonElement Parsed(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            return value;
        }

        try
        {
            using var document = JsonDocument.Parse(value.GetString()!);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            // A plain text, not JSON within a string.
            return value;
        }
    }
}
