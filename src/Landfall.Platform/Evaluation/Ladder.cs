using System.Globalization;
using Landfall.Protocol.Reports;

namespace Landfall.Platform.Evaluation;

/// <summary>What the ladder leads to.</summary>
/// <param name="Release">The cheapest candidate that meets every target, or null.</param>
/// <param name="Obstacle">Without one: the target in the way.</param>
/// <param name="Nearest">The candidate that comes nearest to the targets (the release where there is one); null when none was measured.</param>
public sealed record LadderOutcome(CandidateReport? Release, Obstacle? Obstacle, CandidateReport? Nearest);

/// <summary>Chooses the cheapest candidate that meets every target, or says what is in the way.</summary>
public static class Ladder
{
    /// <param name="targets">The brief's targets.</param>
    /// <param name="candidates">All candidates, cheapest first, each with its targets in the brief's order.</param>
    public static LadderOutcome Choose(IReadOnlyList<Briefs.Target> targets, IReadOnlyList<CandidateReport> candidates)
    {
        var measured = candidates.Where(candidate => candidate.Status == CandidateStatus.Measured && candidate.Targets.Count == targets.Count).ToArray();
        var release = targets.Count == 0 ? null : Array.Find(measured, candidate => candidate.Targets.All(target => target.Verdict == Verdict.Met));
        if (release is not null || targets.Count == 0)
        {
            return new LadderOutcome(release, Obstacle: null, release ?? measured.FirstOrDefault());
        }

        if (measured.Length == 0)
        {
            return new LadderOutcome(Release: null, Unmeasured(targets[0], candidates), Nearest: null);
        }

        // Stable orders: among equals the cheaper candidate and the earlier target come first.
        var nearest = measured
            .OrderByDescending(candidate => candidate.Targets.Count(target => target.Verdict == Verdict.Met))
            .ThenBy(candidate => candidate.Targets.Count(target => target.Verdict == Verdict.Missed))
            .ThenBy(candidate => candidate.Targets.Sum(target => Math.Max(0, Shortfall(target))))
            .First();
        var hardest = Enumerable.Range(0, targets.Count)
            .Where(i => measured.Any(candidate => candidate.Targets[i].Verdict != Verdict.Met))
            .OrderBy(i => measured.Count(candidate => candidate.Targets[i].Verdict == Verdict.Met))
            .ThenByDescending(i => Failing(measured, i).All(candidate => candidate.Targets[i].Verdict == Verdict.Missed))
            .ThenByDescending(i => Failing(measured, i).Min(candidate => Shortfall(candidate.Targets[i])))
            .First();
        var closest = Failing(measured, hardest)
            .OrderBy(candidate => candidate.Targets[hardest].Verdict == Verdict.Undecided ? 0 : 1)
            .ThenBy(candidate => Shortfall(candidate.Targets[hardest]))
            .First();
        return new LadderOutcome(Release: null, InTheWay(closest, closest.Targets[hardest]), nearest);
    }

    private static IEnumerable<CandidateReport> Failing(CandidateReport[] measured, int target) =>
        measured.Where(candidate => candidate.Targets[target].Verdict != Verdict.Met);

    /// <summary>How far the estimate is on the wrong side of the bound, in parts of the bound; negative on the right side.</summary>
    private static double Shortfall(TargetReport target)
    {
        var missing = target.Direction == Direction.AtLeast ? target.Bound - target.Value : target.Value - target.Bound;
        return missing / Math.Max(Math.Abs(target.Bound), 1e-9);
    }

    private static Obstacle Unmeasured(Briefs.Target target, IReadOnlyList<CandidateReport> candidates)
    {
        var reason = candidates.FirstOrDefault(candidate => candidate.Reason is not null);
        var action = reason is null
            ? "No candidate was measured: name a technique that fits the brief, or raise the budget"
            : $"No candidate was measured (`{reason.Name}`: {reason.Reason!.TrimEnd('.')}): mend that, or raise the budget";
        return new Obstacle(target.Metric, target.On?.ToString() ?? "test", target.Bound, target.Direction, Candidate: null, Value: null, Verdict.Undecided, action);
    }

    private static Obstacle InTheWay(CandidateReport candidate, TargetReport target)
    {
        var asked = $"{(target.Direction == Direction.AtLeast ? "at least" : "at most")} {Number(target.Bound)}";
        var where = target.On == "test" ? "the test rows" : $"the test rows with {target.On}";
        var reached = target.N == 0
            ? $"No row counts for {target.Metric} on {where}"
            : $"`{candidate.Name}` reaches {target.Metric} {Number(target.Value)} on {target.N.ToString(CultureInfo.InvariantCulture)} of {where}, where {asked} is asked for";
        return new Obstacle(
            target.Metric, target.On, target.Bound, target.Direction, candidate.Name, target.N == 0 ? null : target.Value, target.Verdict, $"{reached}: {Next(candidate, target)}");
    }

    private static string Next(CandidateReport candidate, TargetReport target)
    {
        if (target.N == 0)
        {
            return "add test rows that do";
        }

        var wrongSide = Shortfall(target) > 0;
        if (target.Verdict == Verdict.Undecided && !wrongSide)
        {
            return target.MoreExamples is { } more
                ? $"add about {more.ToString("N0", CultureInfo.InvariantCulture)} test rows to prove it"
                : "the rows do not suffice to prove it; add test rows that differ from these";
        }

        var quality = MetricRegistry.BuiltIn.Find(target.Metric)?.IsQuality ?? true;
        return !quality ? "take a cheaper technique, or relax the target"
            : candidate.Errors.Count > 0 ? $"begin with its largest group of errors ({candidate.Errors[0].Action})"
            : "add train rows, try a stronger technique, or lower the target";
    }

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
