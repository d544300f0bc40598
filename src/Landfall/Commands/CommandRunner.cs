using System.CommandLine;
using Landfall.Commands.Briefs;
using Landfall.Protocol.Errors;

namespace Landfall.Commands;

/// <summary>What a command does.</summary>
internal delegate Task<int> CommandBody(CommandContext context, ParseResult arguments, CancellationToken cancellation);

/// <summary>Runs the bodies of commands: the options that all share, and what becomes of an exception.</summary>
internal sealed class CommandRunner(ICommandHost host, CommandConsole console, TimeProvider clock)
{
    public Option<string?> Data { get; } = new("--data")
    {
        Description = "The data folder (default: $LANDFALL_DATA, or ~/.landfall)",
        HelpName = "folder",
        Recursive = true,
    };

    public Option<string?> ApiKey { get; } = new("--api-key")
    {
        Description = "Work with an API key's rights (default: $LANDFALL_API_KEY, or as the owner of the data folder)",
        HelpName = "key",
        Recursive = true,
    };

    public Option<string?> Team { get; } = new("--team")
    {
        Description = "The team to work in (default: $LANDFALL_TEAM, or the key's, or 'default')",
        HelpName = "team",
        Recursive = true,
    };

    public Option<bool> Json { get; } = new("--json")
    {
        Description = "JSON on standard output; what is for people goes to standard error",
        Recursive = true,
    };

    public Option<bool> Verbose { get; } = new("--verbose")
    {
        Description = "All log lines of runs, and where an error comes from",
        Recursive = true,
    };

    public Command Handle(Command command, CommandBody body)
    {
        command.SetAction((arguments, cancellation) => RunAsync(arguments, body, cancellation));
        return command;
    }

    private async Task<int> RunAsync(ParseResult arguments, CommandBody body, CancellationToken cancellation)
    {
        var verbose = arguments.GetValue(Verbose);
        try
        {
            var context = new CommandContext(host, console, clock, ConnectionOf(arguments), arguments.GetValue(Json), verbose);
            return await body(context, arguments, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await console.Error.WriteLineAsync("Stopped.");
            return ExitCodes.Interrupted;
        }
        catch (Exception exception)
        {
            if (exception is LandfallApiException { Problem.Problems: { } problems })
            {
                BriefProblems.Write(console.Error, "brief.yaml", problems);
            }

            var (exitCode, message) = CommandErrors.Describe(exception);
            await console.Error.WriteLineAsync("error: " + PlainText.Clean(verbose ? $"{message}\n{exception}" : message));
            return exitCode;
        }
    }

    private ConnectOptions ConnectionOf(ParseResult arguments) => new(
        DataFolder(arguments.GetValue(Data)), Given(arguments.GetValue(ApiKey), "LANDFALL_API_KEY"), Given(arguments.GetValue(Team), "LANDFALL_TEAM"));

    private static string? Given(string? option, string variable) =>
        (string.IsNullOrWhiteSpace(option) ? Environment.GetEnvironmentVariable(variable) : option)?.Trim() is { Length: > 0 } text ? text : null;

    private static string DataFolder(string? given)
    {
        var folder = given ?? Environment.GetEnvironmentVariable("LANDFALL_DATA");
        if (!string.IsNullOrWhiteSpace(folder))
        {
            return Path.GetFullPath(folder);
        }

        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return home.Length > 0
            ? Path.Combine(home, ".landfall")
            : throw new CommandException(ExitCodes.Usage, "There is no home folder to keep data in: give --data <folder> or set LANDFALL_DATA.");
    }
}
