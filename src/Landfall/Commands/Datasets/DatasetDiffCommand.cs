using System.CommandLine;
using Landfall.Protocol.Datasets;

namespace Landfall.Commands.Datasets;

/// <summary><c>landfall dataset diff</c>: what one version has that the other has not.</summary>
internal static class DatasetDiffCommand
{
    public static Command Create(CommandRunner runner)
    {
        var before = new Argument<string>("before") { Description = "A dataset's name, a version or its beginning" };
        var after = new Argument<string>("after") { Description = "Another one" };
        var limit = new Option<int>("--limit") { Description = "At most this many rows of each kind (default 10, at most 500)", HelpName = "rows", DefaultValueFactory = _ => 10 };
        return runner.Handle(new Command("diff", "How two dataset versions differ: rows added, removed, changed") { before, after, limit }, async (context, arguments, cancellation) =>
        {
            var session = await context.ConnectAsync(cancellation);
            await using (session)
            {
                var diff = await session.Client.DiffDatasetsAsync(arguments.GetRequiredValue(before), arguments.GetRequiredValue(after), arguments.GetValue(limit), cancellation);
                if (context.Json)
                {
                    context.WriteJson(diff, json => json.DatasetDiff);
                }
                else
                {
                    Show(context, diff);
                }

                return ExitCodes.Ok;
            }
        });
    }

    private static void Show(CommandContext context, DatasetDiff diff)
    {
        context.Say($"{diff.Before.Name}@{DatasetCommands.Short(diff.Before.Version)} -> {diff.After.Name}@{DatasetCommands.Short(diff.After.Version)}");
        context.Say($"{Figures.Count(diff.Added)} added, {Figures.Count(diff.Removed)} removed, {Figures.Count(diff.Changed)} changed ({Figures.Count(diff.LabelChanges)} with another expected output), {Figures.Count(diff.Unchanged)} unchanged");
        if (diff.Confusion.Count > 0)
        {
            var changes = Tables.Create(context.People, "from", "to", ">rows!");
            foreach (var change in diff.Confusion.Take(20))
            {
                changes.Add(PlainText.Cell(change.From, 40), PlainText.Cell(change.To, 40), Figures.Count(change.Rows));
            }

            context.Show(changes);
        }

        var rows = Tables.Create(context.People, "!", "text", "expected");
        diff.RemovedRows.ToList().ForEach(r => rows.Add("-", PlainText.Cell(r.Text), PlainText.Cell(r.Expected, 60)));
        diff.AddedRows.ToList().ForEach(r => rows.Add("+", PlainText.Cell(r.Text), PlainText.Cell(r.Expected, 60)));
        diff.ChangedRows.ToList().ForEach(c => rows.Add("~", PlainText.Cell(c.After.Text), PlainText.Cell(Change(c), 60)));
        if (diff.RemovedRows.Count + diff.AddedRows.Count + diff.ChangedRows.Count > 0)
        {
            context.Show(rows);
        }
    }

    private static string Change(ChangedRow row)
    {
        if (row.Before.Expected != row.After.Expected)
        {
            return $"{row.Before.Expected} -> {row.After.Expected}";
        }

        var fields = row.Before.Fields.Keys.Union(row.After.Fields.Keys).Where(f => row.Before.Fields.GetValueOrDefault(f) != row.After.Fields.GetValueOrDefault(f)).Order(StringComparer.Ordinal);
        return $"fields: {string.Join(", ", fields)}";
    }
}
