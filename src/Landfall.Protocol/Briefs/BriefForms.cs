using Landfall.Protocol.Reports;

namespace Landfall.Protocol.Briefs;

/// <summary>A target in a form.</summary>
/// <param name="Metric">The metric's name; empty where the text has none.</param>
/// <param name="On">A slice as <c>field=value</c>, or null for the whole test set.</param>
/// <param name="Direction">At least or at most.</param>
/// <param name="Bound">The bound; null where the text has none that can be read.</param>
/// <param name="Confidence">The confidence with which it must hold.</param>
public sealed record TargetForm(string Metric, string? On, Direction Direction, double? Bound, double Confidence);

/// <summary>The essentials of a brief, as a form shows them. What is not in here stays in the text as it is.</summary>
public sealed record BriefForm
{
    /// <summary>The app's name.</summary>
    public required string App { get; init; }

    /// <summary>Who writes what, and what the app answers.</summary>
    public required string Scenario { get; init; }

    /// <summary>Such as <c>single-turn</c>.</summary>
    public required string Interaction { get; init; }

    /// <summary>Such as <c>label</c>.</summary>
    public required string Output { get; init; }

    /// <summary>Topics of the app.</summary>
    public required IReadOnlyList<string> InScope { get; init; }

    /// <summary>The label of messages that are not the app's own; null when the brief names none.</summary>
    public string? OutOfScopeLabel { get; init; }

    /// <summary>What the app says to them.</summary>
    public string? OutOfScopeReply { get; init; }

    /// <summary>What counts as done.</summary>
    public required IReadOnlyList<TargetForm> Targets { get; init; }

    /// <summary>The techniques' names; null for all that fit.</summary>
    public IReadOnlyList<string>? Techniques { get; init; }

    /// <summary>Such as <c>10m</c>.</summary>
    public required string BudgetTime { get; init; }

    /// <summary>US dollars; null when no limit is set.</summary>
    public decimal? BudgetUsd { get; init; }
}

/// <summary>The request of <c>POST /api/briefs/form</c>.</summary>
/// <param name="Text">A brief's text.</param>
public sealed record BriefFormRequest(string Text);

/// <summary>The answer: what a form shows of a brief.</summary>
/// <param name="Form">Null where the text is no YAML.</param>
public sealed record BriefFormResponse(BriefForm? Form);

/// <summary>The request of <c>POST /api/briefs/edit</c>.</summary>
/// <param name="Text">The text before.</param>
/// <param name="Form">What it is to say.</param>
public sealed record BriefEditRequest(string Text, BriefForm Form);

/// <summary>The answer: the text with the form's changes. Everything else, comments included, is as it was.</summary>
/// <param name="Text">The text after.</param>
public sealed record BriefEdit(string Text);

/// <summary>What a brief may name.</summary>
/// <param name="Metrics">All metrics.</param>
/// <param name="Techniques">The techniques of this release.</param>
/// <param name="Interactions">The words of <c>interaction</c>.</param>
/// <param name="Outputs">The words of <c>output.kind</c>.</param>
public sealed record BriefChoices(IReadOnlyList<MetricChoice> Metrics, IReadOnlyList<string> Techniques, IReadOnlyList<string> Interactions, IReadOnlyList<string> Outputs);

/// <summary>A metric that a target may name.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Outputs">The kinds of output that it can judge.</param>
/// <param name="HigherIsBetter">Whether a bound is rather a least than a most.</param>
/// <param name="NeedsOutOfScope">Whether it needs a brief with an out-of-scope label.</param>
public sealed record MetricChoice(string Name, IReadOnlyList<string> Outputs, bool HigherIsBetter, bool NeedsOutOfScope);
