using Landfall.Platform.Briefs;
using Landfall.Platform.Candidates;
using Landfall.Platform.Datasets;
using Landfall.Platform.Evaluation;
using Landfall.Platform.Evaluation.Judging;

namespace Landfall.Platform.Landings;

/// <summary>A brief with its judges' models.</summary>
/// <param name="Brief">The brief; its judges know how they stand to human labels.</param>
/// <param name="Panels">The judges, by name.</param>
public sealed record JudgedBrief(Brief Brief, IReadOnlyDictionary<string, JudgePanel> Panels)
{
    public IReadOnlyDictionary<string, string> Keys { get; } = Panels.ToDictionary(panel => panel.Key, panel => panel.Value.Key, StringComparer.Ordinal);
}

/// <summary>Gets a candidate's answers to test rows with all that a brief measures: conversations, repeats, verdicts of judges.</summary>
public sealed class TestAnswers(CandidateAnswers answers, RepeatedAnswers repeated, ConversationAnswers conversations, AnswerJudges judges)
{
    public async Task<IReadOnlyList<Observation>> GetAsync(
        JudgedBrief judged, string candidateHash, IReadOnlyList<Row> rows, IProgress<double> progress, CancellationToken cancellation)
    {
        var brief = judged.Brief;
        var observations = brief.Conversations is { } plan
            ? await conversations.GetAsync(plan, plan.Judge is { } name ? judged.Panels[name] : null, candidateHash, rows, progress, cancellation).ConfigureAwait(false)
            : await answers.GetAsync(candidateHash, rows, progress, cancellation).ConfigureAwait(false);
        return brief is { Repeats: { } repeats, Conversations: null }
            ? await repeated.GetAsync(candidateHash, repeats.Of, observations, progress, cancellation).ConfigureAwait(false)
            : observations;
    }

    /// <summary>The same with every judge's verdict. A judge that decides goals of conversations has given its own already.</summary>
    public async Task<IReadOnlyList<Observation>> JudgeAsync(
        JudgedBrief judged, string candidateHash, IReadOnlyList<Observation> observations, IProgress<double> progress, CancellationToken cancellation) =>
        await judges.JudgeAsync([.. judged.Panels.Values], candidateHash, observations, progress, cancellation).ConfigureAwait(false);
}
