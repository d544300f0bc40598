using Landfall.Platform.Briefs;
using Landfall.Platform.Candidates;
using Landfall.Platform.Evaluation;
using Landfall.Protocol.Reports;

namespace Landfall.Platform.Landings;

/// <summary>A candidate's per-example scores by metric.</summary>
public sealed record Measurement(IReadOnlyList<Observation> Observations, IReadOnlyDictionary<string, IReadOnlyList<ScoredRow>> Scores);

/// <summary>How verdicts are corrected.</summary>
/// <param name="Candidates">Candidates compared.</param>
/// <param name="EarlierLooks">Looks already taken at the test rows.</param>
public sealed record Correction(int Candidates, int EarlierLooks);

/// <summary>Measures a candidate's answers by every metric that fits the brief, and judges them against its targets.</summary>
public sealed class CandidateMeasurer(MetricRegistry metrics, MeasurementStore measurements)
{
    /// <summary>Scores the answers; what is stored is not computed again.</summary>
    public async Task<Measurement> ScoreAsync(JudgedBrief judged, string candidateHash, IReadOnlyList<Observation> observations, CancellationToken cancellation)
    {
        var brief = judged.Brief;
        var context = MetricContext.Of(brief, judged.Keys);
        var scores = new Dictionary<string, IReadOnlyList<ScoredRow>>(StringComparer.Ordinal);
        foreach (var metric in metrics.For(brief))
        {
            var key = metric.CacheKey(context);
            var stored = await measurements.LoadScoresAsync(candidateHash, key, cancellation).ConfigureAwait(false);
            var fresh = new List<(string Example, double[]? Values)>();
            foreach (var observation in observations)
            {
                if (!stored.ContainsKey(observation.Row.Id))
                {
                    cancellation.ThrowIfCancellationRequested();
                    stored[observation.Row.Id] = metric.Score(observation, context);
                    fresh.Add((observation.Row.Id, stored[observation.Row.Id]));
                }
            }

            if (fresh.Count > 0)
            {
                await measurements.AddScoresAsync(candidateHash, key, fresh, cancellation).ConfigureAwait(false);
            }

            scores[metric.Name] = [.. observations.Select(o => new ScoredRow(o.Row, stored[o.Row.Id]))];
        }

        return new Measurement(observations, scores);
    }

    /// <summary>The candidate's row of the ladder.</summary>
    public CandidateReport Report(
        Brief brief, Candidate candidate, TrainingRecord training, Measurement measurement, IReadOnlySet<string> trainLabels, Correction correction)
    {
        var known = metrics.Of(brief);
        var figures = measurement.Scores
            .Where(s => s.Value.Any(row => row.Score is not null))
            .ToDictionary(s => s.Key, s => Estimator.Estimate(known.Get(s.Key), s.Value.Select(row => row.Score)), StringComparer.Ordinal);
        return new CandidateReport
        {
            Name = candidate.Name,
            Technique = candidate.Technique.Name,
            Settings = candidate.Settings,
            Hash = candidate.Hash,
            Status = CandidateStatus.Measured,
            Metrics = figures,
            Targets = [.. brief.Targets.Select(t => TargetJudge.Judge(t, known.Get(t.Metric), measurement.Scores[t.Metric], correction.Candidates, correction.EarlierLooks))],
            Errors = ErrorClustering.Cluster(MetricContext.Of(brief), measurement.Observations, brief.Output == OutputKind.Label ? trainLabels : null),
            // Stored with each answer, so that a landing that reuses them reports what they took when they were given.
            Seconds = Math.Round(training.Seconds + (measurement.Observations.Sum(o => o.LatencyMs) / 1000), 3),
            PeakMemoryBytes = training.PeakMemoryBytes,
            CostUsd = training.CostUsd + measurement.Observations.Sum(CostOf),
            TrainedParameters = training.TrainedParameters,
            ArtifactBytes = training.ArtifactBytes,
            Notes = [.. training.Notes, .. NotesOf(brief, measurement.Observations)],
        };
    }

    /// <summary>An answer with its repeats and what judges took.</summary>
    private static decimal CostOf(Observation observation) =>
        observation.CostUsd
        + observation.Judgements.Values.Sum(judgement => judgement.CostUsd)
        + observation.Attempts.Skip(1).Sum(attempt => attempt.CostUsd + attempt.Judgements.Values.Sum(judgement => judgement.CostUsd));

    private static IEnumerable<string> NotesOf(Brief brief, IReadOnlyList<Observation> observations)
    {
        if (brief is { Repeats: not null, Conversations: null } && observations.All(o => o.Attempts.Count > 1 && o.Attempts.All(attempt => ReferenceEquals(attempt, o.Attempts[0]))))
        {
            yield return RepeatedAnswers.ConstantNote;
        }

        foreach (var judge in brief.Judges)
        {
            var unjudged = observations.Count(o => o.Judgements.TryGetValue(judge.Name, out var judgement) && judgement.Score is null);
            if (unjudged > 0)
            {
                yield return $"{unjudged} of {observations.Count} answers could not be judged by '{judge.Name}': bounds take them as bad or as good as can be, whichever is worse.";
            }
        }

        var broken = observations.Count(o => o.Conversation?.Problem is not null);
        if (broken > 0)
        {
            yield return $"{broken} of {observations.Count} conversations broke off or could not be judged, and count as not reached.";
        }
    }
}
