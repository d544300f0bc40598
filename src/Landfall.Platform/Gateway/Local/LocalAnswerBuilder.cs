using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Landfall.Inference.Serving;
using Landfall.Inference.Tokenizers;
using Microsoft.Extensions.AI;

namespace Landfall.Platform.Gateway.Local;

/// <summary>What an update of an answer brings.</summary>
/// <param name="Text">Text for the reader.</param>
/// <param name="Reasoning">What the model thinks.</param>
/// <param name="Calls">Calls of tools.</param>
/// <param name="FirstCall">The first call's place among the answer's: by the time a piece is sent, the answer may have gone on.</param>
/// <param name="LogProbability">Of the token, where asked for.</param>
internal sealed record LocalPiece(string Text, string Reasoning, IReadOnlyList<LocalToolCall> Calls, int FirstCall, LocalTokenProbability? LogProbability);

/// <summary>Adds up the updates of one answer.</summary>
internal sealed class LocalAnswerBuilder(TokenVocabulary vocabulary, TimeProvider time)
{
    // Arguments are read by programs, and shown to people.
    private static readonly JsonSerializerOptions Arguments = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _reasoning = new();
    private readonly List<LocalToolCall> _calls = [];
    private readonly List<LocalTokenProbability> _probabilities = [];
    private readonly long _began = time.GetTimestamp();
    private long? _first;
    private long _last;
    private ChatFinishReason? _end;

    public long PromptTokens { get; private set; }

    public long CachedTokens { get; private set; }

    public long CompletionTokens { get; private set; }

    public string FinishReason => _calls.Count > 0 && _end != ChatFinishReason.Length ? "tool_calls" : _end == ChatFinishReason.Length ? "length" : "stop";

    public LocalTimes Times
    {
        get
        {
            var first = time.GetElapsedTime(_began, _first ?? time.GetTimestamp()).TotalSeconds;
            var answer = _first is { } begin ? time.GetElapsedTime(begin, _last).TotalSeconds : 0;
            return new LocalTimes(Math.Round(first, 6), Math.Round(answer, 6), answer > 0 && CompletionTokens > 1 ? Math.Round((CompletionTokens - 1) / answer, 2) : 0);
        }
    }

    /// <summary>Takes an update in, and says what is new.</summary>
    public LocalPiece Add(ChatResponseUpdate update)
    {
        var calls = new List<LocalToolCall>();
        foreach (var content in update.Contents)
        {
            switch (content)
            {
                case FunctionCallContent call:
                    calls.Add(new LocalToolCall(call.CallId, "function", new LocalFunctionCall(call.Name, JsonSerializer.Serialize(call.Arguments ?? new Dictionary<string, object?>(), Arguments))));
                    break;
                case UsageContent usage:
                    (PromptTokens, CompletionTokens) = (usage.Details.InputTokenCount ?? PromptTokens, usage.Details.OutputTokenCount ?? CompletionTokens);
                    CachedTokens = usage.Details.CachedInputTokenCount ?? CachedTokens;
                    break;
            }
        }

        var reasoning = string.Concat(update.Contents.OfType<TextReasoningContent>().Select(c => c.Text));
        var piece = new LocalPiece(update.Text, reasoning, calls, _calls.Count, LocalProbabilities.Of(update, vocabulary));
        if (update.RawRepresentation is GeneratedToken { Token: >= 0 } || piece.Text.Length > 0 || calls.Count > 0)
        {
            _last = time.GetTimestamp();
            _first ??= _last;
        }

        _end = update.FinishReason ?? _end;
        _text.Append(piece.Text);
        _calls.AddRange(calls);
        _reasoning.Append(reasoning);
        if (piece.LogProbability is { } probability)
        {
            _probabilities.Add(probability);
        }

        return piece;
    }

    /// <summary>The whole answer.</summary>
    public LocalChoice ToChoice(int index, bool hasProbabilities) => new(
        index,
        new LocalAnswerMessage("assistant", _text.Length == 0 && _calls.Count > 0 ? null : _text.ToString(), _calls.Count == 0 ? null : _calls)
        {
            Reasoning = _reasoning.Length == 0 ? null : _reasoning.ToString(),
        },
        hasProbabilities ? new LocalLogProbabilities(_probabilities) : null,
        FinishReason);
}
