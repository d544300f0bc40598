using System.CommandLine;

namespace Landfall.Commands.Datasets;

/// <summary><c>landfall dataset export</c>: a version as a file that others read.</summary>
internal static class DatasetExportCommand
{
    public static Command Create(CommandRunner runner)
    {
        var version = new Argument<string>("version") { Description = "A dataset's name, a version or its beginning" };
        var format = new Option<string>("--format") { Description = "jsonl, csv, openai, sharegpt, alpaca, preference, xlsx or parquet (default: by the ending of --out, else jsonl)", HelpName = "format" };
        var output = new Option<string?>("--out") { Description = "The file to write (default: standard output; xlsx and parquet need one)", HelpName = "file" };
        return runner.Handle(new Command("export", "Write a dataset version as a file") { version, format, output }, async (context, arguments, cancellation) =>
        {
            var path = arguments.GetValue(output) is { } given ? Path.GetFullPath(given) : null;
            var chosen = arguments.GetValue(format) ?? (Path.GetExtension(path)?.ToUpperInvariant() switch
            {
                ".CSV" => "csv",
                ".XLSX" => "xlsx",
                ".PARQUET" => "parquet",
                _ => "jsonl",
            });
            if (path is null && chosen is "xlsx" or "parquet")
            {
                throw new CommandException(ExitCodes.Usage, $"A {chosen} file is no text: name a file with --out.");
            }

            var session = await context.ConnectAsync(cancellation);
            await using (session)
            {
                var losses = path is null
                    ? await PrintAsync(context, session, arguments.GetRequiredValue(version), chosen, cancellation)
                    : await WriteAsync(session, arguments.GetRequiredValue(version), chosen, path, cancellation);
                foreach (var loss in losses)
                {
                    context.Complain($"warning: {loss}");
                }

                if (path is not null)
                {
                    context.Say($"Wrote {path} ({chosen})");
                }

                return ExitCodes.Ok;
            }
        });
    }

    private static async Task<IReadOnlyList<string>> PrintAsync(CommandContext context, IServerSession session, string version, string format, CancellationToken cancellation)
    {
        using var buffer = new MemoryStream();
        var losses = await session.Client.ExportDatasetAsync(version, format, buffer, cancellation);
        context.WriteMachine(System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
        return losses;
    }

    /// <summary>Under another name first: a file is the old one or the whole new one.</summary>
    private static async Task<IReadOnlyList<string>> WriteAsync(IServerSession session, string version, string format, string path, CancellationToken cancellation)
    {
        var temporary = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");
        try
        {
            IReadOnlyList<string> losses;
            var file = File.Create(temporary);
            await using (file)
            {
                losses = await session.Client.ExportDatasetAsync(version, format, file, cancellation);
            }

            File.Move(temporary, path, overwrite: true);
            return losses;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCodes.Usage, $"{path} cannot be written: {e.Message}", e);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
