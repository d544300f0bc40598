namespace Landfall.Training;

/// <summary>Why a training cannot be done, with a message for its user: where, what was found, what to do.</summary>
/// <param name="code">One of <see cref="Landfall.Protocol.Errors.ErrorCodes"/>.</param>
/// <param name="message">The problem, for the user.</param>
/// <param name="inner">What it came from.</param>
public sealed class TrainingException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>One of <see cref="Landfall.Protocol.Errors.ErrorCodes"/>.</summary>
    public string Code { get; } = code;
}
