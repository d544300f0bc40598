using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;

namespace Landfall.Platform.Gateway.Local;

/// <summary>Understands the tools of a request. They are the caller's: the model asks for them, and nothing is called here.</summary>
internal static partial class LocalTools
{
    private const int MostTools = 128;
    private static readonly JsonElement NoParameters = JsonSerializer.SerializeToElement(new { type = "object", properties = new { } });

    public static void Apply(LocalChatRequest request, ChatOptions options)
    {
        if (request.Tools is not { Count: > 0 } tools)
        {
            return;
        }

        if (tools.Count > MostTools)
        {
            throw GatewayProblemException.Invalid($"'tools' has {tools.Count} tools; the most are {MostTools}.", "tools");
        }

        options.Tools = [.. tools.Select(Read)];
        options.ToolMode = ModeOf(request.ToolChoice, options.Tools);
    }

    private static AITool Read(LocalTool? tool)
    {
        if (tool is not { Type: "function", Function: { Name: { } name } function } || !Name().IsMatch(name))
        {
            throw GatewayProblemException.Invalid("A tool is no function with a name of 1 to 64 letters, digits, hyphens and underscores.", "tools");
        }

        return function.Parameters.ValueKind switch
        {
            JsonValueKind.Undefined or JsonValueKind.Null => AIFunctionFactory.CreateDeclaration(name, function.Description, NoParameters),
            JsonValueKind.Object => AIFunctionFactory.CreateDeclaration(name, function.Description, function.Parameters),
            _ => throw GatewayProblemException.Invalid($"The parameters of the tool '{name}' are no JSON Schema.", "tools"),
        };
    }

    private static ChatToolMode ModeOf(JsonElement choice, IList<AITool> tools)
    {
        switch (choice.ValueKind)
        {
            case JsonValueKind.Undefined or JsonValueKind.Null:
                return ChatToolMode.Auto;
            case JsonValueKind.String:
                return choice.GetString() switch
                {
                    "none" => ChatToolMode.None,
                    "auto" => ChatToolMode.Auto,
                    "required" => ChatToolMode.RequireAny,
                    _ => throw Invalid(),
                };
            case JsonValueKind.Object when choice.TryGetProperty("function", out var function) && function.ValueKind == JsonValueKind.Object
                && function.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String:
                return tools.Any(t => t.Name == name.GetString())
                    ? ChatToolMode.RequireSpecific(name.GetString()!)
                    : throw GatewayProblemException.Invalid($"'tool_choice' names {Briefs.Shown.Text(name.GetString()!)}, which is not among 'tools'.", "tool_choice");
            default:
                throw Invalid();
        }
    }

    private static GatewayProblemException Invalid() => GatewayProblemException.Invalid("'tool_choice' is none, auto, required, or a function with its name.", "tool_choice");

    [GeneratedRegex("^[A-Za-z0-9_-]{1,64}\\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
