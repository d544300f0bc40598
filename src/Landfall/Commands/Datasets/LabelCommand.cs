using System.CommandLine;
using System.Globalization;
using Landfall.Protocol;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Labelling;

namespace Landfall.Commands.Datasets;

/// <summary><c>landfall dataset label</c>: label rows in the terminal, a key each.</summary>
internal static class LabelCommand
{
    public static Command Create(CommandRunner runner)
    {
        var name = new Argument<string>("name") { Description = "A dataset's name, a version, or a labelling's id" };
        var labels = new Option<string[]>("--labels") { Description = "The labels (default: those that the rows have)", HelpName = "names", AllowMultipleArgumentsPerToken = true };
        var kind = new Option<LabelKind>("--kind") { Description = "What annotators give: single, multiple, text, json (default single)", HelpName = "kind" };
        var overlap = new Option<int>("--overlap") { Description = "How many annotators label each row (default 1, at most 10)", HelpName = "number", DefaultValueFactory = _ => 1 };
        var annotator = new Option<string?>("--as") { Description = "Who labels (default: who is signed in)", HelpName = "annotator" };
        var export = new Option<bool>("--export") { Description = "Make a dataset version with the labels, and label nothing" };
        var command = new Command("label", "Label rows, the most uncertain first; s skips, ? is unsure, u undoes, q ends") { name, labels, kind, overlap, annotator, export };
        return runner.Handle(command, async (context, arguments, cancellation) =>
        {
            var session = await context.ConnectAsync(cancellation);
            await using (session)
            {
                var schema = Schema(arguments.GetValue(labels), arguments.GetValue(kind));
                var labelling = await FindOrBeginAsync(session.Client, arguments.GetRequiredValue(name), schema, arguments.GetValue(overlap), !arguments.GetValue(export), cancellation);
                if (arguments.GetValue(export))
                {
                    var made = await session.Client.ExportLabelsAsync(labelling.Id, new LabelExportRequest(), cancellation);
                    context.Say($"{made.Name}: {made.Rows} labelled rows, version {made.Version}");
                }
                else
                {
                    await LabelAsync(context, session.Client, labelling, arguments.GetValue(annotator), cancellation);
                }

                var now = await session.Client.GetLabellingAsync(labelling.Id, cancellation);
                ShowProgress(context, now);
                if (context.Json)
                {
                    context.WriteJson(now, json => json.LabellingSummary);
                }

                return ExitCodes.Ok;
            }
        });
    }

    private static LabelSchema? Schema(string[]? labels, LabelKind kind)
    {
        var names = (labels ?? []).SelectMany(l => l.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToList();
        return names.Count > 0 || kind is LabelKind.Text or LabelKind.Json ? new LabelSchema { Kind = kind, Labels = [.. names.Select(n => new LabelOption(n))] } : null;
    }

    /// <summary>The labelling of the id, the newest one of the dataset, or a new one.</summary>
    private static async Task<LabellingSummary> FindOrBeginAsync(LandfallClient client, string given, LabelSchema? schema, int overlap, bool begins, CancellationToken cancellation)
    {
        var all = await client.GetLabellingsAsync(cancellation);
        if (all.FirstOrDefault(l => l.Id == given) is { } known)
        {
            return known;
        }

        var dataset = await DatasetNames.FindAsync(client, given, cancellation);
        if (schema is null && all.FirstOrDefault(l => l.Dataset == dataset.Name && l.Done < l.Rows) is { } open)
        {
            return open;
        }

        return begins
            ? await client.BeginLabellingAsync(new LabellingRequest { Dataset = dataset.Name, Version = dataset.Version, Schema = schema, Overlap = overlap }, cancellation)
            : all.FirstOrDefault(l => l.Dataset == dataset.Name) ?? throw new CommandException(ExitCodes.Usage, $"{given}: nothing of it was labelled yet.");
    }

    private static async Task LabelAsync(CommandContext context, LandfallClient client, LabellingSummary labelling, string? annotator, CancellationToken cancellation)
    {
        ShowKeys(context, labelling.Schema);
        while (await client.ClaimRowAsync(labelling.Id, annotator, cancellation) is { Item: { } item } claim)
        {
            context.Say();
            context.Say($"[{claim.Remaining} left] {PlainText.Clean(item.Text)}");
            if (!await AnswerAsync(context, client, labelling, item, annotator, cancellation))
            {
                return;
            }
        }

        context.Say("Nothing is left to label.");
    }

    /// <returns>False when the annotator has had enough.</returns>
    private static async Task<bool> AnswerAsync(CommandContext context, LandfallClient client, LabellingSummary labelling, LabellingItem item, string? annotator, CancellationToken cancellation)
    {
        while (true)
        {
            var line = (await context.Console.In.ReadLineAsync(cancellation))?.Trim();
            if (line is null or "q")
            {
                return false;
            }

            if (RequestOf(labelling.Schema, line, item.Row, annotator) is not { } request)
            {
                context.Say("No such key.");
                ShowKeys(context, labelling.Schema);
                continue;
            }

            try
            {
                await client.LabelRowAsync(labelling.Id, request, cancellation);
                return true;
            }
            catch (LandfallApiException error) when (error.Code is ErrorCodes.BadRequest or ErrorCodes.Conflict)
            {
                context.Say(error.Message);
                if (error.Code == ErrorCodes.Conflict && request.Action != LabelAction.Undo)
                {
                    return true;
                }
            }
        }
    }

    private static LabelRequest? RequestOf(LabelSchema schema, string line, int row, string? annotator)
    {
        LabelAction? action = line switch { "s" => LabelAction.Skip, "?" => LabelAction.Unsure, "u" => LabelAction.Undo, _ => null };
        if (action is { } known)
        {
            return new LabelRequest { Action = known, Row = row, Annotator = annotator };
        }

        if (line.Length == 0)
        {
            return null;
        }

        if (schema.Kind is LabelKind.Text or LabelKind.Json)
        {
            return new LabelRequest { Row = row, Values = [line], Annotator = annotator };
        }

        var parts = schema.Kind == LabelKind.Multiple ? line.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries) : [line];
        var values = parts.Select(p => schema.Labels.FirstOrDefault(l => l.Key == p || l.Name == p)?.Name).ToList();
        return values.Contains(null) ? null : new LabelRequest { Row = row, Values = [.. values.OfType<string>()], Annotator = annotator };
    }

    private static void ShowKeys(CommandContext context, LabelSchema schema)
    {
        if (schema.Labels.Count > 0)
        {
            context.Say(string.Join("  ", schema.Labels.Select(l => $"{l.Key ?? "-"} {l.Name}")));
        }

        context.Say("s skip  ? unsure  u undo  q end" + (schema.Kind == LabelKind.Multiple ? "; several keys separated by blanks" : ""));
    }

    private static void ShowProgress(CommandContext context, LabellingSummary labelling)
    {
        context.Say($"Labelling {labelling.Id}: {labelling.Done} of {labelling.Rows} rows done, {labelling.Disagreements} disagreements");
        foreach (var one in labelling.Annotators)
        {
            context.Say($"{one.Annotator}: {one.Labels} labels, {one.Skips} skipped, {one.Unsure} unsure");
        }

        foreach (var value in labelling.Agreement.Where(a => a.Value is not null))
        {
            context.Say(string.Create(CultureInfo.InvariantCulture, $"{value.Name}{(value.Between is null ? "" : $" ({value.Between})")}: {value.Value:0.000}{(value.Low is null ? "" : $" ({value.Low:0.000} to {value.High:0.000})")} on {value.Items} rows"));
        }
    }
}
