using Landfall.Protocol.Reports;
using Landfall.Protocol.Runs;
using Landfall.Protocol.Search;

namespace Landfall.Console.Tests.FakeServer;

/// <summary>A search that has ended and one that goes on.</summary>
internal static class FakeSearches
{
    public const string EndedId = "0199search0001";
    public const string RunningId = "0199search0002";

    public static SearchPlan Plan { get; } = new()
    {
        Technique = "linear",
        Method = "asha",
        Trials = 12,
        Seed = 1,
        Metric = "accuracy",
        HigherIsBetter = true,
        Space =
        [
            new SearchRange { Name = "cost", From = 0.01, To = 100, IsLog = true },
            new SearchRange { Name = "threshold", Values = ["auto", "none"] },
            new SearchRange { Name = "fixed", Values = ["1"] },
        ],
    };

    public static IReadOnlyList<SearchTrial> Trials { get; } =
    [
        Trial(1, "0.01", "auto", 1.0 / 3, 0.61),
        Trial(2, "1", "none", 1.0 / 3, 0.83),
        Trial(3, "100", "auto", 1.0 / 3, 0.70),
        Trial(4, "1", "none", 1, 0.91) with { Rung = 1, Promotes = 2 },
        new SearchTrial { Number = 5, Settings = SettingsOf("10", "none"), Share = 1.0 / 3, Status = TrialStatus.Failed, Reason = "The endpoint is gone." },
    ];

    public static SearchDetail Ended { get; } = new(Run(EndedId, RunState.Completed), Plan, Trials, new SearchResult
    {
        App = "helpdesk",
        Plan = Plan,
        Best = Trials[3],
        Trials = Trials,
        Importance = [new SettingImportance("cost", 0.7), new SettingImportance("threshold", 0.2)],
        TechniqueYaml = "- linear: { cost: 1, threshold: none }",
        TrainRows = 900,
        ValidationRows = 100,
        TrainedRows = 2100,
        Notes = ["1 of 5 trials failed."],
    });

    public static SearchDetail Running { get; } = new(Run(RunningId, RunState.Running), Plan, [.. Trials.Take(2)], Result: null);

    private static SearchTrial Trial(int number, string cost, string threshold, double share, double score) => new()
    {
        Number = number,
        Settings = SettingsOf(cost, threshold),
        Share = share,
        Status = TrialStatus.Measured,
        Score = new MetricValue(score, score - 0.05, score + 0.05, 100),
        TrainedRows = (long)(900 * share),
        Seconds = 1.5,
    };

    private static Dictionary<string, string> SettingsOf(string cost, string threshold) => new() { ["cost"] = cost, ["threshold"] = threshold, ["fixed"] = "1" };

    private static RunSummary Run(string id, RunState state) => new()
    {
        Id = id,
        Kind = "search",
        Title = "search helpdesk: linear",
        State = state,
        Progress = new RunProgress(state == RunState.Completed ? 1 : 0.2, "trial 3; best so far 0.83 (trial 2)"),
        CreatedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
    };
}
