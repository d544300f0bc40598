using System.CommandLine;
using System.Runtime.InteropServices;
using Landfall.Commands.Access;
using Landfall.Commands.Apps;
using Landfall.Commands.Briefs;
using Landfall.Commands.Datasets;
using Landfall.Commands.Endpoints;
using Landfall.Commands.Land;
using Landfall.Commands.Models;
using Landfall.Commands.Prompts;
using Landfall.Commands.Runs;
using Landfall.Commands.Search;
using Landfall.Commands.Serve;

namespace Landfall.Commands;

/// <summary>The command line of <c>landfall</c>.</summary>
public static class LandfallCommandLine
{
    /// <summary>The commands, writing to this process's console.</summary>
    /// <param name="host">Gives them a server.</param>
    public static RootCommand Build(ICommandHost host) => Build(host, CommandConsole.OfProcess(), TimeProvider.System);

    /// <summary>The commands.</summary>
    /// <param name="host">Gives them a server.</param>
    /// <param name="console">Where they read and write.</param>
    /// <param name="clock">For local times and waits.</param>
    public static RootCommand Build(ICommandHost host, CommandConsole console, TimeProvider clock)
    {
        var runner = new CommandRunner(host, console, clock);
        return new RootCommand("Landfall: from a brief to a measured, served model. Start with: landfall land <folder>")
        {
            runner.Data,
            runner.Database,
            runner.Config,
            runner.ApiKey,
            runner.Team,
            runner.Json,
            runner.Verbose,
            LandCommand.Create(runner),
            SearchCommand.Create(runner),
            BriefCommands.Create(runner),
            DatasetCommands.Create(runner),
            ModelCommands.Create(runner),
            PromptCommands.Create(runner),
            EndpointCommands.Create(runner),
            RunCommands.Create(runner),
            AppCommands.Create(runner),
            AppCommands.CreateTry(runner),
            ServeCommand.Create(runner),
            WorkerCommand.Create(runner),
            UserCommands.Create(runner),
            UserCommands.CreateTeams(runner),
            KeyCommands.Create(runner),
            AuditCommand.Create(runner),
        };
    }

    /// <summary>Parses and runs a command line. The first Ctrl-C (or SIGTERM) ends the command, or the answer that it waits for, in good order, the second at once.</summary>
    /// <param name="host">Gives the command a server.</param>
    /// <param name="args">The arguments.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(ICommandHost host, IReadOnlyList<string> args)
    {
        using var stop = new CancellationTokenSource();
        var console = CommandConsole.OfProcess();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        return await RunAsync(host, args, console, TimeProvider.System, stop.Token);

        // A chat's answer ends by itself, and the chat goes on.
        void Interrupt(PosixSignalContext signal)
        {
            if (console.TryInterrupt())
            {
                signal.Cancel = true;
            }
            else
            {
                Stop(signal);
            }
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = !stop.IsCancellationRequested;
            _ = stop.CancelAsync();
        }
    }

    /// <summary>Parses and runs a command line.</summary>
    /// <param name="host">Gives the command a server.</param>
    /// <param name="args">The arguments.</param>
    /// <param name="console">Where it reads and writes.</param>
    /// <param name="clock">For local times and waits.</param>
    /// <param name="cancellation">Ends the command in good order.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(
        ICommandHost host, IReadOnlyList<string> args, CommandConsole console, TimeProvider clock, CancellationToken cancellation)
    {
        // A leading @ is text here (`landfall try app "@you there?"`), not a file of arguments.
        var parsed = Build(host, console, clock).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var misused = parsed.Errors.Count > 0;
        var exitCode = await parsed.InvokeAsync(
            new InvocationConfiguration
            {
                // The usage that follows a parse error is for people: standard output stays empty.
                Output = misused ? console.Error : console.Out,
                Error = console.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            },
            cancellation);
        return misused ? ExitCodes.Usage : exitCode;
    }
}
