using System.Globalization;
using Landfall.Protocol.Training;

namespace Landfall.Platform.Training;

/// <summary>What the worker says, in words.</summary>
internal static class WorkerText
{
    /// <summary>A step in a few words.</summary>
    public static string Of(TrainingStep step) => string.Create(
        CultureInfo.InvariantCulture, $"step {step.Number} of {step.Steps}, loss {step.Loss:0.000}, {step.TokensPerSecond:N0} tokens/s, {step.SecondsLeft:0} s left");

    /// <summary>The line that an event is worth in the log, or null.</summary>
    public static string? LogLine(WorkerEvent said) => said switch
    {
        { Plan: { } plan } => string.Create(
            CultureInfo.InvariantCulture,
            $"{plan.Steps} steps over {plan.Rows} rows of {plan.Tokens:N0} tokens ({plan.PaddingShare:P1} padding, {plan.LeftOut} rows too long), {plan.MemoryBytes / 1e6:N0} MB of memory."),
        { Evaluation: { } found } => string.Create(
            CultureInfo.InvariantCulture,
            $"after step {found.Step}: validation loss {found.Loss:0.000}{(found.Accuracy is { } accuracy ? string.Create(CultureInfo.InvariantCulture, $", accuracy {accuracy:0.000}") : "")}{(found.IsBest ? ", the best so far" : "")}."),
        { Done: { } done } => string.Create(
            CultureInfo.InvariantCulture, $"trained {done.TrainedParameters:N0} parameters in {done.Steps} steps and {done.Seconds:0.0} s; the weights of step {done.BestStep} are kept."),
        { Note: { } note } => note,
        _ => null,
    };
}
