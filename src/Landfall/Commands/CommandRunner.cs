using System.CommandLine;
using Landfall.Commands.Briefs;
using Landfall.Configuration;
using Landfall.Protocol.Errors;

namespace Landfall.Commands;

/// <summary>What a command does.</summary>
internal delegate Task<int> CommandBody(CommandContext context, ParseResult arguments, CancellationToken cancellation);

/// <summary>Runs the bodies of commands: the options that all share, and what becomes of an exception.</summary>
internal sealed class CommandRunner(ICommandHost host, CommandConsole console, TimeProvider clock)
{
    public Option<string?> Data { get; } = OptionOf(Settings.Data, "folder");

    public Option<string?> Database { get; } = OptionOf(Settings.Database, "address");

    public Option<string?> Config { get; } = OptionOf(Settings.File, "file");

    public Option<string?> ApiKey { get; } = OptionOf(Settings.ApiKey, "key");

    public Option<string?> Team { get; } = OptionOf(Settings.Team, "team");

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
            var context = new CommandContext(host, console, clock, ReadSettings(arguments), arguments.GetValue(Json), verbose);
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

    private SettingsReader ReadSettings(ParseResult arguments)
    {
        var given = new Dictionary<Setting, string?>
        {
            [Settings.File] = arguments.GetValue(Config),
            [Settings.Data] = arguments.GetValue(Data),
            [Settings.Database] = arguments.GetValue(Database),
            [Settings.ApiKey] = arguments.GetValue(ApiKey),
            [Settings.Team] = arguments.GetValue(Team),
        };
        return SettingsReader.Read(given, Environment.GetEnvironmentVariable);
    }

    private static Option<string?> OptionOf(Setting setting, string helpName) => new(setting.Option!)
    {
        Description = $"{setting.Meaning} (default: ${setting.Environment}, or {setting.Default})",
        HelpName = helpName,
        Recursive = true,
    };
}
