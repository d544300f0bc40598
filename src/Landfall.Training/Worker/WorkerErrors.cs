using System.Runtime.InteropServices;
using System.Text.Json;
using Landfall.Inference;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Training;

namespace Landfall.Training.Worker;

/// <summary>What the worker says of an exception.</summary>
internal static class WorkerErrors
{
    private const int LinuxDiskFull = 28;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>The code and the message of an exception.</summary>
    public static WorkerError Describe(Exception error) => error switch
    {
        TrainingException training => new(training.Code, training.Message),
        InferenceException inference => new(ErrorCodes.ModelInvalid, inference.Message),
        JsonException json => new(ErrorCodes.BadRequest, $"The worker was given no order: {json.Message}"),
        OutOfMemoryException => new(ErrorCodes.OutOfMemory, OutOfMemory(error.Message)),
        ExternalException when IsOutOfMemory(error.Message) => new(ErrorCodes.OutOfMemory, OutOfMemory(FirstLine(error.Message))),
        ExternalException => new(ErrorCodes.TrainingFailed, $"libtorch failed: {FirstLine(error.Message)}"),
        IOException io when io.HResult is LinuxDiskFull or WindowsDiskFull => new(ErrorCodes.DiskFull, $"{io.Message} Make room and start the training again: it goes on from its last checkpoint."),
        IOException or UnauthorizedAccessException => new(ErrorCodes.TrainingFailed, error.Message),
        _ => new(ErrorCodes.Internal, error.ToString()),
    };

    private static bool IsOutOfMemory(string message) =>
        message.Contains("can't allocate memory", StringComparison.Ordinal) || message.Contains("not enough memory", StringComparison.Ordinal) || message.Contains("out of memory", StringComparison.OrdinalIgnoreCase);

    private static string OutOfMemory(string cause) => $"The memory is not enough ({cause}). Set gradient_checkpointing, more accumulation_steps, fewer batch_tokens or a lower max_length, or take a method or a base that needs less.";

    private static string FirstLine(string message) => message.Split('\n')[0].Trim();
}
