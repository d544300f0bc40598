using System.Text;
using System.Text.Json;
using Landfall.Platform.Endpoints.Calls;
using Landfall.Platform.Evaluation.Judging;
using Microsoft.Extensions.AI;

namespace Landfall.Platform.Evaluation.Conversations;

/// <summary>A user played by a language model that knows the row's persona, goal and facts, and nothing else.</summary>
internal sealed class EndpointUser(Scenario scenario, IChatClient client, int seed) : IUserSimulator
{
    private const string Form = """{"say": "your next message", "done": false}, or {"done": true} when you have what you want or give up""";

    public async ValueTask<UserMove> NextAsync(IReadOnlyList<ConversationTurn> turns, CancellationToken cancellation)
    {
        var reply = await JsonQuestion.AskAsync(
            client, [new ChatMessage(ChatRole.System, Instructions()), new ChatMessage(ChatRole.User, SoFar(turns))],
            () => new ChatOptions { Temperature = 0, Seed = seed }.WithRepeat(0), Read, Form, cancellation).ConfigureAwait(false);
        return reply.Value is { } move
            ? move with { CostUsd = reply.CostUsd }
            : new UserMove(Say: null, $"the simulated user answered nonsense: {reply.Problem}", reply.CostUsd);
    }

    private string Instructions()
    {
        var text = new StringBuilder("You play a user who writes to an assistant. Stay in character, write one short message at a time, and invent nothing: what is not among your facts you do not know.\n\n");
        text.Append("Who you are: ").Append(scenario.Persona.Length > 0 ? scenario.Persona : "a user of the assistant").Append('\n');
        text.Append("What you want: ").Append(scenario.Goal).Append('\n');
        foreach (var (name, fact) in scenario.Facts)
        {
            text.Append("Fact, ").Append(name).Append(": ").Append(fact).Append('\n');
        }

        return text.Append("\nAnswer with one JSON object and nothing else: ").Append(Form).Append('.').ToString();
    }

    private static string SoFar(IReadOnlyList<ConversationTurn> turns) =>
        "The conversation so far:\n\n" + string.Join("\n\n", turns.Select(turn => $"{(turn.Role == "user" ? "You" : "Assistant")}: {turn.Content}"));

    private static (UserMove? Value, string? Problem) Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text.Trim());
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                return (null, "it is JSON, but no object");
            }

            var isDone = root.TryGetProperty("done", out var done) && done.ValueKind == JsonValueKind.True;
            var say = root.TryGetProperty("say", out var said) && said.ValueKind == JsonValueKind.String ? said.GetString()! : "";
            return isDone ? (new UserMove(Say: null), null)
                : string.IsNullOrWhiteSpace(say) ? (null, "\"say\" is missing or empty, and \"done\" is not true")
                : (new UserMove(say.Trim()), null);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return (null, "it is not one JSON object and nothing else");
        }
    }
}
