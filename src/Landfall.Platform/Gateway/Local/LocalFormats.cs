using System.Text.Json;
using Landfall.Inference.Chat;
using Microsoft.Extensions.AI;

namespace Landfall.Platform.Gateway.Local;

/// <summary>Understands what the answer may be: JSON, JSON by a schema, a regular expression, or one of some choices.</summary>
internal static class LocalFormats
{
    public static void Apply(LocalChatRequest request, LocalChatOptions options)
    {
        options.ResponseFormat = Read(request.ResponseFormat);
        var constraints = (options.ResponseFormat is ChatResponseFormatJson ? 1 : 0) + (request.Regex is null ? 0 : 1) + (request.Choices is null ? 0 : 1);
        if (constraints > 1)
        {
            throw GatewayProblemException.Invalid("Give one of 'response_format', 'regex' and 'choices'.", request.Regex is null ? "choices" : "regex");
        }

        options.Regex = request.Regex;
        if (request.Choices is { } choices)
        {
            options.Choices = choices is { Count: > 0 } && choices.All(c => !string.IsNullOrEmpty(c))
                ? [.. choices.Select(c => c!)]
                : throw GatewayProblemException.Invalid("'choices' is empty, or has an empty text.", "choices");
        }
    }

    private static ChatResponseFormat? Read(LocalResponseFormat? format) => format switch
    {
        null => null,
        { Type: "text" } => ChatResponseFormat.Text,
        { Type: "json_object" } => ChatResponseFormat.Json,
        { Type: "json_schema", JsonSchema: { Schema.ValueKind: JsonValueKind.Object or JsonValueKind.True } schema } => ChatResponseFormat.ForJsonSchema(schema.Schema, schema.Name, schema.Description),
        { Type: "json_schema" } => throw GatewayProblemException.Invalid("'response_format.json_schema.schema' is missing.", "response_format"),
        _ => throw GatewayProblemException.Invalid("'response_format.type' is text, json_object or json_schema.", "response_format"),
    };
}
