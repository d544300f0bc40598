using System.Security.Cryptography;
using System.Text;
using Landfall.Platform.Briefs;
using Landfall.Platform.Evaluation.Json;

namespace Landfall.Platform.Evaluation;

/// <summary>What metrics know of the brief.</summary>
public sealed class MetricContext
{
    /// <param name="output">What the app answers with.</param>
    /// <param name="outOfScopeLabel">The label of messages that are not the app's, or null.</param>
    /// <param name="outOfScopeReply">What the app says to them; null: the label.</param>
    /// <param name="outputSchema">The JSON schema of the answers, as JSON text, or null.</param>
    /// <exception cref="JsonSchemaException">The schema is broken or uses what is not supported.</exception>
    public MetricContext(OutputKind output, string? outOfScopeLabel = null, string? outOfScopeReply = null, string? outputSchema = null)
    {
        Output = output;
        OutOfScopeLabel = outOfScopeLabel?.Trim();
        OutOfScopeReply = outOfScopeReply?.Trim();
        Schema = outputSchema is null ? null : JsonSchema.Parse(outputSchema);
        SchemaHash = outputSchema is null ? "" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(outputSchema)))[..16];
    }

    public OutputKind Output { get; }

    public string? OutOfScopeLabel { get; }

    public string? OutOfScopeReply { get; }

    public JsonSchema? Schema { get; }

    /// <summary>Names the schema in cache keys; empty without one.</summary>
    public string SchemaHash { get; }

    /// <summary>How often rows are asked, or null.</summary>
    public Repeats? Repeats { get; init; }

    /// <summary>With <see cref="Repeats"/>: the metric that says what a right answer is.</summary>
    public IMetric? RightBy { get; init; }

    /// <summary>Names each judge's rubric, scale and models in cache keys.</summary>
    public IReadOnlyDictionary<string, string> JudgeKeys { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Names the simulated users and the goals' check in cache keys; empty without conversations.</summary>
    public string ConversationKey { get; init; } = "";

    /// <param name="brief">The brief.</param>
    /// <param name="judgeKeys">Each judge's key; null: those of judges whose models are not known.</param>
    public static MetricContext Of(Brief brief, IReadOnlyDictionary<string, string>? judgeKeys = null)
    {
        judgeKeys ??= brief.Judges.ToDictionary(judge => judge.Name, judge => judge.Key([]), StringComparer.Ordinal);
        return new MetricContext(brief.Output, brief.Scope?.Out?.Label, brief.Scope?.Out?.Reply, brief.Output == OutputKind.Json ? brief.OutputSchema : null)
        {
            Repeats = brief.Repeats,
            RightBy = brief.Repeats is { } repeats ? MetricRegistry.BuiltIn.Of(brief).Find(repeats.By) : null,
            JudgeKeys = judgeKeys,
            ConversationKey = brief.Conversations is { } plan ? $"{plan.Key}/{(plan.Judge is { } judge ? judgeKeys.GetValueOrDefault(judge, "") : "")}" : "",
        };
    }

    /// <summary>Whether an expected or given answer says that the message is out of scope: by its label or by its reply.</summary>
    public bool IsOutOfScope(string answer) =>
        OutOfScopeLabel is not null
        && (answer.AsSpan().Trim().SequenceEqual(OutOfScopeLabel)
            || (OutOfScopeReply is not null && answer.AsSpan().Trim().SequenceEqual(OutOfScopeReply)));

    /// <summary>The label that an answer stands for: without white space around it, and the reply as its label.</summary>
    public string Label(string answer) => IsOutOfScope(answer) ? OutOfScopeLabel! : answer.Trim();

    /// <summary>Whether two labels are the same.</summary>
    public bool SameLabel(string expected, string got) => string.Equals(Label(expected), Label(got), StringComparison.Ordinal);

    /// <summary>The part of a cache key of metrics that look at labels.</summary>
    internal string ScopeKey => OutOfScopeLabel is null ? "" : $"/{OutOfScopeLabel}/{OutOfScopeReply}";
}
