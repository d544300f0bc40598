using Landfall.Platform.Briefs;
using Landfall.Platform.Endpoints;
using Landfall.Platform.Endpoints.Calls;
using Microsoft.Extensions.AI;

namespace Landfall.Platform.Evaluation.Judging;

/// <summary>One of those asked for a verdict.</summary>
/// <param name="Name">The endpoint's name.</param>
/// <param name="Identity">What makes its answers comparable.</param>
/// <param name="Client">Asks it.</param>
/// <param name="MaxParallel">Calls at the same time.</param>
public sealed record PanelMember(string Name, string Identity, IChatClient Client, int MaxParallel);

/// <summary>A judge of a brief with the models that it asks.</summary>
public sealed class JudgePanel(BriefJudge judge, IReadOnlyList<PanelMember> members)
{
    /// <summary>Several votes of one model only differ when it may vary.</summary>
    private const float VotingTemperature = 0.7f;

    public BriefJudge Judge => judge;

    public IReadOnlyList<PanelMember> Members => members;

    /// <summary>What a verdict depends on besides the question and the answer.</summary>
    public string Key { get; } = judge.Key(members.Select(member => member.Identity));

    /// <summary>Answers judged at the same time.</summary>
    public int MaxParallel => Math.Max(1, members.Min(member => member.MaxParallel));

    /// <summary>Opens a judge's endpoints.</summary>
    /// <exception cref="EndpointException">There is no such endpoint.</exception>
    public static JudgePanel Open(BriefJudge judge, IChatEndpoints endpoints) => new(judge, [.. judge.Endpoints.Select(name =>
    {
        var endpoint = endpoints.Find(name) ?? throw new EndpointException(
            EndpointFailure.Unreachable,
            name is null
                ? $"The judge '{judge.Name}' needs a language model, and no endpoint is set. Set OPENAI_API_KEY, start Ollama on this machine, or add an endpoint in the settings."
                : $"The judge '{judge.Name}' asks the endpoint '{name}', which is not set. Add it in the settings, or name another in the brief's judges.");
        return new PanelMember(endpoint.Name, endpoint.Identity, endpoints.Open(endpoint), endpoint.MaxParallel);
    })]);

    /// <summary>Judges one answer: every member, every vote, with pairs in both orders.</summary>
    /// <exception cref="EndpointException">An endpoint gives no answers at all.</exception>
    public async Task<Judgement> JudgeAsync(JudgedItem item, CancellationToken cancellation)
    {
        var votes = new List<JudgeVote>();
        decimal cost = 0;
        foreach (var member in members)
        {
            for (var vote = 0; vote < judge.Votes; vote++)
            {
                foreach (var isSwapped in judge.Scale == JudgeScale.Pairwise ? new[] { false, true } : [false])
                {
                    var (cast, paid) = await VoteAsync(member, item, vote, isSwapped, cancellation).ConfigureAwait(false);
                    votes.Add(cast);
                    cost += paid;
                }
            }
        }

        return Judgement.Of(judge.Scale, votes, cost);
    }

    private (JudgeAnswer? Value, string? Problem) Read(string text)
    {
        var answer = JudgeAnswer.Read(text, judge.Scale);
        return (answer.Problem is null ? answer : null, answer.Problem);
    }

    private async Task<(JudgeVote Vote, decimal CostUsd)> VoteAsync(PanelMember member, JudgedItem item, int vote, bool isSwapped, CancellationToken cancellation)
    {
        var reply = await JsonQuestion.AskAsync<JudgeAnswer>(
            member.Client,
            JudgePrompt.Of(judge, item, isSwapped),
            () => new ChatOptions { Temperature = judge.Votes > 1 ? VotingTemperature : 0 }.WithRepeat(vote),
            Read,
            JudgeAnswer.Form(judge.Scale),
            cancellation).ConfigureAwait(false);
        var score = reply.Value?.Score is { } first && isSwapped ? 1 - first : reply.Value?.Score;
        return (new JudgeVote(member.Name, vote, isSwapped, score, reply.Value?.Reason, reply.Problem, reply.Call), reply.CostUsd);
    }
}
