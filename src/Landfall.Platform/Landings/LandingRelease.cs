using System.Text.Json;
using Landfall.Platform.Apps;
using Landfall.Platform.Candidates;
using Landfall.Platform.Evaluation;
using Landfall.Platform.Releases;
using Landfall.Platform.Runs;
using Landfall.Platform.Storage;
using Landfall.Protocol;
using Landfall.Protocol.Landings;
using Landfall.Protocol.Reports;

namespace Landfall.Platform.Landings;

/// <summary>What a landing has found out.</summary>
internal sealed record LandingFindings(
    IReadOnlyList<CandidateReport> Rows, IReadOnlyList<ComparisonReport> Comparisons, IReadOnlyList<JudgeReport> Judges, IReadOnlyList<string> Warnings);

/// <summary>Decides what is released, and registers it with its report.</summary>
internal sealed class LandingRelease(
    ReleaseStore releases, LandingHistory history, AppStore apps, BlobStore blobs, CandidateStore candidates, TestAnswers answers, CandidateMeasurer measurer, MetricRegistry metrics)
{
    /// <summary>A live release is not replaced when the paired test says, at this level, that the new one is worse.</summary>
    private const double RegressionLevel = 0.05;

    public async Task<LandingResult> DecideAsync(
        RunContext run, Landing landing, LandingRequest request, LandingFindings findings, CancellationToken cancellation)
    {
        var outcome = Ladder.Choose(landing.Brief.Targets, findings.Rows);
        var chosen = outcome.Release is { } best ? new ReleaseReport(landing.Brief.App, best.Name, best.Technique, best.Hash, MeetsTargets: true) : null;
        var heldBack = await run.DecideAsync(
            "gate", async () => chosen is null || request.AllowRegression ? "" : await WhyHeldBackAsync(landing, chosen, cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false);
        var report = new Report
        {
            App = landing.Brief.App,
            Scenario = landing.Brief.Scenario,
            Candidates = findings.Rows,
            Comparisons = findings.Comparisons,
            Judges = findings.Judges,
            Release = heldBack.Length > 0 ? null : chosen,
            Obstacle = outcome.Obstacle,
            Data = landing.Prepared.ToReport(landing.Correction.EarlierLooks),
            Warnings = heldBack.Length > 0 ? [.. findings.Warnings, heldBack] : findings.Warnings,
        };
        await run.StepAsync("release", token => RegisterAsync(run.RunId, landing, request, report, token), cancellation).ConfigureAwait(false);
        run.Log(heldBack.Length > 0 ? heldBack : chosen is null
            ? $"No candidate meets every target; {report.Obstacle?.Metric} is in the way. {report.Obstacle?.Action}"
            : $"Released {chosen.Candidate} as '{chosen.Model}': the cheapest candidate that meets every target.");
        return new LandingResult(landing.Brief.App, report, heldBack.Length > 0 ? heldBack : null);
    }

    private async Task<string> RegisterAsync(string run, Landing landing, LandingRequest request, Report report, CancellationToken cancellation)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(report, LandfallJsonContext.Default.Report);
        var hash = await blobs.WriteAsync(bytes, cancellation).ConfigureAwait(false);
        await apps.SetReportAsync(landing.Brief.App, request.Origin, report.Scenario, request.Brief.Text, hash, cancellation).ConfigureAwait(false);
        await history.AddAsync(landing.Brief.App, run, request.Brief.Text, hash, cancellation).ConfigureAwait(false);
        if (report.Release is { } release)
        {
            await releases.SetAsync(landing.Brief.App, new LiveRelease(release, landing.Brief.Scope?.Out, hash), cancellation).ConfigureAwait(false);
        }

        return hash;
    }

    /// <summary>The regression gate: the live release answers the same test rows, and the paired tests decide.</summary>
    private async Task<string> WhyHeldBackAsync(Landing landing, ReleaseReport chosen, CancellationToken cancellation)
    {
        if (await releases.FindAsync(landing.Brief.App, cancellation).ConfigureAwait(false) is not { } live
            || live.Release.Hash == chosen.Hash
            || await candidates.FindAsync(live.Release.Hash, cancellation).ConfigureAwait(false) is null)
        {
            return "";
        }

        var nothing = new Progress<double>();
        var before = await ScoreAsync(live.Release.Hash).ConfigureAwait(false);
        if (MissesATarget(landing, before))
        {
            return "";
        }

        var after = await ScoreAsync(chosen.Hash).ConfigureAwait(false);
        var pairs = Comparisons.Compare(landing.Brief, metrics, [new CandidateScores("live", before.Scores), new CandidateScores("new", after.Scores)]);
        foreach (var pair in pairs.Where(p => p.P < RegressionLevel))
        {
            if (metrics.Of(landing.Brief).Get(pair.Metric).HigherIsBetter ? pair.Difference > 0 : pair.Difference < 0)
            {
                return FormattableString.Invariant(
                    $"The live release `{live.Release.Candidate}` stays: `{chosen.Candidate}` is worse in {pair.Metric} by {Math.Abs(pair.Difference):0.####} (paired test, p = {pair.P:0.####}). Land with --allow-regression to replace it all the same.");
            }
        }

        return "";

        async Task<Measurement> ScoreAsync(string hash)
        {
            var answered = await answers.GetAsync(landing.Judged, hash, landing.Test, nothing, cancellation).ConfigureAwait(false);
            var observations = await answers.JudgeAsync(landing.Judged, hash, answered, nothing, cancellation).ConfigureAwait(false);
            return await measurer.ScoreAsync(landing.Judged, hash, observations, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>A live release that misses what the brief asks for now protects nothing: the new one meets it.</summary>
    private bool MissesATarget(Landing landing, Measurement live) => landing.Brief.Targets.Any(t =>
        TargetJudge.Judge(t, metrics.Of(landing.Brief).Get(t.Metric), live.Scores[t.Metric], candidates: 1, earlierLooks: 0).Verdict == Verdict.Missed);
}
