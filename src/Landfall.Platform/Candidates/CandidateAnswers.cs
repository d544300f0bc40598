using System.Diagnostics;
using Landfall.Platform.Datasets;
using Landfall.Platform.Evaluation;

namespace Landfall.Platform.Candidates;

/// <summary>Gets a candidate's answer to every row: stored ones are reused, the others are asked for, one at a time, and timed.</summary>
public sealed class CandidateAnswers(PredictorCache predictors, MeasurementStore measurements)
{
    private const int BatchSize = 500;

    public async Task<IReadOnlyList<Observation>> GetAsync(string candidateHash, IReadOnlyList<Row> rows, IProgress<double> progress, CancellationToken cancellation)
    {
        var stored = new Dictionary<string, Observation>(
            await measurements.LoadAnswersAsync(candidateHash, rows, cancellation).ConfigureAwait(false), StringComparer.Ordinal);
        var missing = rows.Where(r => !stored.ContainsKey(r.Id)).DistinctBy(r => r.Id, StringComparer.Ordinal).ToList();
        if (missing.Count > 0)
        {
            var predictor = await predictors.GetAsync(candidateHash, cancellation).ConfigureAwait(false);

            // The first calls compile code; a server answers its thousandth.
            foreach (var row in missing.Take(20))
            {
                await predictor.AnswerAsync(row.Text, cancellation).ConfigureAwait(false);
            }

            foreach (var batch in missing.Chunk(BatchSize))
            {
                var answers = new List<Observation>(batch.Length);
                foreach (var row in batch)
                {
                    answers.Add(await AskAsync(predictor, row, cancellation).ConfigureAwait(false));
                }

                await measurements.AddAnswersAsync(candidateHash, answers, cancellation).ConfigureAwait(false);
                answers.ForEach(a => stored[a.Row.Id] = a);
                progress.Report((double)stored.Count / rows.Count);
            }
        }

        return [.. rows.Select(r => stored[r.Id] with { Row = r })];
    }

    private static async Task<Observation> AskAsync(IPredictor predictor, Row row, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var started = Stopwatch.GetTimestamp();
        var answer = await predictor.AnswerAsync(row.Text, cancellation).ConfigureAwait(false);
        var latency = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        return new Observation(row, answer.Text, answer.Confidence, latency, answer.PromptTokens + answer.CompletionTokens, answer.CostUsd);
    }
}
