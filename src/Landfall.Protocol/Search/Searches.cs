using System.Text.Json.Serialization;
using Landfall.Protocol.Briefs;
using Landfall.Protocol.Reports;
using Landfall.Protocol.Runs;

namespace Landfall.Protocol.Search;

/// <summary>The request of <c>POST /api/searches</c>. What is left out is taken from the brief's <c>search</c>, or from the technique's own ranges.</summary>
public sealed record SearchRequest
{
    /// <summary>The brief and its files, all uploaded.</summary>
    public required BriefSource Brief { get; init; }

    /// <summary>The technique whose settings are searched for. Needed where the brief has several searches.</summary>
    public string? Technique { get; init; }

    /// <summary>How many combinations of settings to try.</summary>
    public int? Trials { get; init; }

    /// <summary>How to choose what to try next: <c>tpe</c>, <c>random</c>, <c>asha</c>, <c>asha-tpe</c>.</summary>
    public string? Method { get; init; }

    /// <summary>Another seed, another search.</summary>
    public int? Seed { get; init; }
}

/// <summary>What a request would search for, one after another, without doing it.</summary>
/// <param name="App">The app.</param>
/// <param name="Searches">The searches, cheapest technique first.</param>
/// <param name="Warnings">Warnings of the brief's check, and why a technique is left out.</param>
public sealed record SearchPlans(string App, IReadOnlyList<SearchPlan> Searches, IReadOnlyList<string> Warnings);

/// <summary>A search.</summary>
public sealed record SearchPlan
{
    /// <summary>The technique whose settings are searched for.</summary>
    public required string Technique { get; init; }

    /// <summary>How what is tried next is chosen.</summary>
    public required string Method { get; init; }

    /// <summary>How many combinations of settings are tried.</summary>
    public required int Trials { get; init; }

    /// <summary>The search's seed.</summary>
    public required int Seed { get; init; }

    /// <summary>The metric, measured on validation rows.</summary>
    public required string Metric { get; init; }

    /// <summary>Whether more of the metric is better.</summary>
    public required bool HigherIsBetter { get; init; }

    /// <summary>No trial begins after so many seconds; null: no limit.</summary>
    public double? TimeSeconds { get; init; }

    /// <summary>The settings and the values to try.</summary>
    public required IReadOnlyList<SearchRange> Space { get; init; }

    /// <summary>Whether the space is the technique's own, and not the brief's.</summary>
    public bool IsTechniquesOwn { get; init; }
}

/// <summary>The values to try of one setting: a range, or a few values.</summary>
public sealed record SearchRange
{
    /// <summary>The setting.</summary>
    public required string Name { get; init; }

    /// <summary>Of a range: the least value.</summary>
    public double? From { get; init; }

    /// <summary>Of a range: the greatest value.</summary>
    public double? To { get; init; }

    /// <summary>Of a range: whether equal factors are equally far apart.</summary>
    public bool IsLog { get; init; }

    /// <summary>Of a range: whether only whole numbers are tried.</summary>
    public bool IsWhole { get; init; }

    /// <summary>The values, where they are no range.</summary>
    public IReadOnlyList<string>? Values { get; init; }
}

/// <summary>How a trial ended.</summary>
[JsonConverter(typeof(KebabEnumConverter<TrialStatus>))]
public enum TrialStatus
{
    /// <summary>Trained and measured.</summary>
    Measured,

    /// <summary>Failed; <c>reason</c> says why.</summary>
    Failed,
}

/// <summary>Settings that were tried.</summary>
public sealed record SearchTrial
{
    /// <summary>Its number, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>What was tried.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>The step of successive halving it belongs to, from 0; 0 with other methods.</summary>
    public int Rung { get; init; }

    /// <summary>The share of training that it had: 1 for all.</summary>
    public required double Share { get; init; }

    /// <summary>The trial whose settings it tried again on a larger share.</summary>
    public int? Promotes { get; init; }

    /// <summary>How it ended.</summary>
    public required TrialStatus Status { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Reason { get; init; }

    /// <summary>The metric on validation rows, with its 95% interval.</summary>
    public MetricValue? Score { get; init; }

    /// <summary>Rows that it was trained on, times the share of the training's length where that is what was cut.</summary>
    public long TrainedRows { get; init; }

    /// <summary>Training and answering, in seconds of work, when it was first done.</summary>
    public double Seconds { get; init; }

    /// <summary>What training and answers cost.</summary>
    public decimal CostUsd { get; init; }

    /// <summary>The candidate's identity: a landing with these settings finds it trained. Null when it failed.</summary>
    public string? Candidate { get; init; }
}

/// <summary>How much a setting matters.</summary>
/// <param name="Setting">The setting.</param>
/// <param name="Share">The share of the metric's variance over the whole space that it explains alone, 0 to 1.</param>
public sealed record SettingImportance(string Setting, double Share);

/// <summary>What a search found.</summary>
public sealed record SearchResult
{
    /// <summary>The app.</summary>
    public required string App { get; init; }

    /// <summary>What was searched.</summary>
    public required SearchPlan Plan { get; init; }

    /// <summary>The best trial among those that had the whole training; null: none did.</summary>
    public SearchTrial? Best { get; init; }

    /// <summary>All trials in the order in which they were made.</summary>
    public required IReadOnlyList<SearchTrial> Trials { get; init; }

    /// <summary>How much each setting matters, most important first; empty where too few trials tell.</summary>
    public required IReadOnlyList<SettingImportance> Importance { get; init; }

    /// <summary>The best settings as an entry of the brief's <c>techniques</c>.</summary>
    public string? TechniqueYaml { get; init; }

    /// <summary>Rows to train on.</summary>
    public int TrainRows { get; init; }

    /// <summary>Validation rows, which trials are measured on.</summary>
    public int ValidationRows { get; init; }

    /// <summary>Rows trained on over all trials.</summary>
    public long TrainedRows { get; init; }

    /// <summary>What to know before relying on it, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init => field = value ?? []; } = [];
}

/// <summary>A search as far as it is.</summary>
/// <param name="Run">Its run.</param>
/// <param name="Plan">What is searched; null before the data is read.</param>
/// <param name="Trials">The trials so far.</param>
/// <param name="Result">What it found, when completed.</param>
public sealed record SearchDetail(RunSummary Run, SearchPlan? Plan, IReadOnlyList<SearchTrial> Trials, SearchResult? Result);
