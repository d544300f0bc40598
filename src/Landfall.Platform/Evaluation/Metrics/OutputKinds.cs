using Landfall.Platform.Briefs;

namespace Landfall.Platform.Evaluation.Metrics;

/// <summary>The kinds of output that families of metrics judge.</summary>
internal static class OutputKinds
{
    public static IReadOnlyList<OutputKind> All { get; } = Enum.GetValues<OutputKind>();

    public static IReadOnlyList<OutputKind> Labels { get; } = [OutputKind.Label];

    public static IReadOnlyList<OutputKind> Texts { get; } = [OutputKind.Text, OutputKind.CitedAnswer];

    public static IReadOnlyList<OutputKind> Json { get; } = [OutputKind.Json];
}
