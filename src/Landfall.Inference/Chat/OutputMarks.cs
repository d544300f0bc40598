namespace Landfall.Inference.Chat;

/// <summary>The marks of a family.</summary>
/// <param name="Call">What a call, or a list of calls, begins with; null: there are none.</param>
/// <param name="CallEnd">What it ends with; null: the answer's end.</param>
internal sealed record OutputMarks(string? Call, string? CallEnd)
{
    public const string Think = "<think>";
    public const string ThinkEnd = "</think>";
}
