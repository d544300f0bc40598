using System.Globalization;
using System.Text;
using Landfall.Inference;
using Landfall.Inference.Chat;
using Landfall.Inference.Sampling;
using Landfall.Inference.Serving;
using Microsoft.Extensions.AI;

namespace Landfall.Edge;

/// <summary><c>landfall-edge chat</c>: a conversation with one model. Answers go to standard output, all else to standard error.</summary>
internal sealed class TerminalChat(InferenceEngine engine, ChatOptions options, TextWriter output, TextWriter error)
{
    private const int UsualContext = 8192;
    private const float UsualTemperature = 0.7f;
    private readonly ChatPrompt _prompt = new(engine.Model);
    private readonly List<ChatMessage> _conversation = options.System is { } system ? [new ChatMessage(ChatRole.System, system)] : [];

    private LanguageModel Model => engine.Model;

    /// <returns>Whether the only answer came to its end.</returns>
    public static async Task<bool> RunAsync(string path, ChatOptions options, TextReader input, TextWriter output, TextWriter error, Interrupt interrupt)
    {
        using var model = LanguageModel.Open(path);
        var limits = new EngineOptions { ContextLength = options.Context ?? Math.Min(model.Config.ContextLength, UsualContext), MaxSequences = 1 };
        await using var engine = new InferenceEngine(model, options.Threads is { } threads ? limits with { Threads = threads } : limits);
        var chat = new TerminalChat(engine, options, output, error);
        if (options.Prompt is { } prompt)
        {
            return await interrupt.RunAsync(cancellation => chat.AnswerAsync(prompt, cancellation)).ConfigureAwait(false);
        }

        while (await chat.ReadAsync(input).ConfigureAwait(false) is { } line)
        {
            await interrupt.RunAsync(cancellation => chat.AnswerAsync(line, cancellation)).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>The next line that says something, or null at the end.</summary>
    private async Task<string?> ReadAsync(TextReader input)
    {
        while (true)
        {
            if (!Console.IsInputRedirected)
            {
                await error.WriteAsync("> ").ConfigureAwait(false);
            }

            var line = await input.ReadLineAsync().ConfigureAwait(false);
            if (line is null || !string.IsNullOrWhiteSpace(line))
            {
                return line;
            }
        }
    }

    private async Task AnswerAsync(string question, CancellationToken cancellation)
    {
        _conversation.Add(new ChatMessage(ChatRole.User, question));
        var answer = new StringBuilder();
        var request = new GenerationRequest { Prompt = FittingPrompt(), MaxTokens = options.MaxTokens, Sampling = Sampling() };
        try
        {
            await foreach (var token in engine.GenerateAsync(request, cancellation).ConfigureAwait(false))
            {
                answer.Append(token.Text);
                await output.WriteAsync(token.Text.AsMemory(), cancellation).ConfigureAwait(false);
                if (token.End is { } end)
                {
                    await output.WriteLineAsync().ConfigureAwait(false);
                    await error.WriteLineAsync(Figures(end)).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            _conversation.Add(new ChatMessage(ChatRole.Assistant, answer.ToString()));
        }
    }

    /// <summary>The conversation as tokens, without its oldest exchanges where it has grown too long for an answer.</summary>
    private int[] FittingPrompt()
    {
        var kept = options.System is null ? 0 : 1;
        var most = engine.ContextLength - Math.Min(options.MaxTokens, engine.ContextLength / 2);
        while (true)
        {
            var prompt = Prompt();
            if (prompt.Length <= most || _conversation.Count <= kept + 1)
            {
                return prompt;
            }

            _conversation.RemoveRange(kept, 2);
        }
    }

    /// <summary>A model without a template continues the last text.</summary>
    private int[] Prompt() => Model.Template is null ? Model.Tokenizer.Encode(_conversation[^1].Text, addSpecial: true) : _prompt.Encode(_conversation);

    private SamplingOptions Sampling()
    {
        var advice = Model.Generation;
        return new SamplingOptions
        {
            Temperature = options.Temperature ?? (advice.Sample == false ? 0 : advice.Temperature ?? UsualTemperature),
            TopP = advice.TopP ?? 1,
            TopK = advice.TopK ?? 0,
            RepetitionPenalty = advice.RepetitionPenalty ?? 1,
            Seed = options.Seed,
        };
    }

    private static string Figures(GenerationEnd end)
    {
        // The first token comes with the prompt.
        var speed = end.CompletionTokens > 1 ? (end.CompletionTokens - 1) / end.CompletionTime.TotalSeconds : 0;
        return string.Create(CultureInfo.InvariantCulture, $"[{end.PromptTokens} tokens read, {end.CachedTokens} of them known, in {end.PromptTime.TotalMilliseconds:f0} ms; {end.CompletionTokens} tokens written, {speed:f1} tokens/s]");
    }
}
