using System.Diagnostics;
using Landfall.Platform.Briefs;
using Landfall.Platform.Candidates;
using Landfall.Platform.Evaluation.Judging;

namespace Landfall.Platform.Evaluation.Conversations;

/// <summary>Talks one scenario through: the app answers with all that was said before.</summary>
internal static class ConversationRunner
{
    public static async Task<Conversation> RunAsync(
        Scenario scenario, ConversationPlan plan, IUserSimulator user, IPredictor app, string? system, JudgePanel? judge, CancellationToken cancellation)
    {
        var turns = new List<ConversationTurn> { new("user", scenario.Opening) };
        string end, problem = "";
        while (true)
        {
            turns.Add(await AnswerAsync(app, turns, system, cancellation).ConfigureAwait(false));
            var answers = turns.Count(turn => turn.Role == "assistant");
            if (plan.Check != GoalCheck.Judge && GoalChecker.IsReached(plan.Check, scenario.Expected, turns))
            {
                return new Conversation(turns, Reached: true, $"The goal was reached after {answers} answer(s).");
            }

            if (answers >= scenario.MaxTurns)
            {
                end = $"It ended after {answers} answer(s), the most that are allowed.";
                break;
            }

            var move = await user.NextAsync(turns, cancellation).ConfigureAwait(false);
            if (move.Say is null)
            {
                problem = move.Problem ?? "";
                end = problem.Length > 0 ? $"It broke off: {problem}." : $"The user had nothing more to say after {answers} answer(s).";
                break;
            }

            turns.Add(new ConversationTurn("user", move.Say, CostUsd: move.CostUsd));
        }

        var talk = new Conversation(turns, Reached: false, $"{end} The goal was not reached.", problem.Length > 0 ? problem : null);
        return judge is null || problem.Length > 0 ? talk : await JudgeAsync(talk, scenario, judge, end, cancellation).ConfigureAwait(false);
    }

    private static async Task<Conversation> JudgeAsync(Conversation talk, Scenario scenario, JudgePanel judge, string end, CancellationToken cancellation)
    {
        var goal = scenario.Goal.Length > 0 ? $"{scenario.Goal}\n{scenario.Expected}" : scenario.Expected;
        var judgement = await judge.JudgeAsync(new JudgedItem(scenario.Opening, talk.AsText(), goal), cancellation).ConfigureAwait(false);
        var reason = judgement.Votes.FirstOrDefault(vote => vote.Reason is not null)?.Reason;
        return judgement.Score is { } score
            ? talk with { Reached = score > 0.5, Why = $"{end} The judge: {reason ?? (score > 0.5 ? "reached" : "not reached")}" }
            : talk with { Why = $"{end} The judge could not judge it, so it counts as not reached.", Problem = judgement.Votes[0].Problem };
    }

    private static async Task<ConversationTurn> AnswerAsync(IPredictor app, List<ConversationTurn> turns, string? system, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var history = turns.Take(turns.Count - 1).Select(turn => new Turn(turn.Role, turn.Content)).ToList();
        var started = Stopwatch.GetTimestamp();
        var answer = await app.AnswerAsync(new Question(turns[^1].Content, history.Count > 0 ? history : null, system), cancellation).ConfigureAwait(false);
        return new ConversationTurn(
            "assistant", answer.Text, answer.LatencyMs ?? Stopwatch.GetElapsedTime(started).TotalMilliseconds,
            answer.PromptTokens + answer.CompletionTokens, answer.CostUsd, answer.Call);
    }
}
