using System.Text.Json.Serialization;
using Landfall.Protocol;
using Landfall.Protocol.Reports;

namespace Landfall.Platform.Briefs;

/// <summary>How users and the app talk.</summary>
[JsonConverter(typeof(KebabEnumConverter<Interaction>))]
public enum Interaction
{
    SingleTurn,
    MultiTurn,
    DocumentQa,
    Translation,
    Agent,
}

/// <summary>What the app answers with.</summary>
[JsonConverter(typeof(KebabEnumConverter<OutputKind>))]
public enum OutputKind
{
    Text,
    Label,
    Json,
    CitedAnswer,
}

/// <summary>A brief: what an app is expected to do, and how that is measured.</summary>
public sealed record Brief
{
    public required string App { get; init; }

    public required string Scenario { get; init; }

    public required Interaction Interaction { get; init; }

    public required OutputKind Output { get; init; }

    /// <summary>With <see cref="OutputKind.Json"/>: the JSON schema of the answer, as JSON text.</summary>
    public string? OutputSchema { get; init; }

    public Scope? Scope { get; init; }

    public required BriefData Data { get; init; }

    public required IReadOnlyList<Target> Targets { get; init; }

    /// <summary>The techniques to try, or null for all that fit (<c>auto</c>).</summary>
    public IReadOnlyList<TechniqueRequest>? Techniques { get; init; }

    public required Budget Budget { get; init; }

    /// <summary>Language models that judge answers; each is the metric <c>judge:NAME</c>.</summary>
    public IReadOnlyList<BriefJudge> Judges { get; init; } = [];

    /// <summary>How often each row is asked, or null: once.</summary>
    public Repeats? Repeats { get; init; }

    /// <summary>How rows are talked through as conversations, or null: each is one question.</summary>
    public ConversationPlan? Conversations { get; init; }

    /// <summary>What <c>landfall search</c> searches for; a landing does not.</summary>
    public IReadOnlyList<BriefSearch> Searches { get; init; } = [];
}

/// <summary>What belongs to the app's task (topics, for people and prompts) and what does not.</summary>
public sealed record Scope(IReadOnlyList<string> In, OutOfScope? Out);

/// <summary>Messages that the app must recognise as not its own.</summary>
/// <param name="Label">The label that such rows carry.</param>
/// <param name="Reply">What the app says to them; null: the label itself.</param>
/// <param name="Examples">Example messages written in the brief; they are added to train.</param>
public sealed record OutOfScope(string Label, string? Reply, IReadOnlyList<string> Examples);

/// <summary>Paths of data files, relative to the app's folder.</summary>
public sealed record BriefData(string Train, string? Validation, string Test, string? Knowledge);

/// <summary>A metric, the data it is measured on, a bound, and the confidence with which it must hold.</summary>
public sealed record Target(string Metric, double Bound, Direction Direction, double Confidence, Slice? On);

/// <summary>The rows whose field has the value.</summary>
public sealed record Slice(string Field, string Value)
{
    public override string ToString() => $"{Field}={Value}";
}

/// <summary>A technique by name, with settings where the brief gives them.</summary>
public sealed record TechniqueRequest(string Technique, IReadOnlyDictionary<string, string> Settings);

/// <summary>What a landing may spend.</summary>
/// <param name="Time">Wall time; default 10 minutes.</param>
/// <param name="MoneyUsd">US dollars; null: no limit is set.</param>
public sealed record Budget(TimeSpan Time, decimal? MoneyUsd)
{
    public static Budget Default { get; } = new(TimeSpan.FromMinutes(10), MoneyUsd: null);
}
