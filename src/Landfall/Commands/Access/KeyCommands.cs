using System.CommandLine;
using Landfall.Protocol.Access;

namespace Landfall.Commands.Access;

/// <summary><c>landfall keys</c>.</summary>
internal static class KeyCommands
{
    public static Command Create(CommandRunner runner) => new("keys", "List, create and revoke the team's API keys")
    {
        List(runner),
        Make(runner),
        Revoke(runner),
    };

    private static Command List(CommandRunner runner) =>
        AccessCommand.With(runner, new Command("list", "The team's keys, newest first, without their secrets"), async (context, session, _, cancellation) =>
        {
            var keys = await session.Client.GetKeysAsync(cancellation);
            if (context.Json)
            {
                context.WriteJson(keys, json => json.IReadOnlyListKeySummary);
                return;
            }

            var table = Tables.Create(context.People, "id!", "name", "key!", "role", "ends!", "used");
            foreach (var key in keys)
            {
                var role = AccessCommand.NameOf(key.Role) + (key.GatewayOnly ? ", gateway only" : "");
                table.Add(key.Id, PlainText.Cell(key.Name, 40), key.Prefix + "...", role, key.RevokedAt is null ? AccessCommand.Time(key.ExpiresAt, context) : "revoked", AccessCommand.Time(key.LastUsedAt, context));
            }

            context.Show(table);
        });

    private static Command Make(CommandRunner runner)
    {
        var name = new Argument<string>("name") { Description = "What the key is for" };
        var role = AccessCommand.Role(TeamRole.Viewer);
        var gateway = new Option<bool>("--gateway-only") { Description = "Good for /v1 alone" };
        var days = new Option<int?>("--days") { Description = "Days until it ends, 1 to 3650 (default: 90)", HelpName = "days" };
        return AccessCommand.With(runner, new Command("create", "Make a key; its secret is shown this once") { name, role, gateway, days }, async (context, session, arguments, cancellation) =>
        {
            var request = new CreateKeyRequest
            {
                Name = arguments.GetRequiredValue(name),
                Role = arguments.GetValue(role),
                GatewayOnly = arguments.GetValue(gateway),
                ExpiresInDays = arguments.GetValue(days),
            };
            var created = await session.Client.CreateKeyAsync(request, cancellation);
            if (context.Json)
            {
                context.WriteJson(created, json => json.CreatedKey);
                return;
            }

            // The secret alone on standard output, so that `landfall keys create ... > file` keeps just it.
            context.Say(created.Secret);
            context.Complain($"The key '{created.Key.Name}' ({AccessCommand.NameOf(created.Key.Role)}) ends {Figures.Time(created.Key.ExpiresAt, context.Clock)}. It is not shown again.");
        });
    }

    private static Command Revoke(CommandRunner runner)
    {
        var id = new Argument<string>("id") { Description = "The key's id, as `landfall keys list` shows it" };
        return AccessCommand.With(runner, new Command("revoke", "End a key at once") { id }, async (context, session, arguments, cancellation) =>
        {
            var key = await session.Client.RevokeKeyAsync(arguments.GetRequiredValue(id), cancellation);
            context.Say($"The key '{key.Name}' is revoked.");
            if (context.Json)
            {
                context.WriteJson(key, json => json.KeySummary);
            }
        });
    }
}
