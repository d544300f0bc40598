using Landfall.Platform.Briefs;
using Landfall.Platform.Datasets;
using Landfall.Platform.Endpoints;
using Landfall.Platform.Runs;
using Landfall.Protocol.Errors;

namespace Landfall.Platform.Evaluation.Judging;

/// <summary>Asks a brief's judges about answers; verdicts that are stored are reused.</summary>
public sealed class AnswerJudges(IChatEndpoints endpoints, EvidenceStore evidence)
{
    /// <summary>Calibration rows are answers of no candidate.</summary>
    private const string CalibrationCandidate = "calibration";

    private const int BatchSize = 50;

    /// <summary>Opens the judges of a brief, by name.</summary>
    /// <exception cref="RunFailedException">One of them has no endpoint to ask.</exception>
    public IReadOnlyDictionary<string, JudgePanel> Open(Brief brief)
    {
        try
        {
            return brief.Judges.ToDictionary(judge => judge.Name, judge => JudgePanel.Open(judge, endpoints), StringComparer.Ordinal);
        }
        catch (EndpointException missing)
        {
            throw new RunFailedException(missing.Message, ErrorCodes.BriefInvalid);
        }
    }

    /// <summary>Lets a judge judge answers that humans have labelled.</summary>
    public async Task<JudgeEvidence> CalibrateAsync(JudgePanel panel, IReadOnlyList<Row> rows, CancellationToken cancellation)
    {
        var items = rows.DistinctBy(row => row.Id, StringComparer.Ordinal)
            .ToDictionary(row => row.Id, row => new JudgedItem(row.Text, row.Expected, CalibrationRow.ReferenceOf(row)), StringComparer.Ordinal);
        var judged = await JudgeAsync(panel, CalibrationCandidate, repeat: 0, items, new Progress<double>(), cancellation).ConfigureAwait(false);
        var pairs = rows.Where(row => judged[row.Id].Score is not null)
            .Select(row => new HumanAndJudge(CalibrationRow.LabelOf(row, panel.Judge.Scale, out _)!.Value, judged[row.Id].Score!.Value));
        return new JudgeEvidence([.. pairs], rows.Count(row => judged[row.Id].Score is null));
    }

    /// <summary>The observations with every judge's verdict.</summary>
    public async Task<IReadOnlyList<Observation>> JudgeAsync(
        IReadOnlyCollection<JudgePanel> panels, string candidate, IReadOnlyList<Observation> observations, IProgress<double> progress, CancellationToken cancellation)
    {
        var attempts = panels.Count == 0 || observations.Count == 0 ? 0 : Math.Max(1, observations.Max(o => o.Attempts.Count));
        for (var repeat = 0; repeat < attempts; repeat++)
        {
            foreach (var panel in panels)
            {
                var items = observations.Where(o => repeat == 0 || o.Attempts.Count > repeat).DistinctBy(o => o.Row.Id, StringComparer.Ordinal)
                    .ToDictionary(o => o.Row.Id, o => ItemOf(repeat == 0 ? o : o.Attempts[repeat]), StringComparer.Ordinal);
                var judged = await JudgeAsync(panel, candidate, repeat, items, progress, cancellation).ConfigureAwait(false);
                observations = [.. observations.Select(o => With(o, repeat, panel.Judge.Name, judged.GetValueOrDefault(o.Row.Id)))];
            }
        }

        return observations;
    }

    /// <summary>What stored verdicts say, without asking anyone.</summary>
    public Task<Dictionary<string, Judgement>> LoadAsync(string candidate, string judgeKey, CancellationToken cancellation) =>
        evidence.LoadAsync<Judgement>(candidate, KindOf(judgeKey, repeat: 0), cancellation);

    private async Task<Dictionary<string, Judgement>> JudgeAsync(
        JudgePanel panel, string candidate, int repeat, Dictionary<string, JudgedItem> items, IProgress<double> progress, CancellationToken cancellation)
    {
        var kind = KindOf(panel.Key, repeat);
        var stored = await evidence.LoadAsync<Judgement>(candidate, kind, cancellation).ConfigureAwait(false);
        foreach (var batch in items.Where(item => !stored.ContainsKey(item.Key)).Chunk(BatchSize))
        {
            var fresh = new (string Example, Judgement Value)[batch.Length];
            try
            {
                await Parallel.ForAsync(
                    0, batch.Length, new ParallelOptions { MaxDegreeOfParallelism = panel.MaxParallel, CancellationToken = cancellation },
                    async (i, token) => fresh[i] = (batch[i].Key, await panel.JudgeAsync(batch[i].Value, token).ConfigureAwait(false))).ConfigureAwait(false);
            }
            catch (EndpointException silent)
            {
                throw new RunFailedException(
                    $"The judge '{panel.Judge.Name}' gives no answers: {silent.Message} Land again when it does: verdicts that were given are kept.", ErrorCodes.Internal);
            }

            await evidence.AddAsync(candidate, kind, fresh, cancellation).ConfigureAwait(false);
            foreach (var (example, judgement) in fresh)
            {
                stored[example] = judgement;
            }

            progress.Report((double)items.Keys.Count(stored.ContainsKey) / items.Count);
        }

        return stored;
    }

    private static JudgedItem ItemOf(Observation observation) => observation.Conversation is { } talk
        ? new JudgedItem(observation.Row.Text, talk.AsText(), observation.Row.Expected)
        : new JudgedItem(observation.Row.Text, observation.Got, observation.Row.Expected);

    private static Observation With(Observation observation, int repeat, string judge, Judgement? judgement)
    {
        if (judgement is null)
        {
            return observation;
        }

        var judged = repeat > 0 ? observation : observation with { Judgements = Added(observation) };
        return observation.Attempts.Count <= repeat ? judged : judged with
        {
            Attempts = [.. observation.Attempts.Select((attempt, i) => i == repeat ? attempt with { Judgements = Added(attempt) } : attempt)],
        };

        Dictionary<string, Judgement> Added(Observation to) => new(to.Judgements, StringComparer.Ordinal) { [judge] = judgement };
    }

    private static string KindOf(string key, int repeat) => $"judge/{key}/{repeat}";
}
