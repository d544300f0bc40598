using System.Runtime.CompilerServices;
using System.Text.Json;
using Landfall.Inference.Constraints;
using Landfall.Inference.Sampling;
using Landfall.Inference.Serving;
using Microsoft.Extensions.AI;

namespace Landfall.Inference.Chat;

/// <summary>
/// A local model as a chat client: conversations through its template, tools as its family writes them, answers that keep to a
/// JSON schema, a regular expression or choices. Many calls at once share the engine. Functions are not invoked: that is
/// <c>UseFunctionInvocation</c>'s part.
/// </summary>
public sealed class LocalChatClient : IChatClient
{
    private readonly ConstraintCache _constraints = new();
    private readonly InferenceEngine _engine;
    private readonly ChatPrompt _prompt;
    private readonly IToolCallFormat _format;
    private readonly IToolCallFormat _toolFormat;
    private readonly ChatClientMetadata _metadata;

    /// <param name="engine">What runs the model; it is not disposed of with the client.</param>
    /// <param name="name">The model's name in answers; null: its file's.</param>
    public LocalChatClient(InferenceEngine engine, string? name = null)
    {
        var vocabulary = engine.Model.Tokenizer.Vocabulary;
        _engine = engine;
        _prompt = new ChatPrompt(engine.Model);
        _format = ToolCallFormats.Of(engine.Model.Template?.Source, vocabulary);

        // Where the template knows no tools, they are written as PlainTools does.
        _toolFormat = _prompt.HasTools ? _format : MarkedFormat.Hermes(vocabulary);
        _metadata = new("landfall", providerUri: null, name ?? Path.GetFileNameWithoutExtension(engine.Model.Path));
    }

    /// <summary>The whole answer.</summary>
    /// <exception cref="InferenceException">What is asked for cannot be; its message says what.</exception>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        List<ChatResponseUpdate> updates = [];
        await foreach (var update in GetStreamingResponseAsync(messages, options, cancellationToken).ConfigureAwait(false))
        {
            updates.Add(update);
        }

