using System.Diagnostics;
using Landfall.Platform.Endpoints;
using Landfall.Platform.Endpoints.Calls;
using Landfall.Platform.Evaluation;
using Landfall.Platform.Runs;
using Landfall.Protocol.Errors;

namespace Landfall.Platform.Candidates;

/// <summary>
/// Asks a candidate each row again, as a call of its own: never answered from a cache, though an attempt that was made
/// is stored under its number. A candidate that gives the same answer every time is asked once.
/// </summary>
public sealed class RepeatedAnswers(PredictorCache predictors, EvidenceStore evidence)
{
    private const int BatchSize = 100;

    /// <summary>Said of a candidate whose repeats are constant by definition.</summary>
    public const string ConstantNote = "It gives the same answer every time by definition: each row was asked once, and pass^k is pass^1.";

    /// <summary>The observations with all attempts, the first answer among them.</summary>
    public async Task<IReadOnlyList<Observation>> GetAsync(
        string candidateHash, int attempts, IReadOnlyList<Observation> observations, IProgress<double> progress, CancellationToken cancellation)
    {
        var predictor = await predictors.GetAsync(candidateHash, cancellation).ConfigureAwait(false);
        var all = observations.DistinctBy(o => o.Row.Id, StringComparer.Ordinal).ToDictionary(o => o.Row.Id, o => new List<Observation> { o }, StringComparer.Ordinal);
        for (var repeat = 1; repeat < attempts; repeat++)
        {
            var again = predictor.Varies ? await AskAsync(predictor, candidateHash, repeat, observations, cancellation).ConfigureAwait(false) : null;
            foreach (var (example, list) in all)
            {
                list.Add(again is null ? list[0] : again[example].On(list[0]));
            }

            progress.Report((double)repeat / attempts);
        }

        return [.. observations.Select(o => o with { Attempts = all[o.Row.Id] })];
    }

    private async Task<Dictionary<string, Attempt>> AskAsync(
        IPredictor predictor, string candidateHash, int repeat, IReadOnlyList<Observation> observations, CancellationToken cancellation)
    {
        var kind = $"repeat/{repeat}";
        var stored = await evidence.LoadAsync<Attempt>(candidateHash, kind, cancellation).ConfigureAwait(false);
        foreach (var batch in observations.Where(o => !stored.ContainsKey(o.Row.Id)).DistinctBy(o => o.Row.Id, StringComparer.Ordinal).Chunk(BatchSize))
        {
            var fresh = new (string Example, Attempt Value)[batch.Length];
            try
            {
                await Parallel.ForAsync(
                    0, batch.Length, new ParallelOptions { MaxDegreeOfParallelism = predictor.MaxParallel, CancellationToken = cancellation },
                    async (i, token) =>
                    {
                        using var asking = CallScope.Enter(CallScope.Current with { Repeat = repeat });
                        var started = Stopwatch.GetTimestamp();
                        var answer = await predictor.AnswerAsync(Question.Of(batch[i].Row), token).ConfigureAwait(false);
                        fresh[i] = (batch[i].Row.Id, new Attempt(
                            answer.Text, answer.LatencyMs ?? Stopwatch.GetElapsedTime(started).TotalMilliseconds, answer.PromptTokens + answer.CompletionTokens, answer.CostUsd));
                    }).ConfigureAwait(false);
            }
            catch (EndpointException silent)
            {
                throw new RunFailedException($"Repeat {repeat} of the test rows gets no answers: {silent.Message} Land again later: what was answered is kept.", ErrorCodes.Internal);
            }

            await evidence.AddAsync(candidateHash, kind, fresh, cancellation).ConfigureAwait(false);
            Array.ForEach(fresh, attempt => stored[attempt.Example] = attempt.Value);
        }

        return stored;
    }

    /// <summary>A further answer to a row.</summary>
    private sealed record Attempt(string Got, double LatencyMs, long Tokens, decimal CostUsd)
    {
        public Observation On(Observation first) => new(first.Row, Got, Confidence: null, LatencyMs, Tokens, CostUsd);
    }
}
