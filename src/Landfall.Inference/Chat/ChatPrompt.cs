using System.Buffers;
using System.Text;
using System.Text.Json;
using Landfall.Inference.Templates;
using Microsoft.Extensions.AI;

namespace Landfall.Inference.Chat;

/// <summary>
/// Writes conversations as the model's template has them, and makes tokens of them. What people and tools wrote cannot
/// become a special token: a text that spells one is taken apart before it is encoded.
/// </summary>
public sealed class ChatPrompt
{
    /// <summary>A noncharacter (Unicode 23.7), which no text for interchange has.</summary>
    internal const char Divider = '\uFDD0';

    private readonly LanguageModel _model;
    private readonly ChatTemplate _template;
    private readonly SearchValues<string> _marks;
    private readonly bool _beginsAlways;
    private readonly string? _begin;
    private readonly string? _end;

    /// <param name="model">Whose template and tokens; ChatML where it has no template.</param>
    public ChatPrompt(LanguageModel model)
    {
        _model = model;
        _template = model.Template ?? ChatTemplate.Default;
        var vocabulary = model.Tokenizer.Vocabulary;
        var special = Enumerable.Range(0, vocabulary.Count).Where(vocabulary.IsSpecial).Select(vocabulary.Text).Where(t => t.Length > 1).ToList();
        _marks = SearchValues.Create([.. special], StringComparison.Ordinal);
        _begin = TextOf(model.BeginToken);
        _end = TextOf(model.Tokenizer.EndToken);
        _beginsAlways = model.BeginToken is { } begin && model.Tokenizer.Encode("", addSpecial: true).Contains(begin);
        HasTools = _template.Source.Contains("tools", StringComparison.Ordinal);
    }

    /// <summary>Whether the template has a place for tools.</summary>
    public bool HasTools { get; }

    /// <summary>The tokens of a conversation, up to where the answer begins.</summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="options">What else goes into the prompt.</param>
    /// <param name="tools">Tools that may be called.</param>
    /// <exception cref="ChatTemplateException">The template refuses the conversation.</exception>
    public int[] Encode(IEnumerable<ChatMessage> messages, ChatOptions? options = null, IReadOnlyList<AIFunctionDeclaration>? tools = null) => Encode(messages, options, tools ?? [], out _);

    /// <summary>The same.</summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="options">What else goes into the prompt.</param>
    /// <param name="tools">Tools that may be called.</param>
    /// <param name="endsInThought">Whether the template began a thought for the answer to go on with.</param>
    internal int[] Encode(IEnumerable<ChatMessage> messages, ChatOptions? options, IReadOnlyList<AIFunctionDeclaration> tools, out bool endsInThought)
    {
        List<ChatTemplateMessage> written = string.IsNullOrEmpty(options?.Instructions) ? [] : [new ChatTemplateMessage("system", Guard(options.Instructions))];
        foreach (var message in messages)
        {
            written.AddRange(Write(message));
        }

        var signatures = tools.Select(t => JsonDocuments.Map(Write(t), Guard)).ToList();
        if (signatures.Count > 0 && !HasTools)
        {
            written = PlainTools.Write(written, signatures);
        }

        var text = _template.Render(new ChatTemplateInput
        {
            Messages = written,
            Tools = signatures,
            BeginToken = _begin,
            EndToken = _end,
            Variables = (options as LocalChatOptions)?.TemplateVariables ?? new Dictionary<string, JsonElement>(StringComparer.Ordinal),
        });
        endsInThought = text.AsSpan().TrimEnd().EndsWith(OutputMarks.Think, StringComparison.Ordinal);
        List<int> tokens = [];
        foreach (var piece in text.Split(Divider))
        {
            tokens.AddRange(_model.Tokenizer.Encode(piece, parseSpecial: true));
        }

        // Some templates leave the first token to the tokenizer.
        return _beginsAlways && _model.BeginToken is { } begin && (tokens.Count == 0 || tokens[0] != begin) ? [begin, .. tokens] : [.. tokens];
    }

    private string? TextOf(int? token) => token is { } id && id < _model.Tokenizer.Vocabulary.Count ? _model.Tokenizer.Vocabulary.Text(id) : null;

    private IEnumerable<ChatTemplateMessage> Write(ChatMessage message)
    {
        // Each result of a tool is a message of its own.
        var results = message.Contents.OfType<FunctionResultContent>().ToList();
        foreach (var result in results)
        {
            yield return new ChatTemplateMessage("tool", Guard(ResultText(result.Result))) { ToolCallId = result.CallId };
        }

        var calls = message.Contents.OfType<FunctionCallContent>().Select(c => new ChatTemplateToolCall(Guard(c.Name), JsonDocuments.Map(JsonDocuments.Of(c.Arguments), Guard), c.CallId)).ToList();
        var text = message.Text;
        if (results.Count == 0 || text.Length > 0 || calls.Count > 0)
        {
            var reasoning = string.Concat(message.Contents.OfType<TextReasoningContent>().Select(r => r.Text));
            yield return new ChatTemplateMessage(Guard(message.Role.Value), text.Length == 0 && calls.Count > 0 ? null : Guard(text))
            {
                ToolCalls = calls,
                Name = message.AuthorName is { } author ? Guard(author) : null,
                Reasoning = reasoning.Length > 0 ? Guard(reasoning) : null,
            };
        }
    }

    private static string ResultText(object? result) => result switch
    {
        null => "null",
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } element => element.GetString()!,
        _ => JsonDocuments.OfValue(result).GetRawText(),
    };

    private static JsonElement Write(AIFunctionDeclaration tool) => JsonDocuments.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("type", "function");
        writer.WriteStartObject("function");
        writer.WriteString("name", tool.Name);
        writer.WriteString("description", tool.Description);
        writer.WritePropertyName("parameters");
        tool.JsonSchema.WriteTo(writer);
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    /// <summary>Parts the names of special tokens in a text.</summary>
    private string Guard(string text)
    {
        text = text.Replace(Divider.ToString(), "", StringComparison.Ordinal);
        var guarded = new StringBuilder(text.Length);
        var rest = text.AsSpan();
        for (int found; (found = rest.IndexOfAny(_marks)) >= 0;)
        {
            guarded.Append(rest[..(found + 1)]).Append(Divider);
            rest = rest[(found + 1)..];
        }

        return guarded.Append(rest).ToString();
    }
}
