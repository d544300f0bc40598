using System.CommandLine;
using System.Text;
using System.Text.Json;
using Landfall.Commands.Datasets;
using Landfall.Commands.Files;
using Landfall.Protocol;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Models;
using Landfall.Protocol.Runs;

namespace Landfall.Commands.Models;

/// <summary><c>landfall model import</c>: a GGUF file or a Hugging Face folder becomes a model.</summary>
internal static class ModelImportCommand
{
    private const int LongestName = 64;

    public static Command Create(CommandRunner runner)
    {
        var path = new Argument<string>("path") { Description = "A .gguf file, or a folder with config.json, .safetensors and tokenizer.json" };
        var name = new Option<string?>("--name") { Description = "The model's name (default: the file's or folder's, in lower case)", HelpName = "name" };
        var upload = new Option<bool>("--upload") { Description = "Send the files, where the server cannot read the path itself" };
        var forModel = new Option<string?>("--base") { Description = "The path is an adapter (a PEFT folder or a .gguf file) for this model; it is called <base>:<name>", HelpName = "model" };
        return runner.Handle(new Command("import", "Import a GGUF file or a Hugging Face folder, or an adapter") { path, name, forModel, upload }, async (context, arguments, cancellation) =>
        {
            var full = Path.GetFullPath(arguments.GetRequiredValue(path));
            if (!File.Exists(full) && !Directory.Exists(full))
            {
                throw new CommandException(ExitCodes.Usage, $"{arguments.GetRequiredValue(path)}: there is no such file or folder.");
            }

            var chosen = arguments.GetValue(name) ?? NameOf(full);
            var session = await context.ConnectAsync(cancellation);
            await using (session)
            {
                var accepted = await StartAsync(context, session.Client, new ImportModelPathRequest { Name = chosen, Path = full, Base = arguments.GetValue(forModel) }, arguments.GetValue(upload), cancellation);
                var (model, exitCode) = await RunResults.OfAsync(context, session, accepted, LandfallJsonContext.Default.ModelSummary, cancellation);
                if (model is null)
                {
                    return exitCode;
                }

                if (model.CreatedAt < accepted.CreatedAt)
                {
                    context.Say($"{model.Name} is there already, with the same content.");
                }

                return Report(context, model);
            }
        });
    }

    /// <summary>Says what was made.</summary>
    internal static int Report(CommandContext context, ModelSummary model)
    {
        context.Say(ModelCommands.Describe(model));
        if (context.Json)
        {
            context.WriteJson(model, json => json.ModelSummary);
        }
        else
        {
            context.Say(model.Use == ModelUse.Chat ? $"Chat with it: landfall model run {model.Name}" : "It makes embeddings: POST /v1/embeddings");
        }

        return ExitCodes.Ok;
    }

    /// <summary>The server's own machine reads the path; who may not have it do so sends the files.</summary>
    private static async Task<RunSummary> StartAsync(CommandContext context, LandfallClient client, ImportModelPathRequest request, bool upload, CancellationToken cancellation)
    {
        if (!upload)
        {
            try
            {
                return await client.ImportModelPathAsync(request, cancellation);
            }
            catch (LandfallApiException refused) when (refused.Code == ErrorCodes.Forbidden)
            {
                context.Say("Only an owner may have the server read a path: the files are sent.");
            }
        }

        var uploader = new BlobUploader(client, new TransferProgress(context));
        var files = new List<UploadedModelFile>();
        foreach (var (label, file) in FilesOf(request.Path, request.Base is not null))
        {
            files.Add(new UploadedModelFile(label, (await uploader.UploadAsync(file, label, cancellation)).Sha256!));
        }

        return await client.ImportModelAsync(new ImportModelRequest { Name = request.Name, Files = files, Base = request.Base }, cancellation);
    }

    /// <summary>A GGUF file, or of a folder what belongs to a model; whether they are one, the server says.</summary>
    private static List<(string Name, string Path)> FilesOf(string path, bool isAdapter)
    {
        if (File.Exists(path))
        {
            return [(Path.GetFileName(path), path)];
        }

        if (isAdapter)
        {
            return [.. Directory.EnumerateFiles(path).Select(f => Path.GetFileName(f)).Where(ModelFolderFiles.BelongsToAdapter).Order(StringComparer.Ordinal).Select(n => (n, Path.Combine(path, n)))];
        }

        var weights = WeightsOf(path);
        var names = Directory.EnumerateFiles(path).Select(f => Path.GetFileName(f)).Where(n => ModelFolderFiles.Belongs(n) || weights.Contains(n)).Order(StringComparer.Ordinal);
        return
        [
            .. names.Select(n => (n, Path.Combine(path, n))),
            .. new[] { ModelFolderFiles.Pooling }.Where(n => File.Exists(Path.Combine(path, n))).Select(n => (n, Path.Combine(path, n))),
        ];
    }

    private static HashSet<string> WeightsOf(string folder)
    {
        var index = Path.Combine(folder, ModelFolderFiles.Index);
        if (!File.Exists(index))
        {
            return [ModelFolderFiles.Weights];
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(index));
            return [.. document.RootElement.GetProperty("weight_map").EnumerateObject().Select(e => e.Value.GetString() ?? "")];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new CommandException(ExitCodes.ModelInvalid, $"{index} is no index of weights: it needs a 'weight_map' of tensors to files.", error);
        }
    }

    /// <summary>The nearest name to a file's or folder's.</summary>
    internal static string NameOf(string path)
    {
        var text = File.Exists(path) ? Path.GetFileNameWithoutExtension(path) : Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
        var name = new StringBuilder();
        foreach (var c in text.ToLowerInvariant())
        {
            name.Append(char.IsAsciiLetterOrDigit(c) || c is '.' or '_' ? c : '-');
        }

        var trimmed = name.ToString().Trim('-', '.', '_');
        trimmed = trimmed.Length > LongestName ? trimmed[..LongestName] : trimmed;
        return trimmed.Length > 0 ? trimmed : throw new CommandException(ExitCodes.Usage, "The file's name makes no model's name: give one with --name.");
    }
}
