using Landfall.Protocol.Briefs;
using Landfall.Protocol.Reports;

namespace Landfall.Platform.Briefs;

/// <summary>What a brief's text says.</summary>
/// <param name="Brief">The brief, or null when the text has errors. A schema in a file of its own is not in it yet.</param>
/// <param name="Problems">All problems of the text, by line.</param>
/// <param name="Positions">Lines by field path, such as <c>targets[0].metric</c>.</param>
public sealed record ParsedBrief(Brief? Brief, IReadOnlyList<BriefProblem> Problems, IReadOnlyDictionary<string, int> Positions)
{
    /// <summary>What could be read, also of a brief with errors: so that the further checks can report their problems at the same time.</summary>
    internal BriefParts Parts { get; init; } = new();

    /// <summary>The line of a field, or of the nearest field around it that is written; 0 when there is none.</summary>
    public int LineOf(string field)
    {
        while (field.Length > 0)
        {
            if (Positions.TryGetValue(field, out var line))
            {
                return line;
            }

            var end = field.LastIndexOfAny(['.', '[']);
            field = end < 0 ? "" : field[..end];
        }

        return 0;
    }
}

/// <summary>The readable parts of a brief. Null is what was missing or wrong, and has been reported.</summary>
internal sealed record BriefParts
{
    public string? App { get; set; }

    public string? Scenario { get; set; }

    public Interaction? Interaction { get; set; }

    public OutputKind? Output { get; set; }

    /// <summary>JSON text of a schema written in the brief.</summary>
    public string? InlineSchema { get; set; }

    public string? SchemaPath { get; set; }

    public IReadOnlyList<string> InScope { get; set; } = [];

    public OutOfScope? OutOfScope { get; set; }

    /// <summary>Whether <c>scope.out</c> is written, readable or not.</summary>
    public bool HasOutOfScope { get; set; }

    public bool HasScope { get; set; }

    public string? Train { get; set; }

    public string? Validation { get; set; }

    public string? Test { get; set; }

    public string? Knowledge { get; set; }

    public List<TargetParts> Targets { get; } = [];

    /// <summary>Null: auto.</summary>
    public List<TechniqueParts>? Techniques { get; set; }

    public Budget Budget { get; set; } = Budget.Default;

    public List<JudgeParts> Judges { get; } = [];

    public Repeats? Repeats { get; set; }

    public ConversationPlan? Conversations { get; set; }

    public List<SearchParts> Searches { get; } = [];

    /// <summary>The paths the brief names, without doubles.</summary>
    public IReadOnlyList<string> Paths =>
        [.. new[] { Train, Validation, Test, Knowledge, SchemaPath }.Concat(Judges.SelectMany(judge => new[] { judge.RubricPath, judge.Calibration })).OfType<string>().Distinct(StringComparer.Ordinal)];
}

/// <summary>A target as far as it could be read.</summary>
internal sealed record TargetParts(int Index, string? Metric, double? Bound, Direction Direction, double Confidence, Slice? On, bool SliceIsKnown)
{
    public string Field => $"targets[{Index}]";

    public string Where => On is null ? "" : $" on {On}";

    /// <summary>The target in words, such as "accuracy at-least 0.9".</summary>
    public string Words => $"{Metric}{Where} {BriefKeys.WordOf(Direction)} {Shown.Number(Bound ?? 0)}";
}

/// <summary>A judge as far as it could be read.</summary>
internal sealed record JudgeParts(
    string Field, string? Name, string? Rubric, string? RubricPath, JudgeScale? Scale, IReadOnlyList<string> Endpoints, int Votes, string? Calibration)
{
    /// <summary>The judge; a rubric in a file of its own is not in it yet.</summary>
    public BriefJudge ToJudge() => new(
        Name ?? "", Rubric ?? "", RubricPath, Scale ?? JudgeScale.PassFail, Endpoints.Count == 0 ? [null] : [.. Endpoints], Votes, Calibration);
}

/// <summary>A search's place in the brief. Without a technique its name is empty.</summary>
internal sealed record SearchParts(string Field, BriefSearch Search);

/// <summary>A technique's place in the brief.</summary>
internal sealed record TechniqueParts(string Field, TechniqueRequest Request);
