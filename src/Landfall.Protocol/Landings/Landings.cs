using Landfall.Protocol.Briefs;

namespace Landfall.Protocol.Landings;

/// <summary>The request of <c>POST /api/landings</c>. The same request again joins the unfinished run or reuses its results.</summary>
public sealed record LandingRequest
{
    /// <summary>The brief and its files, all uploaded.</summary>
    public required BriefSource Brief { get; init; }

    /// <summary>Identity of the folder the brief came from (a hash of its full path): guards an app's name against a second folder.</summary>
    public required string Origin { get; init; }

    /// <summary>Only these techniques; empty for those of the brief.</summary>
    public IReadOnlyList<string> Techniques { get; init => field = value ?? []; } = [];

    /// <summary>Time budget in seconds, in place of the brief's.</summary>
    public double? BudgetSeconds { get; init; }

    /// <summary>Replace a live release by a worse one (skips the regression gate).</summary>
    public bool AllowRegression { get; init; }

    /// <summary>Take the app's name over from another folder.</summary>
    public bool ReplaceOrigin { get; init; }
}

/// <summary>What a landing would do, without doing it.</summary>
/// <param name="App">The app.</param>
/// <param name="Steps">Its candidates, cheapest first.</param>
/// <param name="BudgetSeconds">The time budget.</param>
/// <param name="Warnings">Warnings of the brief's check.</param>
public sealed record LandingPlan(string App, IReadOnlyList<PlannedCandidate> Steps, double BudgetSeconds, IReadOnlyList<BriefProblem> Warnings);

/// <summary>A candidate of a plan.</summary>
/// <param name="Name">The candidate.</param>
/// <param name="Technique">Its technique.</param>
/// <param name="Runs">Whether it would run.</param>
/// <param name="Reason">Why not, or whether its results are reused.</param>
/// <param name="Seconds">Predicted time.</param>
/// <param name="MemoryBytes">Predicted memory.</param>
public sealed record PlannedCandidate(string Name, string Technique, bool Runs, string? Reason, double Seconds, long MemoryBytes);

/// <summary>The result of a landing run.</summary>
/// <param name="App">The app.</param>
/// <param name="Report">The report.</param>
/// <param name="ReleaseHeldBack">With a release that the regression gate held back: why, in words.</param>
public sealed record LandingResult(string App, Reports.Report Report, string? ReleaseHeldBack);
