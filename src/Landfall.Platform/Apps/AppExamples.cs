using Landfall.Platform.Briefs;
using Landfall.Platform.Candidates;
using Landfall.Platform.Datasets;
using Landfall.Platform.Evaluation;
using Landfall.Platform.Evaluation.Conversations;
using Landfall.Platform.Evaluation.Judging;
using Landfall.Platform.Storage;
using Landfall.Protocol.Apps;
using Landfall.Protocol.Reports;

namespace Landfall.Platform.Apps;

/// <summary>The test rows of an app's last report with a candidate's stored answers.</summary>
public sealed class AppExamples(DatasetReader reader, MeasurementStore measurements, ConversationAnswers conversations, AnswerJudges judges, MetricRegistry metrics)
{
    /// <summary>All examples in the order of the test data.</summary>
    public async Task<IReadOnlyList<ExampleResult>> ListAsync(AppEntity app, Report report, CandidateReport candidate, CancellationToken cancellation)
    {
        var brief = BriefParser.Parse(app.Brief).Brief
            ?? throw new InvalidOperationException($"The stored brief of '{app.Name}' cannot be read any more.");
        var rows = await reader.ReadAsync(report.Data.TestVersion, cancellation).ToListAsync(cancellation).ConfigureAwait(false);

        var answers = await measurements.LoadAnswersAsync(candidate.Hash, rows, cancellation).ConfigureAwait(false);
        var keys = report.Judges.ToDictionary(judge => judge.Name, judge => judge.Key, StringComparer.Ordinal);
        var context = MetricContext.Of(brief, keys);
        var perExample = metrics.For(brief).Where(m => m.IsQuality && m.Kind is MetricKind.Proportion or MetricKind.Mean).ToList();
        var observations = rows.Where(r => answers.ContainsKey(r.Id)).Select(r => answers[r.Id] with { Row = r }).ToList();
        foreach (var (name, key) in keys)
        {
            var verdicts = await judges.LoadAsync(candidate.Hash, key, cancellation).ConfigureAwait(false);
            observations = [.. observations.Select(o => verdicts.TryGetValue(o.Row.Id, out var verdict) ? With(o, name, verdict) : o)];
        }

        if (brief.Conversations is { } plan)
        {
            var talks = await conversations.LoadAsync(plan, plan.Judge is { } judge ? keys.GetValueOrDefault(judge) : null, candidate.Hash, cancellation).ConfigureAwait(false);
            observations = [.. observations.Select(o => o with { Conversation = talks.GetValueOrDefault(o.Row.Id) })];
        }

        return [.. observations.Select(o => ToResult(brief, context, perExample, o))];
    }

    private static Observation With(Observation observation, string judge, Judgement verdict) =>
        observation with { Judgements = new Dictionary<string, Judgement>(observation.Judgements, StringComparer.Ordinal) { [judge] = verdict } };

    private static ExampleResult ToResult(Brief brief, MetricContext context, List<IMetric> metrics, Observation observation)
    {
        var scores = metrics.Select(m => (m.Name, Score: m.Score(observation, context)))
            .Where(s => s.Score is { Length: 1 } or [_, 1])
            .ToDictionary(s => s.Name, s => s.Score![0], StringComparer.Ordinal);
        return new ExampleResult
        {
            Id = observation.Row.Id,
            Text = observation.Row.Text,
            Expected = observation.Row.Expected,
            Got = observation.Got,
            Confidence = observation.Confidence,
            Correct = brief.Output == OutputKind.Label ? context.SameLabel(observation.Row.Expected, observation.Got) : null,
            Scores = scores,
            Fields = observation.Row.Fields,
            Call = observation.Call,
            Judgements = [.. observation.Judgements.SelectMany(judgement => judgement.Value.Votes.Select(vote =>
                new ExampleVote(judgement.Key, vote.Judge, vote.Score, vote.IsSwapped, vote.Reason, vote.Problem)))],
            Conversation = observation.Conversation is { } talk ? ToTranscript(talk) : null,
        };
    }

    private static ExampleConversation ToTranscript(Conversation talk) =>
        new(talk.Reached, talk.Why, [.. talk.Turns.Select(turn => new ExampleTurn(turn.Role, turn.Content, turn.LatencyMs))]);
}
