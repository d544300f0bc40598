using System.Diagnostics;
using Landfall.Platform.Briefs;
using Landfall.Platform.Candidates;
using Landfall.Platform.Datasets;
using Landfall.Platform.Endpoints;
using Landfall.Platform.Evaluation;
using Landfall.Platform.Landings;
using Landfall.Platform.Runs;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Reports;
using Landfall.Protocol.Search;

namespace Landfall.Platform.Search;

/// <summary>What a search works on. Test rows are not in it.</summary>
internal sealed record SearchWork(
    Brief Brief, SearchPlan Plan, ITechnique Technique, IMetric Metric, TrainingParts Parts, PreparedData Prepared, IReadOnlyList<Row> Train, IReadOnlyList<Row> Validation);

/// <summary>A trial, and whether no other can follow it.</summary>
internal sealed record TrialOutcome(SearchTrial Trial, bool EndsSearch);

/// <summary>Tries settings: trains a candidate and measures it on validation rows. A trial that fails is a trial.</summary>
internal sealed class SearchTrials(CandidateTrainer trainer, CandidateAnswers answers)
{
    public async Task<TrialOutcome> TryAsync(SearchWork work, int number, SearchProposal proposal, IProgress<double> progress, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var rows = work.Parts.RowsOf(proposal.Rung, work.Train, work.Plan.Seed);
        var trial = new SearchTrial
        {
            Number = number,
            Settings = work.Parts.SettingsOf(proposal),
            Rung = proposal.Rung,
            Share = work.Parts.Shares[proposal.Rung],
            Promotes = proposal.Promotes,
            Status = TrialStatus.Failed,
            TrainedRows = work.Parts.Length is null ? rows.Count : (long)Math.Round(rows.Count * work.Parts.Shares[proposal.Rung]),
        };
        try
        {
            var measured = await MeasureAsync(work, trial, rows, progress, cancellation).ConfigureAwait(false);
            return new TrialOutcome(measured with { Seconds = Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 3) }, EndsSearch: false);
        }
        catch (Exception failure) when (failure is EndpointException or RunFailedException or ArgumentException or ArithmeticException)
        {
            var failed = trial with { Reason = failure.Message, Seconds = Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 3) };
            return new TrialOutcome(failed, failure is EndpointException { Failure: EndpointFailure.BudgetSpent });
        }
    }

    private async Task<SearchTrial> MeasureAsync(SearchWork work, SearchTrial trial, IReadOnlyList<Row> rows, IProgress<double> progress, CancellationToken cancellation)
    {
        var standing = await work.Technique.StandAsync(work.Brief, trial.Settings, cancellation).ConfigureAwait(false);
        if (standing.WhyUnavailable is { } why)
        {
            throw new RunFailedException(why, ErrorCodes.BadRequest);
        }

        var candidate = CandidateOf(work, trial, rows, standing.Context);
        var input = new TrainingInput(work.Brief, candidate.Settings, rows, work.Validation, Candidate.Seed) { IsTrial = true };
        var trained = await trainer.TrainAsync(candidate, input, new Part(progress, 0), cancellation).ConfigureAwait(false);
        var observations = await answers.GetOnceAsync(candidate.Hash, work.Validation, new Part(progress, 0.5), cancellation).ConfigureAwait(false);
        var context = MetricContext.Of(work.Brief);
        var score = Estimator.Estimate(work.Metric, observations.Select(observation => work.Metric.Score(observation, context)));
        if (score.N == 0 || !double.IsFinite(score.Value))
        {
            throw new RunFailedException($"No validation row counts for '{work.Metric.Name}'. Add such rows to data.validation, or search by another metric.", ErrorCodes.DataInvalid);
        }

        return trial with
        {
            Status = TrialStatus.Measured,
            Score = score,
            CostUsd = trained.Training.CostUsd + observations.Sum(observation => observation.CostUsd),
            Candidate = candidate.Hash,
        };
    }

    /// <summary>With all rows, the candidate that a landing with these settings makes.</summary>
    private static Candidate CandidateOf(SearchWork work, SearchTrial trial, IReadOnlyList<Row> rows, string context)
    {
        var part = rows.Count == work.Train.Count ? "" : FormattableString.Invariant($"search/{rows.Count}/{work.Plan.Seed}");
        return Candidate.Create(
            new TechniqueRequest(work.Technique.Name, trial.Settings), work.Technique, work.Brief, work.Prepared.TrainVersion, work.Prepared.ValidationVersion,
            string.Join('\n', new[] { context, part }.Where(text => text.Length > 0)));
    }

    /// <summary>A half of a trial.</summary>
    private sealed class Part(IProgress<double> trial, double from) : IProgress<double>
    {
        public void Report(double value) => trial.Report(from + (value / 2));
    }
}
