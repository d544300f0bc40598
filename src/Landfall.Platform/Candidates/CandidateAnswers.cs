using System.Diagnostics;
using Landfall.Platform.Datasets;
using Landfall.Platform.Evaluation;

namespace Landfall.Platform.Candidates;

/// <summary>Gets a candidate's answer to every row: stored ones are reused, the others are asked for and timed.</summary>
public sealed class CandidateAnswers(PredictorCache predictors, MeasurementStore measurements)
{
    private const int BatchSize = 500;
    private const int RemoteBatchSize = 100;
    private const int WarmUp = 20;

    public Task<IReadOnlyList<Observation>> GetAsync(string candidateHash, IReadOnlyList<Row> rows, IProgress<double> progress, CancellationToken cancellation) =>
        GetAsync(candidateHash, rows, predictors.GetAsync, progress, cancellation);

    /// <summary>The same of a candidate that is not kept loaded.</summary>
    public async Task<IReadOnlyList<Observation>> GetOnceAsync(string candidateHash, IReadOnlyList<Row> rows, IProgress<double> progress, CancellationToken cancellation)
    {
        IPredictor? loaded = null;
        try
        {
            return await GetAsync(candidateHash, rows, async (hash, token) => loaded = await predictors.LoadAsync(hash, token).ConfigureAwait(false), progress, cancellation).ConfigureAwait(false);
        }
        finally
        {
            loaded?.Dispose();
        }
    }

    private async Task<IReadOnlyList<Observation>> GetAsync(
        string candidateHash, IReadOnlyList<Row> rows, Func<string, CancellationToken, Task<IPredictor>> load, IProgress<double> progress, CancellationToken cancellation)
    {
        var stored = new Dictionary<string, Observation>(
            await measurements.LoadAnswersAsync(candidateHash, rows, cancellation).ConfigureAwait(false), StringComparer.Ordinal);
        var missing = rows.Where(r => !stored.ContainsKey(r.Id)).DistinctBy(r => r.Id, StringComparer.Ordinal).ToList();
        if (missing.Count > 0)
        {
            var predictor = await load(candidateHash, cancellation).ConfigureAwait(false);

            // The first calls compile code; a server answers its thousandth.
            foreach (var row in predictor.MaxParallel > 1 ? [] : missing.Take(WarmUp))
            {
                await predictor.AnswerAsync(Question.Of(row), cancellation).ConfigureAwait(false);
            }

            foreach (var batch in missing.Chunk(predictor.MaxParallel > 1 ? RemoteBatchSize : BatchSize))
            {
                var answers = await AskAsync(predictor, batch, cancellation).ConfigureAwait(false);
                await measurements.AddAnswersAsync(candidateHash, answers, cancellation).ConfigureAwait(false);
                Array.ForEach(answers, a => stored[a.Row.Id] = a);
                progress.Report((double)stored.Count / rows.Count);
            }
        }

        return [.. rows.Select(r => stored[r.Id] with { Row = r })];
    }

    private static async Task<Observation[]> AskAsync(IPredictor predictor, Row[] rows, CancellationToken cancellation)
    {
        var answers = new Observation[rows.Length];
        if (predictor.MaxParallel == 1)
        {
            for (var i = 0; i < rows.Length; i++)
            {
                answers[i] = await AskAsync(predictor, rows[i], cancellation).ConfigureAwait(false);
            }

            return answers;
        }

        var parallel = new ParallelOptions { MaxDegreeOfParallelism = predictor.MaxParallel, CancellationToken = cancellation };
        await Parallel.ForAsync(0, rows.Length, parallel, async (i, token) => answers[i] = await AskAsync(predictor, rows[i], token).ConfigureAwait(false)).ConfigureAwait(false);
        return answers;
    }

    private static async Task<Observation> AskAsync(IPredictor predictor, Row row, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var started = Stopwatch.GetTimestamp();
        var answer = await predictor.AnswerAsync(Question.Of(row), cancellation).ConfigureAwait(false);
        var latency = answer.LatencyMs ?? Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        return new Observation(row, answer.Text, answer.Confidence, latency, (long)answer.PromptTokens + answer.CompletionTokens, answer.CostUsd, answer.Call);
    }
}
