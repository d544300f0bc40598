using System.Text.Json;

namespace Landfall.Inference.Templates;

/// <summary>What a chat template makes a prompt of.</summary>
public sealed class ChatTemplateInput
{
    /// <summary>The conversation, in order.</summary>
    public required IReadOnlyList<ChatTemplateMessage> Messages { get; init; }

    /// <summary>The tools that may be called: each a JSON object as OpenAI's API has it, <c>{"type": "function", "function": {...}}</c>.</summary>
    public IReadOnlyList<JsonElement> Tools { get; init; } = [];

    /// <summary>Whether the prompt ends with what an answer begins with.</summary>
    public bool AddGenerationPrompt { get; init; } = true;

    /// <summary>The token that prompts begin with, as text; <c>bos_token</c> to the template.</summary>
    public string? BeginToken { get; init; }

    /// <summary>The token that ends a text, as text; <c>eos_token</c> to the template.</summary>
    public string? EndToken { get; init; }

    /// <summary>More variables, such as <c>enable_thinking</c> or <c>documents</c>.</summary>
    public IReadOnlyDictionary<string, JsonElement> Variables { get; init; } = new Dictionary<string, JsonElement>(StringComparer.Ordinal);

    /// <summary>The clock that strftime_now reads.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>A message of a conversation.</summary>
/// <param name="Role">Who speaks: system, user, assistant or tool.</param>
/// <param name="Content">What is said; null where the message only calls tools.</param>
public sealed record ChatTemplateMessage(string Role, string? Content)
{
    /// <summary>The calls of tools in the message.</summary>
    public IReadOnlyList<ChatTemplateToolCall> ToolCalls { get; init; } = [];

    /// <summary>For a tool's answer: the call that it answers.</summary>
    public string? ToolCallId { get; init; }

    /// <summary>The name of the speaker, or of the tool that answers.</summary>
    public string? Name { get; init; }

    /// <summary>What was thought before the answer; <c>reasoning_content</c> to the template.</summary>
    public string? Reasoning { get; init; }

    /// <summary>More fields.</summary>
    public IReadOnlyDictionary<string, JsonElement> Fields { get; init; } = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
}

/// <summary>A call of a tool.</summary>
/// <param name="Name">The tool's name.</param>
/// <param name="Arguments">Its arguments, a JSON object.</param>
/// <param name="Id">The call's id, where it has one.</param>
public sealed record ChatTemplateToolCall(string Name, JsonElement Arguments, string? Id = null);
