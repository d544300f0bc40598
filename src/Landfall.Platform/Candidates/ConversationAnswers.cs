using Landfall.Platform.Briefs;
using Landfall.Platform.Datasets;
using Landfall.Platform.Endpoints;
using Landfall.Platform.Evaluation;
using Landfall.Platform.Evaluation.Conversations;
using Landfall.Platform.Evaluation.Judging;
using Landfall.Platform.Runs;
using Landfall.Protocol.Errors;
using Microsoft.Extensions.AI;

namespace Landfall.Platform.Candidates;

/// <summary>Talks every row of a brief of conversations through with a candidate; stored conversations are reused.</summary>
public sealed class ConversationAnswers(PredictorCache predictors, EvidenceStore evidence, MeasurementStore measurements, IChatEndpoints endpoints)
{
    private const int BatchSize = 20;

    /// <exception cref="RunFailedException">A row is no scenario, or there is no endpoint to play the user.</exception>
    public async Task<IReadOnlyList<Observation>> GetAsync(
        ConversationPlan plan, JudgePanel? judge, string candidateHash, IReadOnlyList<Row> rows, IProgress<double> progress, CancellationToken cancellation)
    {
        var kind = KindOf(plan, judge?.Key);
        var stored = await evidence.LoadAsync<Conversation>(candidateHash, kind, cancellation).ConfigureAwait(false);
        var missing = rows.Where(row => !stored.ContainsKey(row.Id)).DistinctBy(row => row.Id, StringComparer.Ordinal).ToList();
        if (missing.Count > 0)
        {
            var user = OpenUser(plan);
            var scenarios = missing.ToDictionary(row => row.Id, row => ScenarioOf(row, plan, rows), StringComparer.Ordinal);
            var app = await predictors.GetAsync(candidateHash, cancellation).ConfigureAwait(false);
            foreach (var batch in missing.Chunk(BatchSize))
            {
                var talks = await TalkAsync(batch, row => ConversationRunner.RunAsync(
                    scenarios[row.Id], plan, user(scenarios[row.Id], row), app, Question.Of(row).System, judge, cancellation), app.MaxParallel, cancellation).ConfigureAwait(false);
                await evidence.AddAsync(candidateHash, kind, talks, cancellation).ConfigureAwait(false);
                Array.ForEach(talks, talk => stored[talk.Example] = talk.Value);
                await measurements.AddAnswersAsync(candidateHash, [.. batch.Select(row => ToObservation(row, stored[row.Id]))], cancellation).ConfigureAwait(false);
                progress.Report((double)stored.Count / rows.Count);
            }
        }

        return [.. rows.Select(row => ToObservation(row, stored[row.Id]))];
    }

    /// <summary>The stored conversations of a candidate, by example.</summary>
    public Task<Dictionary<string, Conversation>> LoadAsync(ConversationPlan plan, string? judgeKey, string candidateHash, CancellationToken cancellation) =>
        evidence.LoadAsync<Conversation>(candidateHash, KindOf(plan, judgeKey), cancellation);

    private Func<Scenario, Row, IUserSimulator> OpenUser(ConversationPlan plan)
    {
        if (plan.Simulator is not { } name)
        {
            return (scenario, row) => new ScriptedUser(scenario, (ulong)plan.Seed ^ Convert.ToUInt64(row.Id[..16], 16));
        }

        var endpoint = endpoints.Find(name) ?? throw new RunFailedException(
            $"The brief's conversations are simulated by the endpoint '{name}', which is not set. Add it in the settings, or write simulator: {ConversationPlan.Scripted}.", ErrorCodes.BriefInvalid);
        IChatClient client = endpoints.Open(endpoint);
        return (scenario, _) => new EndpointUser(scenario, client, plan.Seed);
    }

    private static async Task<(string Example, Conversation Value)[]> TalkAsync(
        Row[] rows, Func<Row, Task<Conversation>> talk, int parallel, CancellationToken cancellation)
    {
        var talks = new (string Example, Conversation Value)[rows.Length];
        try
        {
            await Parallel.ForAsync(
                0, rows.Length, new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancellation },
                async (i, _) => talks[i] = (rows[i].Id, await talk(rows[i]).ConfigureAwait(false))).ConfigureAwait(false);
        }
        catch (EndpointException silent)
        {
            throw new RunFailedException($"A conversation could not go on: {silent.Message} Land again later: what was answered is kept.", ErrorCodes.Internal);
        }

        return talks;
    }

    private static Scenario ScenarioOf(Row row, ConversationPlan plan, IReadOnlyList<Row> rows)
    {
        var problem = plan.Check == GoalCheck.Judge ? null : GoalChecker.WhyUncheckable(plan.Check, row.Expected);
        try
        {
            return problem is null ? Scenario.Of(row, plan) : throw new ScenarioException(problem);
        }
        catch (ScenarioException broken)
        {
            var number = rows.TakeWhile(r => r.Id != row.Id).Count() + 1;
            throw new RunFailedException($"Row {number} of the test data ({Shown.Text(row.Text)}) is no scenario: {broken.Message}", ErrorCodes.DataInvalid);
        }
    }

    private static Observation ToObservation(Row row, Conversation talk) => new(
        row,
        talk.LastAnswer,
        Confidence: null,
        talk.Answers == 0 ? 0 : talk.Turns.Sum(turn => turn.LatencyMs ?? 0) / talk.Answers,
        talk.Turns.Sum(turn => turn.Tokens),
        talk.Turns.Sum(turn => turn.CostUsd))
    {
        Conversation = talk,
    };

    private static string KindOf(ConversationPlan plan, string? judgeKey) => $"conversation/{plan.Key}/{judgeKey}";
}
