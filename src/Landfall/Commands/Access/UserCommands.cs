using System.CommandLine;
using Landfall.Protocol.Access;

namespace Landfall.Commands.Access;

/// <summary><c>landfall users</c> and <c>landfall teams</c>.</summary>
internal static class UserCommands
{
    public static Command Create(CommandRunner runner) => new("users", "List, add and remove the users of a team")
    {
        List(runner),
        Add(runner),
        OfUser(runner, "remove", "Take a user out of the team; one who is in no team is gone", async (context, session, name, cancellation) =>
        {
            await session.Client.RemoveUserAsync(name, cancellation);
            context.Say($"'{name}' is no longer in the team.");
        }),
        OfUser(runner, "password", "Set a user's password; their sessions end", async (context, session, name, cancellation) =>
        {
            await session.Client.SetPasswordAsync(name, await PasswordPrompt.AskAsync(context.Console, name, cancellation), cancellation);
            context.Say($"The password of '{name}' is set.");
        }),
    };

    public static Command CreateTeams(CommandRunner runner)
    {
        var name = new Argument<string>("name") { Description = "1 to 40 lower-case letters, digits and hyphens" };
        return new Command("teams", "List and add teams")
        {
            AccessCommand.With(runner, new Command("list", "The teams that you can choose"), async (context, session, _, cancellation) =>
            {
                var teams = await session.Client.GetTeamsAsync(cancellation);
                if (context.Json)
                {
                    context.WriteJson(teams, json => json.IReadOnlyListTeamSummary);
                    return;
                }

                var table = Tables.Create(context.People, "team", "your role!", "since!");
                foreach (var team in teams)
                {
                    table.Add(team.Name, AccessCommand.NameOf(team.Role), team.CreatedAt is null ? "always" : AccessCommand.Time(team.CreatedAt, context));
                }

                context.Show(table);
            }),
            AccessCommand.With(runner, new Command("add", "Make a team; for owners of the installation") { name }, async (context, session, arguments, cancellation) =>
            {
                var team = await session.Client.CreateTeamAsync(arguments.GetRequiredValue(name), cancellation);
                context.Say($"The team '{team.Name}' is there. Add users with: landfall users add <name> --team {team.Name}");
                if (context.Json)
                {
                    context.WriteJson(team, json => json.TeamSummary);
                }
            }),
        };
    }

    private static Command List(CommandRunner runner) =>
        AccessCommand.With(runner, new Command("list", "The members of the team"), async (context, session, _, cancellation) =>
        {
            var users = await session.Client.GetUsersAsync(cancellation);
            if (context.Json)
            {
                context.WriteJson(users, json => json.IReadOnlyListUserSummary);
                return;
            }

            var table = Tables.Create(context.People, "user", "role!", "last sign-in!");
            foreach (var user in users)
            {
                table.Add(user.Name, AccessCommand.NameOf(user.Role) + (user.IsOwner ? ", owner" : ""), AccessCommand.Time(user.LastSignInAt, context));
            }

            context.Show(table);
        });

    private static Command Add(CommandRunner runner)
    {
        var name = new Argument<string>("name") { Description = "1 to 64 letters, digits, and . _ @ -" };
        var role = AccessCommand.Role(TeamRole.Editor);
        var owner = new Option<bool>("--owner") { Description = "Manages the whole installation; the first user always does" };
        var existing = new Option<bool>("--existing") { Description = "The user is in another team already and has a password" };
        return AccessCommand.With(runner, new Command("add", "Add a user to the team; asks for a password") { name, role, owner, existing }, async (context, session, arguments, cancellation) =>
        {
            var user = arguments.GetRequiredValue(name);
            var password = arguments.GetValue(existing) ? null : await PasswordPrompt.AskAsync(context.Console, user, cancellation);
            var request = new AddUserRequest { Name = user, Role = arguments.GetValue(role), IsOwner = arguments.GetValue(owner), Password = password };
            var added = await session.Client.AddUserAsync(request, cancellation);
            context.Say($"'{added.Name}' is {AccessCommand.NameOf(added.Role)} of the team{(added.IsOwner ? ", and an owner of the installation" : "")}.");
            if (context.Json)
            {
                context.WriteJson(added, json => json.UserSummary);
            }
        });
    }

    private static Command OfUser(CommandRunner runner, string command, string description, Func<CommandContext, IServerSession, string, CancellationToken, Task> body)
    {
        var name = new Argument<string>("name") { Description = "The user" };
        return AccessCommand.With(runner, new Command(command, description) { name }, (context, session, arguments, cancellation) =>
            body(context, session, arguments.GetRequiredValue(name), cancellation));
    }
}
