using Landfall.Platform.Endpoints;
using Landfall.Platform.Endpoints.Calls;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Landfall.Platform.Candidates.Techniques.Prompting;

/// <summary>An instruction with a number of examples: what a search chooses among.</summary>
internal sealed record PromptForm(string Instruction, int Examples);

/// <summary>Asks a model in a form, reads its answer, and lets it mend one that is no output.</summary>
internal sealed class PromptAsker(IChatClient client, ExamplePool examples, AnswerReading reading)
{
    private volatile bool _withoutLogprobs;
    private volatile bool _withoutTemperature;

    public async Task<Answer> AskAsync(PromptForm form, Question question, CancellationToken cancellation)
    {
        var messages = Compose(form, question);
        var (response, receipt) = await SendAsync(messages, cancellation).ConfigureAwait(false);
        var (text, problem) = reading.Read(response.Text);
        var (cost, latency, prompt, completion) = (receipt?.CostUsd ?? 0, receipt?.LatencyMs, receipt?.PromptTokens ?? 0, receipt?.CompletionTokens ?? 0);
        var call = receipt?.Call;
        if (problem is not null)
        {
            messages.Add(new ChatMessage(ChatRole.Assistant, response.Text));
            messages.Add(new ChatMessage(ChatRole.User, problem));
            (response, receipt) = await SendAsync(messages, cancellation).ConfigureAwait(false);
            var mended = reading.Read(response.Text);
            text = mended.Problem is null ? mended.Text : text;
            (cost, latency) = (cost + (receipt?.CostUsd ?? 0), latency + receipt?.LatencyMs);
            (prompt, completion, call) = (prompt + (receipt?.PromptTokens ?? 0), completion + (receipt?.CompletionTokens ?? 0), receipt?.Call);
        }

        return new Answer(text, ConfidenceOf(response), [], (int)Math.Min(prompt, int.MaxValue), (int)Math.Min(completion, int.MaxValue), cost, latency, call);
    }

    private List<ChatMessage> Compose(PromptForm form, Question question)
    {
        var messages = new List<ChatMessage> { new(ChatRole.System, question.System is { } own ? $"{form.Instruction}\n\n{own}" : form.Instruction) };
        foreach (var row in examples.Nearest(question.Text, form.Examples))
        {
            messages.Add(new ChatMessage(ChatRole.User, row.Text));
            messages.Add(new ChatMessage(ChatRole.Assistant, row.Expected));
        }

        messages.AddRange((question.History ?? []).Select(t => new ChatMessage(t.Role == "assistant" ? ChatRole.Assistant : ChatRole.User, t.Content)));
        messages.Add(new ChatMessage(ChatRole.User, question.Text));
        return messages;
    }

    /// <summary>Some models refuse a temperature or have no log probabilities, and say so: they are asked without.</summary>
    private async Task<(ChatResponse Response, CallReceipt? Receipt)> SendAsync(List<ChatMessage> messages, CancellationToken cancellation)
    {
        while (true)
        {
            // What this call sends: others that run beside it may find out in the meantime what the model refuses.
            var (logprobs, temperature) = (!_withoutLogprobs, !_withoutTemperature);
            try
            {
                var response = await client.GetResponseAsync(messages, Options(logprobs, temperature), cancellation).ConfigureAwait(false);
                return (response, response.Receipt());
            }
            catch (EndpointException refusal) when (refusal is { Failure: EndpointFailure.Refused, Status: 400 or 422 } && Leaves(refusal.Message, logprobs, temperature))
            {
                // Asked again below, without what it does not take.
            }
        }
    }

    private bool Leaves(string message, bool logprobs, bool temperature)
    {
        if (logprobs && message.Contains("logprob", StringComparison.OrdinalIgnoreCase))
        {
            return _withoutLogprobs = true;
        }

        return temperature && message.Contains("temperature", StringComparison.OrdinalIgnoreCase) && (_withoutTemperature = true);
    }

    private static ChatOptions Options(bool logprobs, bool temperature)
    {
        var options = new ChatOptions { Temperature = temperature ? 0 : null };
        if (logprobs)
        {
            options.RawRepresentationFactory = _ => new ChatCompletionOptions { IncludeLogProbabilities = true };
        }

        // What is asked outside of a run is a user's question: a call of its own.
        return CallScope.Current.Run is null ? options.AsFresh() : options;
    }

    /// <summary>The probability of the answer's tokens, where the endpoint tells them.</summary>
    private static double? ConfidenceOf(ChatResponse response) =>
        response.RawRepresentation is ChatCompletion { ContentTokenLogProbabilities: { Count: > 0 } tokens }
            ? Math.Clamp(Math.Exp(tokens.Sum(t => (double)t.LogProbability)), 0, 1)
            : null;
}
