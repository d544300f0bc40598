using System.Text.Json;
using Landfall.Protocol.Errors;

namespace Landfall.Commands;

/// <summary>What an exception means to the caller of a command: one message and one exit code.</summary>
internal static class CommandErrors
{
    public static int ExitCodeOf(string code) => code switch
    {
        ErrorCodes.BriefInvalid => ExitCodes.BriefInvalid,
        ErrorCodes.DataInvalid => ExitCodes.DataInvalid,
        ErrorCodes.ModelInvalid => ExitCodes.ModelInvalid,
        ErrorCodes.NotFound or ErrorCodes.AppExists or ErrorCodes.Conflict or ErrorCodes.BadRequest => ExitCodes.Usage,
        ErrorCodes.Regression => ExitCodes.ReleaseHeldBack,
        ErrorCodes.DiskFull or ErrorCodes.DatabaseUnavailable or ErrorCodes.Unauthorized or ErrorCodes.Forbidden or ErrorCodes.TooManyRequests => ExitCodes.ServerTrouble,
        _ => ExitCodes.Unexpected,
    };

    public static (int ExitCode, string Message) Describe(Exception exception) => exception switch
    {
        CommandException e => (e.ExitCode, e.Message),
        LandfallApiException e => (ExitCodeOf(e.Code), e.Message + Remedy(e.Code)),
        HttpRequestException e => (ExitCodes.ServerTrouble, $"The server cannot be reached: {e.Message} Is it still running? `landfall serve` starts one."),
        OperationCanceledException => (ExitCodes.ServerTrouble, "The server did not answer in time. Try again; its log may say more."),
        JsonException e => (ExitCodes.ServerTrouble, $"The server's answer is not understood ({e.Message}) Is it a Landfall server of this version?"),
        UnauthorizedAccessException or IOException => (ExitCodes.Usage, exception.Message),
        _ => (ExitCodes.Unexpected, $"Unexpected fault: {exception.Message} ({exception.GetType().Name}; --verbose shows where.)"),
    };

    private static string Remedy(string code) => code switch
    {
        ErrorCodes.AppExists => " With --take-over the name goes to this folder; or give the app another name in its brief.",
        ErrorCodes.Regression => " With --allow-regression it replaces the live one all the same.",
        ErrorCodes.DatabaseUnavailable => " Nothing was lost: run the same command again, and it goes on where it was.",
        ErrorCodes.DiskFull => " Free some space and run the same command again: it goes on where it was.",
        _ => "",
    };
}
