using System.Text.Json;

namespace Landfall.Inference.Templates;

/// <summary>
/// A chat template: the part of Jinja that language models' templates are written in, with what Hugging Face adds to it
/// (tojson, raise_exception, strftime_now). Templates come from foreign files, so steps, output and nesting are bounded.
/// Immutable; used by many threads at once.
/// </summary>
public sealed class ChatTemplate
{
    private const int LongestSource = 1_000_000;
    private readonly IReadOnlyList<TemplateStatement> _body;

    private ChatTemplate(string source, IReadOnlyList<TemplateStatement> body) => (Source, _body) = (source, body);

    /// <summary>The template for models that bring none, and that many models use: ChatML, with tools as Hermes writes them.</summary>
    public static ChatTemplate Default { get; } = Parse(StandardTemplates.ChatMl);

    /// <summary>The template's text.</summary>
    public string Source { get; }

    /// <summary>Reads a template.</summary>
    /// <param name="source">Its text.</param>
    /// <exception cref="ChatTemplateException">It is not a template, or uses what is not supported; with line and column.</exception>
    public static ChatTemplate Parse(string source) => source.Length <= LongestSource
        ? new(source, TemplateParser.Parse(source))
        : throw new ChatTemplateException($"it has {source.Length} characters; at most {LongestSource} are read.", 1, 1);

    /// <summary>Makes the prompt of a conversation.</summary>
    /// <param name="input">The conversation and what goes with it.</param>
    /// <exception cref="ChatTemplateException">The template fails on this conversation, or refuses it.</exception>
    public string Render(ChatTemplateInput input)
    {
        var scope = TemplateGlobals.Scope();
        scope.Set("messages", input.Messages.Select(Message).ToList());
        scope.Set("tools", input.Tools.Count == 0 ? null : input.Tools.Select(TemplateValue.FromJson).ToList());
        scope.Set("documents", null);
        scope.Set("add_generation_prompt", input.AddGenerationPrompt);
        SetIfGiven(scope, "bos_token", input.BeginToken);
        SetIfGiven(scope, "eos_token", input.EndToken);
        foreach (var (name, value) in input.Variables)
        {
            scope.Set(name, TemplateValue.FromJson(value));
        }

        return Render(scope, input.Time);
    }

    /// <summary>Renders with variables as they stand.</summary>
    internal string Render(JsonElement variables, TimeProvider time)
    {
        var scope = TemplateGlobals.Scope();
        foreach (var variable in variables.EnumerateObject())
        {
            scope.Set(variable.Name, TemplateValue.FromJson(variable.Value));
        }

        return Render(scope, time);
    }

    private string Render(TemplateScope globals, TimeProvider time)
    {
        var rendering = new TemplateRendering(new(globals), time);
        rendering.Run(_body);
        return rendering.Output();
    }

    private static void SetIfGiven(TemplateScope scope, string name, string? value)
    {
        if (value is not null)
        {
            scope.Set(name, value);
        }
    }

    private static object? Message(ChatTemplateMessage message)
    {
        var map = new TemplateMap();
        map.Set("role", message.Role);
        map.Set("content", message.Content);
        SetIfGiven(map, "name", message.Name);
        SetIfGiven(map, "tool_call_id", message.ToolCallId);
        SetIfGiven(map, "reasoning_content", message.Reasoning);
        if (message.ToolCalls.Count > 0)
        {
            map.Set("tool_calls", message.ToolCalls.Select(Call).ToList());
        }

        foreach (var (name, value) in message.Fields)
        {
            map.Set(name, TemplateValue.FromJson(value));
        }

        return map;
    }

    private static object? Call(ChatTemplateToolCall call)
    {
        var (map, function) = (new TemplateMap(), new TemplateMap());
        SetIfGiven(map, "id", call.Id);
        map.Set("type", "function");
        map.Set("function", function);
        function.Set("name", call.Name);
        function.Set("arguments", TemplateValue.FromJson(call.Arguments));
        return map;
    }

    private static void SetIfGiven(TemplateMap map, string name, string? value)
    {
        if (value is not null)
        {
            map.Set(name, value);
        }
    }
}
