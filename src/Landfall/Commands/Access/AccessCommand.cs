using System.CommandLine;
using Landfall.Protocol.Access;

namespace Landfall.Commands.Access;

/// <summary>What the commands about users, teams, keys and the audit log have in common.</summary>
internal static class AccessCommand
{
    /// <summary>A command that speaks to a server.</summary>
    public static Command With(CommandRunner runner, Command command, Func<CommandContext, IServerSession, ParseResult, CancellationToken, Task> body) =>
        runner.Handle(command, async (context, arguments, cancellation) =>
        {
            var session = await context.ConnectAsync(cancellation);
            await using (session)
            {
                await body(context, session, arguments, cancellation);
                return ExitCodes.Ok;
            }
        });

    public static Option<TeamRole> Role(TeamRole byDefault)
    {
        var role = new Option<TeamRole>("--role") { Description = "viewer, editor, operator or admin", HelpName = "role", DefaultValueFactory = _ => byDefault };
        return role;
    }

    public static string NameOf(TeamRole role) => role.ToString().ToLowerInvariant();

    public static string Time(DateTimeOffset? at, CommandContext context) => at is { } time ? Figures.Time(time, context.Clock) : "never";
}
