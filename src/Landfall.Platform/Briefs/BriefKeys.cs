using System.Text.Json;

namespace Landfall.Platform.Briefs;

/// <summary>The keys and words of <c>brief.yaml</c>: one list for the parser, its suggestions and the editor's schema.</summary>
internal static class BriefKeys
{
    public const double DefaultConfidence = 0.95;

    public static IReadOnlyList<string> Root { get; } =
        ["app", "scenario", "interaction", "output", "scope", "data", "targets", "techniques", "budget", "judges", "repeats", "conversations", "search"];

    public static IReadOnlyList<string> Output { get; } = ["kind", "schema"];

    public static IReadOnlyList<string> Scope { get; } = ["in", "out"];

    public static IReadOnlyList<string> OutOfScope { get; } = ["label", "reply", "examples"];

    public static IReadOnlyList<string> Data { get; } = ["train", "validation", "test", "knowledge"];

    public static IReadOnlyList<string> Target { get; } = ["metric", "on", "at-least", "at-most", "confidence"];

    public static IReadOnlyList<string> Budget { get; } = ["time", "money"];

    public static IReadOnlyList<string> Judge { get; } = ["name", "rubric", "rubric-file", "scale", "endpoints", "votes", "calibration"];

    public static IReadOnlyList<string> Repeats { get; } = ["k", "of", "by"];

    public static IReadOnlyList<string> Conversations { get; } = ["simulator", "max-turns", "check", "seed"];

    public static IReadOnlyList<string> Search { get; } = ["technique", "trials", "method", "metric", "seed", "time", "settings"];

    public static IReadOnlyList<string> SearchRange { get; } = ["from", "to", "scale", "whole"];

    public static IReadOnlyList<string> RangeScales { get; } = Words<RangeScale>();

    public static IReadOnlyList<string> JudgeScales { get; } = Words<JudgeScale>();

    public static IReadOnlyList<string> Interactions { get; } = Words<Interaction>();

    public static IReadOnlyList<string> OutputKinds { get; } = Words<OutputKind>();

    /// <summary>The word of an enum's value: <c>SingleTurn</c> is <c>single-turn</c>.</summary>
    public static string WordOf<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    private static string[] Words<T>()
        where T : struct, Enum => [.. Enum.GetValues<T>().Select(WordOf)];
}
