using System.Text.Json;

namespace Landfall.Platform.Runs;

/// <summary>A kind of long work, such as <c>landing</c>. Registered by name.</summary>
public interface IRunKind
{
    /// <summary>The kind's name in <c>runs</c>.</summary>
    string Kind { get; }

    /// <summary>
    /// Does the work. Called again from the start after a crash: what was done is in the journal, and
    /// <see cref="RunContext.StepAsync{T}"/> returns it without doing it again.
    /// </summary>
    /// <returns>The run's result.</returns>
    Task<JsonElement> ExecuteAsync(RunContext run, JsonElement input, CancellationToken cancellation);
}

/// <summary>A failure that a person can understand and act on: its message is shown as it stands.</summary>
public sealed class RunFailedException(string message, string code) : Exception(message)
{
    /// <summary>One of <see cref="Protocol.Errors.ErrorCodes"/>.</summary>
    public string Code { get; } = code;
}
