using System.CommandLine;
using System.Text.Json;
using Landfall.Commands.Files;
using Landfall.Commands.Runs;
using Landfall.Protocol;
using Landfall.Protocol.Datasets;
using Landfall.Protocol.Runs;

namespace Landfall.Commands.Datasets;

/// <summary><c>landfall dataset</c>: look at data files, import them, list what is there.</summary>
internal static class DatasetCommands
{
    public static Command Create(CommandRunner runner) => new("dataset", "Preview, import and read data")
    {
        Preview(runner),
        Import(runner),
        List(runner),
        Show(runner),
        DatasetDiffCommand.Create(runner),
        DatasetExportCommand.Create(runner),
        CleanCommand.Create(runner),
        SplitCommand.Create(runner),
        LabelCommand.Create(runner),
    };

    private static Command Preview(CommandRunner runner)
    {
        var path = new Argument<string>("file") { Description = "A .csv, .jsonl, .json, .xlsx or .parquet file" };
        var sheet = SheetOption();
        return runner.Handle(new Command("preview", "What an import would understand of a file") { path, sheet }, async (context, arguments, cancellation) =>
        {
            var file = Existing(arguments.GetRequiredValue(path));
            var session = await context.ConnectAsync(cancellation);
            await using (session)
            {
                var uploaded = await new BlobUploader(session.Client, new TransferProgress(context)).UploadAsync(file, file, cancellation);
                var preview = await session.Client.PreviewDatasetAsync(new PreviewRequest(Path.GetFileName(file), uploaded.Sha256!, arguments.GetValue(sheet)), cancellation);
                context.Say($"{file}: {preview.Format}, {preview.Encoding}{(preview.Delimiter is { } delimiter ? $", separated by {Name(delimiter)}" : "")}");
                if (preview.Sheet is not null)
                {
                    context.Say($"Sheet: {preview.Sheet}{(preview.Sheets is { Count: > 1 } sheets ? $" (of {string.Join(", ", sheets)}; --sheet takes another)" : "")}");
                }

                context.Say($"Input: {preview.TextField}; expected: {preview.ExpectedField}; further fields: {(preview.OtherFields.Count == 0 ? "none" : string.Join(", ", preview.OtherFields))}");
                ShowRows(context, preview.Rows);
                if (context.Json)
                {
                    context.WriteJson(preview, json => json.DatasetPreview);
                }

                return ExitCodes.Ok;
            }
        });
    }

    private static Command Import(CommandRunner runner)
    {
        var path = new Argument<string>("file") { Description = "A .csv, .jsonl, .json, .xlsx or .parquet file" };
        var name = new Option<string?>("--name") { Description = "The dataset's name (default: the file's)", HelpName = "name" };
        var sheet = SheetOption();
        return runner.Handle(new Command("import", "Import a file as a dataset version") { path, name, sheet }, async (context, arguments, cancellation) =>
        {
            var file = Existing(arguments.GetRequiredValue(path));
            var session = await context.ConnectAsync(cancellation);
            await using (session)
            {
                var uploaded = await new BlobUploader(session.Client, new TransferProgress(context)).UploadAsync(file, file, cancellation);
                var request = new ImportRequest(arguments.GetValue(name) ?? Path.GetFileNameWithoutExtension(file), Path.GetFileName(file), uploaded.Sha256!, arguments.GetValue(sheet));
                var accepted = await session.Client.ImportDatasetAsync(request, cancellation);
                var run = await new RunWatch(context, session).ToEndAsync(accepted.Id, allLogLines: false, cancellation);
                if (run.State != RunState.Completed)
                {
                    context.Complain(RunFollower.DescribeEnd(run));
                    return RunFollower.ExitCodeOf(run.State);
                }

                var detail = await session.Client.GetRunAsync(run.Id, cancellation);
                var dataset = detail.Result?.Deserialize(LandfallJsonContext.Default.DatasetSummary)
                    ?? throw new CommandException(ExitCodes.Unexpected, $"Run {run.Id} is completed but has no result. Its journal: `landfall runs show {run.Id}`.");
                context.Say($"{dataset.Name}: {dataset.Rows} rows, version {dataset.Version}");
                if (dataset.Skipped > 0)
                {
                    context.Say($"Passed over, because they hold no row (no input or no output, failed, or no generation): {dataset.Skipped}");
                }

                context.Say($"Exact duplicates: {dataset.ExactDuplicates}; rows in groups of near duplicates: {dataset.NearDuplicates}");
                if (context.Json)
                {
                    context.WriteJson(dataset, json => json.DatasetSummary);
                }

                return ExitCodes.Ok;
            }
        });
    }

