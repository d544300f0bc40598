using System.CommandLine;
using System.Globalization;

namespace Landfall.Commands.Access;

/// <summary><c>landfall audit</c>.</summary>
internal static class AuditCommand
{
    public static Command Create(CommandRunner runner)
    {
        var actor = new Option<string?>("--actor") { Description = "Only changes by this user, key:<name>, or 'local'", HelpName = "name" };
        var action = new Option<string?>("--action") { Description = "Only changes of this kind, such as Land or CreateKey", HelpName = "action" };
        var outcome = new Option<string?>("--outcome") { Description = "Only those that were done, refused or failed", HelpName = "outcome" }.AcceptOnlyFromAmong("done", "refused", "failed");
        var before = new Option<long?>("--before") { Description = "Only entries before this number: the next page", HelpName = "number" };
        var limit = new Option<int>("--limit") { Description = "At most this many (default: 50)", HelpName = "count", DefaultValueFactory = _ => 50 };
        return AccessCommand.With(runner, new Command("audit", "Who changed what, or tried to, newest first") { actor, action, outcome, before, limit }, async (context, session, arguments, cancellation) =>
        {
            var page = await session.Client.GetAuditAsync(
                arguments.GetValue(actor), arguments.GetValue(action), arguments.GetValue(outcome), arguments.GetValue(before), arguments.GetValue(limit), cancellation);
            if (context.Json)
            {
                context.WriteJson(page, json => json.AuditPage);
                return;
            }

            var table = Tables.Create(context.People, "when!", "who", "what", "on", "outcome!");
            foreach (var entry in page.Entries)
            {
                table.Add(Figures.Time(entry.At, context.Clock), entry.Actor, entry.Action, PlainText.Cell(entry.Subject, 60), $"{entry.Outcome} ({entry.Status.ToString(CultureInfo.InvariantCulture)})");
            }

            context.Show(table);
            if (page.Next is { } next)
            {
                context.Complain($"Older entries: landfall audit --before {next.ToString(CultureInfo.InvariantCulture)}");
            }
        });
    }
}
