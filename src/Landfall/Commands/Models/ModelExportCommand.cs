using System.CommandLine;
using Landfall.Commands.Datasets;
using Landfall.Commands.Files;
using Landfall.Protocol;
using Landfall.Protocol.Models;

namespace Landfall.Commands.Models;

/// <summary><c>landfall model export</c>: a model as files that other programs read.</summary>
internal static class ModelExportCommand
{
    public static Command Create(CommandRunner runner)
    {
        var name = ModelCommands.Name();
        var format = new Option<ModelFormat>("--format") { Description = "gguf (one file) or huggingface (a folder)", HelpName = "format" };
        var output = new Option<string>("--out") { Description = "The .gguf file, or the folder, to write", HelpName = "path", Required = true };
        return runner.Handle(new Command("export", "Write a model as a GGUF file or a Hugging Face folder") { name, format, output }, async (context, arguments, cancellation) =>
        {
            var path = Path.GetFullPath(arguments.GetRequiredValue(output));
            var wanted = arguments.GetValue(format);
            if (wanted == ModelFormat.Huggingface && Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
            {
                throw new CommandException(ExitCodes.Usage, $"{path} has files already. Give a folder that is empty or not there.");
            }

            var session = await context.ConnectAsync(cancellation);
            await using (session)
            {
                var accepted = await session.Client.ExportModelAsync(arguments.GetRequiredValue(name), new ExportModelRequest { Format = wanted }, cancellation);
                var (made, exitCode) = await RunResults.OfAsync(context, session, accepted, LandfallJsonContext.Default.ModelExport, cancellation);
                if (made is null)
                {
                    return exitCode;
                }

                await FetchAsync(context, session.Client, accepted.Id, made, path, cancellation);
                await session.Client.RemoveModelExportAsync(accepted.Id, cancellation);
                context.Say($"Wrote {path} ({Figures.Bytes(made.Files.Sum(f => f.Bytes))})");
                if (context.Json)
                {
                    context.WriteJson(made, json => json.ModelExport);
                }

                return ExitCodes.Ok;
            }
        });
    }

    private static async Task FetchAsync(CommandContext context, LandfallClient client, string run, ModelExport made, string path, CancellationToken cancellation)
    {
        foreach (var file in made.Files)
        {
            var target = made.Format == ModelFormat.Gguf ? path : Path.Combine(path, file.Name);
            var temporary = Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.tmp");
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                await new TransferProgress(context).RunAsync(file.Name, file.Bytes, async meter =>
                {
                    var written = File.Create(temporary);
                    await using (written)
                    {
                        var metered = new MeteredWriteStream(written, meter);
                        await client.GetModelExportAsync(run, file.Name, metered, cancellation);
                    }

                    return true;
                });
                File.Move(temporary, target, overwrite: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new CommandException(ExitCodes.Usage, $"{target} cannot be written: {e.Message}", e);
            }
            finally
            {
                File.Delete(temporary);
            }
        }
    }
}
