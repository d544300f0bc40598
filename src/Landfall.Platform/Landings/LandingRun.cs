using System.Globalization;
using System.Text.Json;
using Landfall.Platform.Apps;
using Landfall.Platform.Briefs;
using Landfall.Platform.Candidates;
using Landfall.Platform.Candidates.Techniques.Tuning;
using Landfall.Platform.Datasets;
using Landfall.Platform.Endpoints;
using Landfall.Platform.Endpoints.Calls;
using Landfall.Platform.Evaluation;
using Landfall.Platform.Evaluation.Judging;
using Landfall.Platform.Runs;
using Landfall.Platform.Training;
using Landfall.Protocol.Briefs;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Landings;
using Landfall.Protocol.Reports;
using Landfall.Protocol.Training;

namespace Landfall.Platform.Landings;

/// <summary>
/// Runs of kind <c>landing</c>, the main job: check the brief, import and split its data, run the techniques within the
/// budget, cheapest first, measure each, choose the cheapest that meets every target, and release it.
/// </summary>
internal sealed class LandingRun(
    BriefChecker checker, LandingData data, TechniqueCatalogue techniques, CandidateTrainer trainer, TestAnswers answers, LandingJudges judges,
    CandidateMeasurer measurer, MetricRegistry metrics, LookStore looks, LandingRelease release, AppStore apps, PaidCallStore calls) : IRunKind
{
    public const string Name = "landing";

    public string Kind => Name;

    public async Task<JsonElement> ExecuteAsync(RunContext run, JsonElement input, CancellationToken cancellation)
    {
        var request = input.To<LandingRequest>();
        run.Report(0, "checking the brief");
        var (brief, warnings) = await CheckAsync(request, cancellation).ConfigureAwait(false);
        await ClaimNameAsync(run, brief, request, cancellation).ConfigureAwait(false);
        var prepared = await data.PrepareAsync(run, brief, new BriefSourceFiles(request.Brief), cancellation).ConfigureAwait(false);
        using var scope = CallScope.Enter(new CallScope(Name, run.RunId, new Spending(brief.Budget.MoneyUsd, await calls.SpentAsync(run.RunId, cancellation).ConfigureAwait(false))));
        var (candidates, unavailable) = await CandidatesOfAsync(run, brief, request, prepared, cancellation).ConfigureAwait(false);
        var able = candidates.Where(c => !unavailable.ContainsKey(c.Name)).ToList();
        var judged = await judges.PrepareAsync(run, brief, new BriefSourceFiles(request.Brief), cancellation).ConfigureAwait(false);
        brief = judged.Brief;
        var landing = new Landing(
            judged,
            prepared,
            await data.ReadAsync(prepared.TrainVersion, cancellation).ConfigureAwait(false),
            await data.ReadAsync(prepared.ValidationVersion, cancellation).ConfigureAwait(false),
            await data.ReadAsync(prepared.TestVersion, cancellation).ConfigureAwait(false),
            TimeSpan.FromSeconds(request.BudgetSeconds ?? brief.Budget.Time.TotalSeconds),
            new Correction(
                Math.Max(1, able.Count),
                await run.DecideAsync("look", () => looks.TakeAsync(prepared.TestVersion, able.Select(c => c.Hash), cancellation), cancellation).ConfigureAwait(false)),
            unavailable);
        var rows = new List<CandidateReport>();
        var scores = new List<CandidateScores>();
        var seen = new List<JudgedCandidate>();
        foreach (var candidate in candidates)
        {
            var (row, measured) = await ClimbAsync(run, landing, candidate, (double)rows.Count / candidates.Count, 1.0 / candidates.Count, cancellation).ConfigureAwait(false);
            rows.Add(row);
            if (measured is not null)
            {
                scores.Add(new CandidateScores(candidate.Name, measured.Scores));
                seen.Add(new JudgedCandidate(candidate.Name, measured.Observations));
            }
        }

        rows.AddRange(Unavailable(brief));
        run.Report(0.97, "comparing candidates");
        var comparisons = Comparisons.Compare(brief, metrics, scores);
        var verdicts = new LandingFindings(rows, comparisons, JudgeReports.Of(judged, seen), warnings);
        var result = await release.DecideAsync(run, landing, request, verdicts, cancellation).ConfigureAwait(false);
        return RunJson.ToElement(result);
    }

    private async Task<(Brief Brief, IReadOnlyList<string> Warnings)> CheckAsync(LandingRequest request, CancellationToken cancellation)
    {
        var check = await checker.InspectAsync(request.Brief, cancellation).ConfigureAwait(false);
        var warnings = check.Response.Problems.Where(p => p.Severity == Severity.Warning).Select(p => p.Message).ToList();
        return check.Brief is { } brief
            ? (brief, warnings)
            : throw new RunFailedException(
                $"The brief has errors: {string.Join(" ", check.Response.Problems.Where(p => p.Severity == Severity.Error).Select(p => $"line {p.Line}: {p.Message}"))}",
                ErrorCodes.BriefInvalid);
    }

    /// <summary>Two folders may have asked for one name at the same time: the first has it.</summary>
    private async Task ClaimNameAsync(RunContext run, Brief brief, LandingRequest request, CancellationToken cancellation)
    {
        var owner = await run.DecideAsync(
            "name", () => apps.ClaimAsync(brief.App, request.Origin, brief.Scenario, request.Brief.Text, cancellation), cancellation).ConfigureAwait(false);
        if (owner != request.Origin && !request.ReplaceOrigin)
        {
            throw new RunFailedException($"The app name '{brief.App}' was taken by another folder in the meantime.", ErrorCodes.AppExists);
        }
    }

    /// <summary>The candidates, and why some cannot run here. What hangs on this server's settings is decided once for the run.</summary>
    private async Task<(IReadOnlyList<Candidate> Candidates, IReadOnlyDictionary<string, string> Unavailable)> CandidatesOfAsync(
        RunContext run, Brief brief, LandingRequest request, PreparedData prepared, CancellationToken cancellation)
    {
        var candidates = new List<Candidate>();
        var unavailable = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (technique, wanted) in techniques.RequestsOf(brief, request.Techniques))
        {
            var name = Candidate.Create(wanted, technique, brief, "", "").Name;
            var standing = await run.DecideAsync(
                $"stand/{name}", () => technique.StandAsync(brief, wanted.Settings, cancellation).AsTask(), cancellation).ConfigureAwait(false);
            candidates.Add(Candidate.Create(wanted, technique, brief, prepared.TrainVersion, prepared.ValidationVersion, standing.Context));
            if (standing.WhyUnavailable is { } why)
            {
                unavailable[name] = why;
            }
        }

        return (candidates, unavailable);
    }

    /// <summary>One rung: train, answer the test rows, measure, judge. Its row is shown as soon as it is known.</summary>
    private async Task<(CandidateReport Row, Measurement? Measurement)> ClimbAsync(
        RunContext run, Landing landing, Candidate candidate, double from, double share, CancellationToken cancellation)
    {
        var why = await run.DecideAsync($"start/{candidate.Name}", () => WhySkippedAsync(run, landing, candidate, cancellation), cancellation).ConfigureAwait(false);
        if (why.Length > 0)
        {
            return (await ShowAsync(run, Row(candidate, CandidateStatus.Skipped, why), cancellation).ConfigureAwait(false), null);
        }

        var progress = new StepProgress(run, candidate.Name, from, share);
        var trained = await TrainAsync(run, landing, candidate, progress, cancellation).ConfigureAwait(false);
        if (trained.Reason is { } reason)
        {
            return (await ShowAsync(run, Row(candidate, trained.Status, reason), cancellation).ConfigureAwait(false), null);
        }

        progress.Doing = "measuring";
        Measurement? measurement = null;
        var measured = await run.DecideAsync(
            $"measured/{candidate.Name}",
            async () =>
            {
                try
                {
                    measurement = await MeasureAsync(run, landing, candidate, progress, cancellation).ConfigureAwait(false);
                    return new TrainingOutcome(CandidateStatus.Measured, Reason: null, Training: null);
                }
                catch (EndpointException error)
                {
                    return Outcome(error);
                }
                catch (RunFailedException refused) when (candidate.Technique is TuningTechnique)
                {
                    return new TrainingOutcome(CandidateStatus.Failed, refused.Message, Training: null);
                }
            },
            cancellation).ConfigureAwait(false);
        if (measured.Reason is { } unanswered)
        {
            return (await ShowAsync(run, Row(candidate, measured.Status, unanswered), cancellation).ConfigureAwait(false), null);
        }

        measurement ??= await MeasureAsync(run, landing, candidate, progress, cancellation).ConfigureAwait(false);
        var row = await run.StepAsync(
            $"row/{candidate.Name}",
            _ => Task.FromResult(measurer.Report(landing.Brief, candidate, trained.Training!, measurement, landing.TrainLabels, landing.Correction)),
            cancellation).ConfigureAwait(false);
        run.ShowRow(row);
        run.Log($"{candidate.Name}: " + string.Join(", ", row.Targets.Select(t => FormattableString.Invariant($"{t.Metric} {t.Value:0.####} ({t.Verdict.ToString().ToLowerInvariant()})"))));
        return (row, measurement);
    }

    /// <summary>Answers, judges and scores the test rows, a step each; a resumed run finds a step done, and reads what it stored.</summary>
    private async Task<Measurement> MeasureAsync(RunContext run, Landing landing, Candidate candidate, StepProgress progress, CancellationToken cancellation)
    {
        IReadOnlyList<Observation>? observations = null;
        await run.StepAsync(
            $"answer/{candidate.Name}",
            async token =>
            {
                observations = await answers.GetAsync(landing.Judged, candidate.Hash, landing.Test, progress, token).ConfigureAwait(false);
                return observations.Count;
            },
            cancellation).ConfigureAwait(false);
        observations ??= await answers.GetAsync(landing.Judged, candidate.Hash, landing.Test, progress, cancellation).ConfigureAwait(false);
        if (landing.Judged.Panels.Count > 0)
        {
            progress.Doing = "judging";
            var answered = observations;
            observations = null;
            await run.StepAsync(
                $"judge/{candidate.Name}",
                async token =>
                {
                    observations = await answers.JudgeAsync(landing.Judged, candidate.Hash, answered, progress, token).ConfigureAwait(false);
                    return observations.Count;
                },
                cancellation).ConfigureAwait(false);
            observations ??= await answers.JudgeAsync(landing.Judged, candidate.Hash, answered, progress, cancellation).ConfigureAwait(false);
        }

        return await measurer.ScoreAsync(landing.Judged, candidate.Hash, observations, cancellation).ConfigureAwait(false);
    }

    /// <summary>The clock decides whether a candidate starts, so the decision is journalled.</summary>
    private async Task<string> WhySkippedAsync(RunContext run, Landing landing, Candidate candidate, CancellationToken cancellation)
    {
        if ((candidate.Technique.WhyUnfit(landing.Brief) ?? landing.Unavailable.GetValueOrDefault(candidate.Name)) is { } unable)
        {
            return unable;
        }

        // What was trained before costs next to nothing: no budget is too small for it.
        if (await trainer.IsTrainedAsync(candidate, cancellation).ConfigureAwait(false))
        {
            return "";
        }

        var left = landing.Budget - run.TimeSpent;
        var forecast = candidate.Technique.Forecast(landing.Train.Count, landing.Test.Count, landing.Prepared.Labels);
        if (left <= TimeSpan.Zero)
        {
            return FormattableString.Invariant($"the time budget of {landing.Budget.TotalSeconds:0} s is spent. {HowToRun(candidate, forecast)}");
        }

        return forecast.Time > left
            ? FormattableString.Invariant($"it would take about {forecast.Time.TotalSeconds:0.#} s, and {left.TotalSeconds:0.#} s of the time budget are left. {HowToRun(candidate, forecast)}")
            : "";
    }

    /// <summary>The options of <c>land</c> that run a skipped candidate alone, with twice the time that it is predicted to take.</summary>
    private static string HowToRun(Candidate candidate, CostForecast forecast) => string.Create(
        CultureInfo.InvariantCulture,
        $"`landfall land` with --technique {candidate.Technique.Name} --budget {Math.Ceiling(2 * forecast.Time.TotalSeconds):0}s runs it (about {forecast.Time.TotalSeconds:0.#} s).");

    /// <summary>Trains within what is left of the budget. A failure of one candidate does not end the landing.</summary>
    private async Task<TrainingOutcome> TrainAsync(RunContext run, Landing landing, Candidate candidate, StepProgress progress, CancellationToken cancellation) => await run.StepAsync(
        $"train/{candidate.Name}",
        async token =>
        {
            using var budget = CancellationTokenSource.CreateLinkedTokenSource(token);
            if (!await trainer.IsTrainedAsync(candidate, token).ConfigureAwait(false))
            {
                budget.CancelAfter(TimeSpan.FromSeconds(Math.Clamp((landing.Budget - run.TimeSpent).TotalSeconds, 0, MaxDelay.TotalSeconds)));
            }

            run.Log($"{candidate.Name}: training on {landing.Train.Count} rows.");
            try
            {
                var input = new TrainingInput(landing.Brief, candidate.Settings, landing.Train, landing.Validation, Candidate.Seed) { Heard = said => progress.Hear(said) };
                var stored = await trainer.TrainAsync(candidate, input, progress, budget.Token).ConfigureAwait(false);
                return new TrainingOutcome(CandidateStatus.Measured, Reason: null, stored.Training);
            }
            catch (OperationCanceledException) when (budget.IsCancellationRequested && !token.IsCancellationRequested)
            {
                return new TrainingOutcome(CandidateStatus.Skipped, "the time budget was spent while it trained.", Training: null);
            }
            catch (EndpointException error)
            {
                return Outcome(error);
            }
            catch (RunFailedException refused)
            {
                return new TrainingOutcome(CandidateStatus.Failed, refused.Message, Training: null);
            }
        },
        cancellation).ConfigureAwait(false);

    /// <summary>An endpoint that fails ends its candidate, not the landing; what it answered is kept for the next one.</summary>
    private static TrainingOutcome Outcome(EndpointException error) =>
        new(error.Failure == EndpointFailure.BudgetSpent ? CandidateStatus.Skipped : CandidateStatus.Failed, error.Message, Training: null);

    private static async Task<CandidateReport> ShowAsync(RunContext run, CandidateReport row, CancellationToken cancellation)
    {
        var shown = await run.StepAsync($"row/{row.Name}", _ => Task.FromResult(row), cancellation).ConfigureAwait(false);
        run.ShowRow(shown);
        run.Log($"{row.Name}: {row.Status.ToString().ToLowerInvariant()}: {row.Reason}", row.Status == CandidateStatus.Failed ? "error" : "warning");
        return shown;
    }

    private static CandidateReport Row(Candidate candidate, CandidateStatus status, string reason) => new()
    {
        Name = candidate.Name,
        Technique = candidate.Technique.Name,
        Settings = candidate.Settings,
        Hash = candidate.Hash,
        Status = status,
        Reason = reason,
    };

    /// <summary>What the brief asks for and this release does not have: listed, so that nobody wonders.</summary>
    private IEnumerable<CandidateReport> Unavailable(Brief brief) => (brief.Techniques ?? [])
        .Where(r => techniques.Find(r.Technique) is null)
        .Select(r => new CandidateReport
        {
            Name = r.Technique,
            Technique = r.Technique,
            Settings = r.Settings,
            Hash = "",
            Status = CandidateStatus.Skipped,
            Reason = "this release of Landfall does not have it.",
        });

    private static readonly TimeSpan MaxDelay = TimeSpan.FromDays(30);

    private sealed record TrainingOutcome(CandidateStatus Status, string? Reason, TrainingRecord? Training);

    /// <summary>A candidate's part of the run's progress: the first half is training, the second measuring.</summary>
    private sealed class StepProgress(RunContext run, string candidate, double from, double share) : IProgress<double>
    {
        private string _detail = "";

        public string Doing { get; set => (field, _detail) = (value, ""); } = "training";

        public void Report(double value)
        {
            var half = Doing == "training" ? value / 2 : 0.5 + (value / 2);
            run.Report(Math.Min(0.96, from + (share * half)), $"{Doing} {candidate}{_detail}");
        }

        /// <summary>What the worker says: steps go into the progress, the rest into the log.</summary>
        public void Hear(WorkerEvent said)
        {
            _detail = said.Step is { } step ? $": {WorkerText.Of(step)}" : _detail;
            if (WorkerText.LogLine(said) is { } line)
            {
                run.Log($"{candidate}: {line}");
            }
        }
    }
}

/// <summary>What a landing works on.</summary>
internal sealed record Landing(
    JudgedBrief Judged, PreparedData Prepared, IReadOnlyList<Row> Train, IReadOnlyList<Row> Validation, IReadOnlyList<Row> Test, TimeSpan Budget, Correction Correction,
    IReadOnlyDictionary<string, string> Unavailable)
{
    public Brief Brief => Judged.Brief;

    public IReadOnlySet<string> TrainLabels { get; } = Train.Select(r => r.Expected).ToHashSet(StringComparer.Ordinal);
}
