namespace Landfall.Inference.Templates;

/// <summary>A chat template that cannot be read, or not be rendered for this conversation.</summary>
/// <param name="problem">What is wrong, as a sentence.</param>
/// <param name="line">The line in the template, from 1.</param>
/// <param name="column">The column in the template, from 1.</param>
public sealed class ChatTemplateException(string problem, int line, int column)
    : InferenceException($"The chat template, line {line}, column {column}: {problem}")
{
    /// <summary>The line in the template, from 1.</summary>
    public int Line { get; } = line;

    /// <summary>The column in the template, from 1.</summary>
    public int Column { get; } = column;

    /// <summary>What the template said by raise_exception: that it does not take such conversations. Null for other problems.</summary>
    public string? Raised { get; init; }
}
