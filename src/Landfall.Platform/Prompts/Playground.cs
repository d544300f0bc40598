using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Landfall.Platform.Endpoints;
using Landfall.Platform.Endpoints.Calls;
using Landfall.Protocol.Prompts;
using Microsoft.Extensions.AI;

namespace Landfall.Platform.Prompts;

/// <summary>What is to be asked: the endpoint, and the messages with all variables filled in.</summary>
internal sealed record PreparedQuestion(ChatEndpoint Endpoint, IReadOnlyList<ChatMessage> Messages);

/// <summary>Asks a prompt and a model, and passes the answer on as it comes.</summary>
internal sealed class Playground(IChatEndpoints endpoints, PromptStore prompts, TimeProvider time)
{
    private const int MostText = 200_000;
    private const int Attempts = 3;

    /// <summary>The question, or why it cannot be asked.</summary>
    public async Task<(PreparedQuestion? Question, string? Why)> PrepareAsync(PlaygroundRequest request, CancellationToken cancellation)
    {
        if (endpoints.Find(request.Endpoint) is not { } endpoint)
        {
            return (null, request.Endpoint is { } name ? $"There is no endpoint '{name}'." : "There is no language model to ask: no endpoint is set.");
        }

        if (string.IsNullOrWhiteSpace(request.Text) || request.Text.Length > MostText)
        {
            return (null, $"'text' is empty, or longer than {MostText} characters.");
        }

        if (request is { System: not null, Prompt: not null })
        {
            return (null, "Give 'system' or 'prompt', and not both.");
        }

        var system = request.System;
        if (request.Prompt is { } reference)
        {
            if (await prompts.FindAsync(reference, cancellation).ConfigureAwait(false) is not { } version)
            {
                return (null, $"There is no prompt '{reference}'.");
            }

            system = version.Text;
        }

        if (PromptText.FilledLength(system ?? "", request.Variables ?? new Dictionary<string, string>(StringComparer.Ordinal)) > MostText)
        {
            return (null, $"The prompt with its variables is longer than {MostText} characters.");
        }

        try
        {
            var filled = string.IsNullOrWhiteSpace(system) ? null : PromptText.Fill(system, request.Variables ?? new Dictionary<string, string>(StringComparer.Ordinal));
            var user = new ChatMessage(ChatRole.User, request.Text);
            return (new PreparedQuestion(endpoint, filled is null ? [user] : [new ChatMessage(ChatRole.System, filled), user]), null);
        }
        catch (KeyNotFoundException unknown)
        {
            return (null, unknown.Message);
        }
    }

    /// <summary>The answer's events. An answer that breaks off begins anew, under the same key: it is not paid for twice.</summary>
    public async IAsyncEnumerable<PlaygroundEvent> AskAsync(PreparedQuestion question, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var events = Channel.CreateUnbounded<PlaygroundEvent>();
        var asking = AskInto(events.Writer, question, cancellation);
        await foreach (var next in events.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
        {
            yield return next;
        }

        await asking.ConfigureAwait(false);
    }

    private async Task AskInto(ChannelWriter<PlaygroundEvent> events, PreparedQuestion question, CancellationToken cancellation)
    {
        // One repeat number for all attempts at this question, and no other question's.
        var repeat = Guid.CreateVersion7(time.GetUtcNow()).GetHashCode() & int.MaxValue;
        using var scope = CallScope.Enter(new CallScope("playground", Run: null, Spending: null));
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await StreamAsync(events, question, repeat, cancellation).ConfigureAwait(false);
                break;
            }
            catch (EndpointException error) when (error.Failure == EndpointFailure.HalfAnswer && attempt < Attempts)
            {
                events.TryWrite(new PlaygroundEvent { Type = "restart", Text = error.Message });
            }
            catch (EndpointException error)
            {
                events.TryWrite(new PlaygroundEvent { Type = "error", Text = error.Message });
                break;
            }
            catch (Exception error)
            {
                events.TryComplete(error);
                return;
            }
        }

        events.TryComplete();
    }

    private async Task StreamAsync(ChannelWriter<PlaygroundEvent> events, PreparedQuestion question, int repeat, CancellationToken cancellation)
    {
        var options = new ChatOptions { Temperature = 0 }.WithRepeat(repeat).AsLive();
        await foreach (var update in endpoints.Open(question.Endpoint).GetStreamingResponseAsync(question.Messages, options, cancellation).ConfigureAwait(false))
        {
            if (update.Text.Length > 0)
            {
                events.TryWrite(new PlaygroundEvent { Type = "text", Text = update.Text });
            }

            if (update.Receipt() is { } receipt)
            {
                events.TryWrite(new PlaygroundEvent
                {
                    Type = "done",
                    Call = receipt.Call,
                    LatencyMs = receipt.LatencyMs,
                    CostUsd = receipt.CostUsd,
                    PromptTokens = receipt.PromptTokens,
                    CompletionTokens = receipt.CompletionTokens,
                });
            }
        }
    }
}
