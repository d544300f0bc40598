using Landfall.Platform.Endpoints;
using Landfall.Platform.Endpoints.Calls;
using Microsoft.Extensions.AI;

namespace Landfall.Platform.Evaluation.Judging;

/// <summary>What a model answered to a question whose answer is JSON of a known form.</summary>
/// <param name="Value">The answer; null when it could not be read twice.</param>
/// <param name="Problem">What was wrong with the last answer.</param>
/// <param name="CostUsd">Money spent.</param>
/// <param name="Call">The last paid call.</param>
internal sealed record JsonReply<T>(T? Value, string? Problem, decimal CostUsd, string? Call)
    where T : class;

/// <summary>Asks a model for JSON of a known form. Nonsense is asked about once more, with the problem named; then it is given up.</summary>
internal static class JsonQuestion
{
    /// <param name="client">The model.</param>
    /// <param name="messages">The question.</param>
    /// <param name="options">How it is asked.</param>
    /// <param name="read">Reads an answer: the value, or what is wrong with it.</param>
    /// <param name="form">How an answer is written.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<JsonReply<T>> AskAsync<T>(
        IChatClient client, List<ChatMessage> messages, Func<ChatOptions> options, Func<string, (T? Value, string? Problem)> read, string form, CancellationToken cancellation)
        where T : class
    {
        decimal cost = 0;
        string? problem = null, call = null;
        var isPlain = false;
        for (var attempt = 0; attempt < 2; attempt++)
        {
            try
            {
                var response = await client.GetResponseAsync(messages, Options(), cancellation).ConfigureAwait(false);
                var receipt = response.Receipt();
                (cost, call) = (cost + (receipt?.CostUsd ?? 0), receipt?.Call);
                (var value, problem) = read(response.Text);
                if (value is not null)
                {
                    return new JsonReply<T>(value, Problem: null, cost, call);
                }

                messages =
                [
                    .. messages,
                    new ChatMessage(ChatRole.Assistant, response.Text),
                    new ChatMessage(ChatRole.User, $"That cannot be read: {problem}. Answer with one JSON object and nothing else: {form}."),
                ];
            }
            catch (EndpointException refusal) when (!isPlain && refusal is { Failure: EndpointFailure.Refused, Status: 400 or 422 } && refusal.Message.Contains("temperature", StringComparison.OrdinalIgnoreCase))
            {
                // Some models take no temperature, and say so: they are asked without.
                isPlain = true;
                attempt--;
            }
            catch (EndpointException error) when (error.Failure is EndpointFailure.HalfAnswer or EndpointFailure.NotACompletion)
            {
                // The endpoint's own retries are over: this answer will not come.
                return new JsonReply<T>(Value: null, error.Message, cost, call);
            }
        }

        return new JsonReply<T>(Value: null, problem, cost, call);

        ChatOptions Options()
        {
            var chosen = options();
            chosen.Temperature = isPlain ? null : chosen.Temperature;
            return chosen;
        }
    }
}