        return updates.ToChatResponse();
    }

    /// <summary>The answer as it is written. An update's raw representation is its <see cref="GeneratedToken"/>.</summary>
    /// <exception cref="InferenceException">What is asked for cannot be, said at the call; its message says what.</exception>
    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var tools = options?.ToolMode is NoneChatToolMode ? [] : (options?.Tools ?? []).OfType<AIFunctionDeclaration>().ToList();
        var prompt = _prompt.Encode(messages, options, tools, out var endsInThought);
        var constraint = ReadConstraint(options, tools);

        // An answer that keeps to a form begins with it, whatever the prompt began.
        var format = tools.Count > 0 ? _toolFormat : _format;
        var parser = tools.Count > 0 || constraint is null ? format.CreateParser([.. tools.Select(t => t.Name)], endsInThought && constraint is null) : null;
        var request = CreateRequest(prompt, options, constraint) with { ShowSpecial = parser is not null && format.HasSpecialMarks };
        return ReadAsync(_engine.GenerateAsync(request, cancellationToken), parser, cancellationToken);
    }

    /// <summary>The engine, the model, or what describes this client.</summary>
    public object? GetService(Type serviceType, object? serviceKey = null) => serviceKey is not null ? null
        : serviceType == typeof(ChatClientMetadata) ? _metadata
        : serviceType == typeof(InferenceEngine) ? _engine
        : serviceType == typeof(LanguageModel) ? _engine.Model
        : serviceType.IsInstanceOfType(this) ? this : null;

    /// <summary>Nothing: the engine belongs to whoever made it.</summary>
    public void Dispose()
    {
    }

    private GenerationRequest CreateRequest(int[] prompt, ChatOptions? options, ITokenConstraint? constraint)
    {
        var local = options as LocalChatOptions;
        return new GenerationRequest
        {
            Prompt = prompt,
            Sampling = ReadSampling(options, local),
            MaxTokens = options?.MaxOutputTokens ?? Math.Max(1, _engine.ContextLength - prompt.Length),
            Stop = options?.StopSequences is { } stop ? [.. stop] : [],
            Constraint = constraint,
            Lora = local?.Lora,
            Prefix = local?.Prefix,
            TopLogProbabilities = local?.TopLogProbabilities,
            Owner = local?.Owner ?? "",
        };
    }

    private SamplingOptions ReadSampling(ChatOptions? options, LocalChatOptions? local)
    {
        // What the model's makers advise holds unless the caller says otherwise; a caller who sets a temperature alone means the whole distribution.
        var advice = _engine.Model.Generation;
        var advised = options?.Temperature is null && advice.Sample == true;
        return new SamplingOptions
        {
            Temperature = options?.Temperature ?? (advised ? advice.Temperature ?? 1f : 0f),
            TopK = options?.TopK ?? (advised ? advice.TopK ?? 0 : 0),
            TopP = options?.TopP ?? (advised ? advice.TopP ?? 1f : 1f),
            MinP = local?.MinP ?? 0f,
            TypicalP = local?.TypicalP ?? 1f,
            RepetitionPenalty = local?.RepetitionPenalty ?? advice.RepetitionPenalty ?? 1f,
            FrequencyPenalty = options?.FrequencyPenalty ?? 0f,
            PresencePenalty = options?.PresencePenalty ?? 0f,
            LogitBias = local?.LogitBias,
            Seed = options?.Seed is { } seed ? unchecked((ulong)seed) : null,
        };
    }

    private ITokenConstraint? ReadConstraint(ChatOptions? options, IReadOnlyList<AIFunctionDeclaration> tools)
    {
        if (options?.ToolMode is RequiredChatToolMode required)
        {
            var wanted = tools.Where(t => required.RequiredFunctionName is null || t.Name == required.RequiredFunctionName).ToList();
            return wanted.Count > 0
                ? Calls(wanted, options.AllowMultipleToolCalls != false && required.RequiredFunctionName is null)
                : throw new InferenceException(required.RequiredFunctionName is { } named ? $"The tool '{named}' must be called, and is not among the tools." : "A tool must be called, and there are none.");
        }

        // Where tools may be called, an answer in the form is the other thing that may come.
        var form = ReadForm(options);
        return form is null || tools.Count == 0 ? form : new EitherConstraint(form, Calls(tools, options!.AllowMultipleToolCalls != false));
    }

    private ITokenConstraint? ReadForm(ChatOptions? options)
    {
        var vocabulary = _engine.Model.Tokenizer.Vocabulary;
        var local = options as LocalChatOptions;
        return (local?.Choices, local?.Regex, options?.ResponseFormat) switch
        {
            ({ Count: > 0 } choices, _, _) => _constraints.Get(ConstraintCache.Key("choices", choices), () => ChoiceConstraint.Compile(choices, vocabulary)),
            (_, { } pattern, _) => _constraints.Get(ConstraintCache.Key("regex", pattern), () => RegexConstraint.Compile(pattern, vocabulary)),
            (_, _, ChatResponseFormatJson { Schema: { } schema }) => _constraints.Get(ConstraintCache.Key("schema", schema.GetRawText()), () => JsonSchemaConstraint.Compile(schema, vocabulary)),
            (_, _, ChatResponseFormatJson) => _constraints.Get(ConstraintCache.Key("object"), () => JsonObjectConstraint.Compile(vocabulary)),
            _ => null,
        };
    }

    private ITokenConstraint Calls(IReadOnlyList<AIFunctionDeclaration> tools, bool several)
    {
        var signatures = tools.Select(t => new ToolSignature(t.Name, t.JsonSchema)).ToList();
        var key = ConstraintCache.Key(several ? "calls" : "call", signatures.SelectMany(t => new[] { t.Name, t.Parameters.GetRawText() }));
        return _constraints.Get(key, () => _toolFormat.Force(signatures, several, _engine.Model.Tokenizer.Vocabulary));
    }

    private async IAsyncEnumerable<ChatResponseUpdate> ReadAsync(IAsyncEnumerable<GeneratedToken> tokens, IOutputParser? parser, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var id = Guid.NewGuid().ToString("n");
        var called = false;
        await foreach (var token in tokens.WithCancellation(cancellation).ConfigureAwait(false))
        {
            List<OutputPiece> pieces = parser is null ? [new TextPiece(token.Text)] : [.. parser.Append(token.Text), .. token.End is null ? [] : parser.Flush()];
            var update = new ChatResponseUpdate(ChatRole.Assistant, [.. pieces.Where(p => p is not TextPiece { Text.Length: 0 }).Select(Content)])
            {
                ResponseId = id,
                MessageId = id,
                ModelId = _metadata.DefaultModelId,
                RawRepresentation = token,
            };
            called |= pieces.Any(p => p is ToolCallPiece);
            if (token.End is { } end)
            {
                update.FinishReason = end.Reason == FinishReason.Length ? ChatFinishReason.Length : called ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop;
                update.Contents.Add(new UsageContent(new UsageDetails
                {
                    InputTokenCount = end.PromptTokens,
                    OutputTokenCount = end.CompletionTokens,
                    TotalTokenCount = end.PromptTokens + end.CompletionTokens,
                    CachedInputTokenCount = end.CachedTokens,
                }));
            }

            yield return update;
        }
    }

    private static AIContent Content(OutputPiece piece) => piece switch
    {
        TextPiece text => new TextContent(text.Text),
        ReasoningPiece reasoning => new TextReasoningContent(reasoning.Text),
        ToolCallPiece call => new FunctionCallContent(call.Id ?? $"call_{Guid.NewGuid():n}", call.Name, JsonDocuments.Members(call.Arguments)),
        _ => throw new InvalidOperationException($"A piece of an answer is {piece.GetType().Name}."),
    };
}
