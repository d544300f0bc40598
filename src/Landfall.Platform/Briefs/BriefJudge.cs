using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Landfall.Platform.Evaluation.Judging;
using Landfall.Protocol;

namespace Landfall.Platform.Briefs;

/// <summary>What a judge says of an answer.</summary>
[JsonConverter(typeof(KebabEnumConverter<JudgeScale>))]
public enum JudgeScale
{
    /// <summary>Good or not.</summary>
    PassFail,

    /// <summary>1 (worst) to 5 (best).</summary>
    OneToFive,

    /// <summary>Better or worse than the row's expected answer: 1, 0, or a half for a tie.</summary>
    Pairwise,
}

/// <summary>Language models that judge answers by a rubric.</summary>
/// <param name="Name">Its name; the metric is <c>judge:NAME</c>.</param>
/// <param name="Rubric">What a good answer is. Empty until <paramref name="RubricPath"/> is read.</param>
/// <param name="RubricPath">The rubric's file, or null.</param>
/// <param name="Scale">What it says of an answer.</param>
/// <param name="Endpoints">Whom to ask, by name; null: the default endpoint. Several are a panel.</param>
/// <param name="Votes">How often each of them is asked about an answer.</param>
/// <param name="Calibration">A file of answers with human labels, or null.</param>
public sealed record BriefJudge(
    string Name, string Rubric, string? RubricPath, JudgeScale Scale, IReadOnlyList<string?> Endpoints, int Votes, string? Calibration)
{
    /// <summary>Of metrics that are judges.</summary>
    public const string MetricPrefix = "judge:";

    public string Metric => MetricPrefix + Name;

    /// <summary>The judge against human labels, once measured: from then on its error is carried into every bound.</summary>
    public JudgeEvidence? Evidence { get; init; }

    /// <summary>What a verdict depends on besides the question and the answer.</summary>
    /// <param name="models">The identities of the models asked.</param>
    public string Key(IEnumerable<string> models) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', [JudgePrompt.Version, Scale.ToString(), $"{Votes}", Rubric, .. models]))))[..16];

    /// <summary>Whether a metric's name is that of a judge.</summary>
    public static bool IsMetric(string metric) => metric.StartsWith(MetricPrefix, StringComparison.Ordinal);
}

/// <summary>How often each test row is asked, and how many answers must all be right.</summary>
/// <param name="K">The k of pass^k.</param>
/// <param name="Of">How often each row is asked, at least k.</param>
/// <param name="By">The metric that says what right is: one of right or wrong.</param>
public sealed record Repeats(int K, int Of, string By);

/// <summary>How it is decided whether a conversation reached its goal.</summary>
[JsonConverter(typeof(KebabEnumConverter<GoalCheck>))]
public enum GoalCheck
{
    /// <summary>One of the app's messages contains the expected text, whatever its case.</summary>
    Contains,

    /// <summary>One of the app's messages matches the expected regular expression.</summary>
    Regex,

    /// <summary>The app's last message is the expected JSON value.</summary>
    Json,

    /// <summary>A judge passes the whole conversation.</summary>
    Judge,
}

/// <summary>How rows are talked through.</summary>
/// <param name="Simulator">The endpoint that plays the user, or null: the row's script.</param>
/// <param name="MaxTurns">The app's messages at most; a row's own <c>max-turns</c> comes first.</param>
/// <param name="Check">How the goal is checked.</param>
/// <param name="Judge">With <see cref="GoalCheck.Judge"/>: its name.</param>
/// <param name="Seed">Seeds what the simulated user says.</param>
public sealed record ConversationPlan(string? Simulator, int MaxTurns, GoalCheck Check, string? Judge, int Seed)
{
    /// <summary>The word for the simulator that follows the row's script.</summary>
    public const string Scripted = "scripted";

    public const int DefaultMaxTurns = 8;

    /// <summary>Names the plan in keys of stored conversations.</summary>
    public string Key => $"{Simulator ?? Scripted}/{MaxTurns}/{BriefKeys.WordOf(Check)}/{Judge}/{Seed}";
}
