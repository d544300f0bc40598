using System.CommandLine;

namespace Landfall.Commands.Serve;

/// <summary><c>landfall worker</c>: the process that a server starts for training. It is no command for people.</summary>
internal static class WorkerCommand
{
    public static Command Create(CommandRunner runner)
    {
        var command = runner.Handle(
            new Command("worker", "Train what is ordered on standard input (a server starts it)"), (context, _, cancellation) => context.Host.WorkAsync(cancellation));
        command.Hidden = true;
        return command;
    }
}
