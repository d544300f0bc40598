using System.Globalization;
using System.Text.Json;
using Landfall.Platform.Briefs;
using Landfall.Platform.Candidates;
using Landfall.Platform.Endpoints.Calls;
using Landfall.Platform.Evaluation;
using Landfall.Platform.Landings;
using Landfall.Platform.Runs;
using Landfall.Protocol.Briefs;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Search;

namespace Landfall.Platform.Search;

/// <summary>
/// Runs of kind <c>search</c>: read a brief's data as a landing does, try settings one after another, a step each, and say
/// which are best on validation rows. Test rows choose nothing here: a landing with the settings found looks at them.
/// </summary>
internal sealed class SearchRun(
    BriefChecker checker, SearchPlanner planner, SearchMethods methods, LandingData data, TechniqueCatalogue techniques, MetricRegistry metrics,
    SearchTrials trials, PaidCallStore calls) : IRunKind
{
    public const string Name = "search";

    /// <summary>The steps of trials are <c>trial/1</c> and so on.</summary>
    public const string TrialStep = "trial/";

    public const string PlanStep = "plan";

    /// <summary>When so many trials have failed and none has not, the cause is not in their settings.</summary>
    private const int MostFailures = 5;

    public string Kind => Name;

    public async Task<JsonElement> ExecuteAsync(RunContext run, JsonElement input, CancellationToken cancellation)
    {
        var request = input.To<SearchRequest>();
        run.Report(0, "checking the brief");
        var brief = await CheckAsync(request, cancellation).ConfigureAwait(false);
        var plan = await run.DecideAsync(PlanStep, () => Task.FromResult(PlanOf(brief, request)), cancellation).ConfigureAwait(false);
        var prepared = await data.PrepareAsync(run, brief, new BriefSourceFiles(request.Brief), cancellation).ConfigureAwait(false);
        using var scope = CallScope.Enter(new CallScope(Name, run.RunId, new Spending(brief.Budget.MoneyUsd, await calls.SpentAsync(run.RunId, cancellation).ConfigureAwait(false))));
        var work = await WorkOfAsync(brief, plan, prepared, cancellation).ConfigureAwait(false);
        var (tried, ended) = await TryAllAsync(run, work, cancellation).ConfigureAwait(false);
        return RunJson.ToElement(SearchFindings.Of(work, tried, ended));
    }

    private async Task<Brief> CheckAsync(SearchRequest request, CancellationToken cancellation)
    {
        var check = await checker.InspectAsync(request.Brief, cancellation).ConfigureAwait(false);
        return check.Brief ?? throw new RunFailedException(
            $"The brief has errors: {string.Join(" ", check.Response.Problems.Where(p => p.Severity == Severity.Error).Select(p => $"line {p.Line}: {p.Message}"))}",
            ErrorCodes.BriefInvalid);
    }

    private SearchPlan PlanOf(Brief brief, SearchRequest request)
    {
        var (searches, left) = planner.Plan(brief, request);
        return searches is [var plan] ? plan : throw new RunFailedException(
            searches.Count == 0 ? $"There is nothing to search. {string.Join(" ", left)}" : $"A run searches for one technique's settings, and the brief has searches for {string.Join(", ", searches.Select(s => s.Technique))}.",
            ErrorCodes.BadRequest);
    }

    private async Task<SearchWork> WorkOfAsync(Brief brief, SearchPlan plan, PreparedData prepared, CancellationToken cancellation)
    {
        var technique = techniques.Find(plan.Technique) ?? throw new RunFailedException($"This release of Landfall has no technique '{plan.Technique}'.", ErrorCodes.Internal);
        if (prepared.ValidationRows == 0)
        {
            throw new RunFailedException("There are no validation rows to measure trials on. Name a file of them in data.validation.", ErrorCodes.DataInvalid);
        }

        var length = plan.Space.FirstOrDefault(range => range.Name == technique.BudgetSetting && range.Values is null);
        var parts = !MethodOf(plan).UsesParts ? TrainingParts.Whole
            : length is not null ? TrainingParts.OfLength((NumberSetting)SearchRanges.ToSpace([length]).Settings[0])
            : TrainingParts.OfRows(prepared.TrainRows, brief.Output == OutputKind.Label ? prepared.Labels : 0);
        return new SearchWork(
            brief, plan, technique, metrics.Of(brief).Get(plan.Metric), parts, prepared,
            await data.ReadAsync(prepared.TrainVersion, cancellation).ConfigureAwait(false),
            await data.ReadAsync(prepared.ValidationVersion, cancellation).ConfigureAwait(false));
    }

    private ISearchMethod MethodOf(SearchPlan plan) =>
        methods.Find(plan.Method) ?? throw new RunFailedException($"There is no search method '{plan.Method}'. The methods are {string.Join(", ", methods.Names)}.", ErrorCodes.BadRequest);

    /// <summary>The trials, and why there are no more of them; null: the method is done.</summary>
    private async Task<(IReadOnlyList<SearchTrial> Trials, string? Ended)> TryAllAsync(RunContext run, SearchWork work, CancellationToken cancellation)
    {
        var method = MethodOf(work.Plan);
        var space = SearchRanges.ToSpace(work.Plan.Space);
        space = work.Parts.Length is { } length ? space.Without(length.Name) : space;
        var tried = new List<SearchTrial>();
        var seen = new List<TriedSettings>();
        while (method.Next(new SearchHistory(space, work.Plan.Trials, work.Plan.Seed, work.Parts.Shares, seen)) is { } proposal)
        {
            var number = tried.Count + 1;
            if (await run.DecideAsync($"stop/{number}", () => Task.FromResult(WhyStopped(run, work.Plan)), cancellation).ConfigureAwait(false) is { Length: > 0 } late)
            {
                return (tried, late);
            }

            var progress = new TrialProgress(run, work, tried, proposal);
            progress.Report(0);
            var outcome = await run.StepAsync(FormattableString.Invariant($"{TrialStep}{number}"), token => trials.TryAsync(work, number, proposal, progress, token), cancellation).ConfigureAwait(false);
            tried.Add(outcome.Trial);
            seen.Add(new TriedSettings(number, proposal.Settings, proposal.Rung, proposal.Promotes, LossOf(outcome.Trial, work.Plan)));
            run.Log(Line(outcome.Trial, work.Plan), outcome.Trial.Status == TrialStatus.Failed ? "warning" : "info");
            if (outcome.EndsSearch || (tried.Count >= MostFailures && tried.TrueForAll(t => t.Status == TrialStatus.Failed)))
            {
                return (tried, outcome.EndsSearch ? outcome.Trial.Reason : $"The first {MostFailures} trials all failed, so the cause is not in their settings: {outcome.Trial.Reason}");
            }
        }

        return (tried, null);
    }

    private static string WhyStopped(RunContext run, SearchPlan plan) => plan.TimeSeconds is { } limit && run.TimeSpent.TotalSeconds >= limit
        ? FormattableString.Invariant($"The time of {limit:0} s is spent.")
        : "";

    private static double? LossOf(SearchTrial trial, SearchPlan plan) => trial.Score is not { } score ? null : plan.HigherIsBetter ? -score.Value : score.Value;

    private static string Line(SearchTrial trial, SearchPlan plan)
    {
        var settings = string.Join(", ", trial.Settings.Select(s => $"{s.Key}={s.Value}"));
        var share = trial.Share < 1 ? string.Create(CultureInfo.InvariantCulture, $" on {trial.Share:0.###} of the training") : "";
        return trial.Score is { } score
            ? string.Create(CultureInfo.InvariantCulture, $"Trial {trial.Number} ({settings}){share}: {plan.Metric} {score.Value:0.####} [{score.Low:0.####}, {score.High:0.####}], {trial.Seconds:0.0} s.")
            : $"Trial {trial.Number} ({settings}){share} failed: {trial.Reason}";
    }

    /// <summary>How far the search is, and the best so far.</summary>
    private sealed class TrialProgress(RunContext run, SearchWork work, List<SearchTrial> tried, SearchProposal proposal) : IProgress<double>
    {
        private readonly int _first = tried.Count(trial => trial.Rung == 0);
        private readonly string _best = SearchFindings.BestOf(tried, work.Plan) is { Score: { } score } best
            ? string.Create(CultureInfo.InvariantCulture, $"; best so far {score.Value:0.####} (trial {best.Number})") : "";

        public void Report(double value)
        {
            var fraction = (_first + (proposal.Rung == 0 ? value : 0)) / work.Plan.Trials;
            run.Report(Math.Min(0.99, fraction), $"trial {tried.Count + 1}{_best}");
        }
    }
}
