namespace Landfall.Inference;

/// <summary>What goes wrong in running a model, with a message for its user: where, what was found, what to do.</summary>
public class InferenceException : Exception
{
    /// <summary>The problem, for the user.</summary>
    public InferenceException(string message)
        : base(message)
    {
    }

    /// <summary>The problem, for the user, and what it came from.</summary>
    public InferenceException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}

/// <summary>A model's file, or one file of its folder, is damaged, lies about itself, or is of a kind that is not read.</summary>
/// <param name="file">The file's path.</param>
/// <param name="problem">What was found and what to do, as a sentence without the file's name.</param>
/// <param name="inner">What it came from.</param>
public sealed class ModelFormatException(string file, string problem, Exception? inner = null) : InferenceException($"{file}: {problem}", inner)
{
    /// <summary>The file's path.</summary>
    public string File { get; } = file;

    /// <summary>The tensor that it is about, where it is about one.</summary>
    public string? Tensor { get; init; }

    /// <summary>The offset in bytes from the file's beginning, where one is known.</summary>
    public long? Offset { get; init; }
}
