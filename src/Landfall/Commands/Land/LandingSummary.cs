using Landfall.Protocol.Landings;
using Landfall.Protocol.Reports;

namespace Landfall.Commands.Land;

/// <summary>Says how a landing ended: the release, the obstacle, and what to do next.</summary>
internal static class LandingSummary
{
    private const int MaxClusters = 3;

    public static IEnumerable<string> Lines(LandingResult result)
    {
        var report = result.Report;
        foreach (var warning in report.Warnings.Where(w => w != result.ReleaseHeldBack))
        {
            yield return $"warning: {warning}";
        }

        yield return result.ReleaseHeldBack ?? Decision(report);
        if (report.Obstacle is { } obstacle)
        {
            yield return Describe(obstacle);
        }

        foreach (var line in NextActions(report))
        {
            yield return line;
        }
    }

    private static string Decision(Report report) => report.Release switch
    {
        { MeetsTargets: true } release => $"Release: {release.Candidate} meets every target and takes the model name \"{release.Model}\".",
        { } release => $"Release: {release.Candidate} takes the model name \"{release.Model}\", but no candidate meets every target.",
        null => "No release: no candidate meets every target.",
    };

    private static string Describe(Obstacle obstacle)
    {
        var on = obstacle.On is "test" or "" ? "" : $" on {obstacle.On}";
        var reached = obstacle is { Candidate: { } candidate, Value: { } value }
            ? $" The nearest is {candidate} with {Figures.Value(obstacle.Metric, value)} ({Figures.Verdict(obstacle.Verdict)})."
            : "";
        return $"In the way: {obstacle.Metric} {Figures.Bound(obstacle.Direction, obstacle.Bound)}{on}.{reached} {obstacle.Action}";
    }

    private static IEnumerable<string> NextActions(Report report)
    {
        var name = report.Release?.Candidate ?? report.Obstacle?.Candidate;
        var candidate = report.Candidates.FirstOrDefault(c => c.Name == name) ?? report.Candidates.LastOrDefault(c => c.Status == CandidateStatus.Measured);
        if (candidate is null || candidate.Errors.Count == 0)
        {
            yield break;
        }

        yield return $"What to do next (errors of {candidate.Name}):";
        foreach (var cluster in candidate.Errors.Take(MaxClusters))
        {
            var count = $"{cluster.Count} of {cluster.Of}";
            yield return cluster.Action.Contains(count, StringComparison.Ordinal)
                ? $"  - {cluster.Action}"
                : $"  - {count} errors answer \"{cluster.Got}\" where \"{cluster.Expected}\" is expected: {cluster.Action}";
        }
    }
}