    private static Command List(CommandRunner runner) =>
        runner.Handle(new Command("list", "All dataset versions, newest first"), async (context, _, cancellation) =>
        {
            var session = await context.ConnectAsync(cancellation);
            await using (session)
            {
                var datasets = await session.Client.GetDatasetsAsync(cancellation);
                if (context.Json)
                {
                    context.WriteJson(datasets, json => json.IReadOnlyListDatasetSummary);
                    return ExitCodes.Ok;
                }

                var table = Tables.Create(context.People, "dataset", "version!", ">rows!", "imported!");
                foreach (var dataset in datasets)
                {
                    table.Add(dataset.Name, Short(dataset.Version), Figures.Count(dataset.Rows), Figures.Time(dataset.CreatedAt, context.Clock));
                }

                context.Show(table);
                return ExitCodes.Ok;
            }
        });

    private static Command Show(CommandRunner runner)
    {
        var version = new Argument<string>("version") { Description = "A dataset's name (its newest version), a version, its beginning as `dataset list` shows it, or name@beginning" };
        var statistics = new Option<bool>("--statistics") { Description = "Labels, lengths, languages, duplicates and fields in place of rows" };
        var offset = new Option<long>("--offset") { Description = "Rows to pass over", HelpName = "rows" };
        var limit = new Option<int>("--limit") { Description = "At most this many rows (default 20, at most 500)", HelpName = "rows", DefaultValueFactory = _ => 20 };
        offset.Validators.Add(result => Check(result.GetValueOrDefault<long>() >= 0, result, "--offset counts rows from 0."));
        limit.Validators.Add(result => Check(result.GetValueOrDefault<int>() is >= 1 and <= 500, result, "--limit is 1 to 500 rows."));
        return runner.Handle(new Command("show", "Rows of a dataset version") { version, offset, limit, statistics }, async (context, arguments, cancellation) =>
        {
            var session = await context.ConnectAsync(cancellation);
            await using (session)
            {
                if (arguments.GetValue(statistics))
                {
                    var counted = await session.Client.GetDatasetStatisticsAsync(arguments.GetRequiredValue(version), cancellation);
                    StatisticsView.Show(context, counted);
                    if (context.Json)
                    {
                        context.WriteJson(counted, json => json.DatasetStatistics);
                    }

                    return ExitCodes.Ok;
                }

                var first = arguments.GetValue(offset);
                var page = await session.Client.GetRowsAsync(arguments.GetRequiredValue(version), first, arguments.GetValue(limit), cancellation);
                if (context.Json)
                {
                    context.WriteJson(page, json => json.DatasetPage);
                    return ExitCodes.Ok;
                }

                ShowRows(context, page.Rows);
                context.Say(page.Rows.Count == 0 ? $"No rows from {first} on; there are {page.Total}." : $"Rows {first + 1} to {first + page.Rows.Count} of {page.Total}");
                return ExitCodes.Ok;
            }
        });

        static void Check(bool holds, System.CommandLine.Parsing.OptionResult result, string message)
        {
            if (!holds)
            {
                result.AddError(message);
            }
        }
    }

    private static Option<string?> SheetOption() => new("--sheet") { Description = "With a workbook: the sheet (default: the first visible one with an input and an expected output)", HelpName = "name" };

    internal static void ShowRows(CommandContext context, IReadOnlyList<DatasetRow> rows)
    {
        var table = Tables.Create(context.People, "row!", "text", "expected");
        foreach (var row in rows)
        {
            table.Add(Short(row.Id, 8), PlainText.Cell(row.Text), PlainText.Cell(row.Expected, 60));
        }

        context.Show(table);
    }

    private static string Existing(string path) =>
        File.Exists(path) ? path : throw new CommandException(ExitCodes.Usage, $"{path}: there is no such file.");

    internal static string Short(string hash, int length = 12) => hash.Length <= length ? hash : hash[..length];

    private static string Name(string delimiter) => delimiter switch
    {
        "," => "comma",
        ";" => "semicolon",
        "\t" => "tab",
        _ => delimiter,
    };
}
