using Landfall.Protocol.Briefs;

namespace Landfall.Platform.Briefs;

/// <summary>Puts problems in the order in which they are shown.</summary>
internal static class BriefProblems
{
    public const int Most = 200;

    /// <summary>By line, in the order found within one; a flood is cut.</summary>
    public static IReadOnlyList<BriefProblem> Ordered(IEnumerable<BriefProblem> problems)
    {
        var ordered = problems.Where(p => p.Code != "too-many-problems").Distinct().OrderBy(p => p.Line).ToList();
        if (ordered.Count <= Most)
        {
            return ordered;
        }

        var rest = ordered.Count - Most;
        return [.. ordered.Take(Most), new BriefProblem(Severity.Error, "too-many-problems", ordered[Most].Line, "", $"{Shown.Count(rest)} more problems follow. Mend these first, then check again.")];
    }
}
