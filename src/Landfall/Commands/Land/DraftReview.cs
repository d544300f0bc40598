using System.Diagnostics;
using System.Text;
using Landfall.Commands.Briefs;
using Landfall.Commands.Files;
using Landfall.Protocol;
using Landfall.Protocol.Briefs;

namespace Landfall.Commands.Land;

/// <summary>Whether a drafted brief is shown to people before it is landed.</summary>
internal enum DraftEditing
{
    /// <summary>It is landed as it is.</summary>
    None,

    /// <summary>They are asked.</summary>
    Ask,

    /// <summary>It is opened in their editor.</summary>
    Edit,
}

/// <summary>Lets people edit a drafted brief until it has no errors, or stop. Nothing of it is kept before.</summary>
internal sealed class DraftReview(CommandContext context, LandfallClient client)
{
    /// <returns>The text to land.</returns>
    /// <exception cref="CommandException">They stopped, or the editor cannot be started.</exception>
    public async Task<string> ReviewAsync(BriefDraft draft, DraftEditing editing, CancellationToken cancellation)
    {
        var text = draft.Text;
        if (editing == DraftEditing.Ask)
        {
            var answer = await AskAsync("Land it so (Enter), edit it first (e), or stop (q)?", cancellation);
            editing = answer is "e" or "edit" ? DraftEditing.Edit : answer.Length == 0 || answer is "y" or "yes" ? DraftEditing.None : throw Stopped();
        }

        while (editing == DraftEditing.Edit)
        {
            text = await EditAsync(text, cancellation);
            var check = await client.CheckBriefAsync(new BriefSource { Text = text, Files = draft.Files }, cancellation);
            BriefProblems.Write(context.Console.Error, BriefFile.Name, check.Problems);
            if (check.IsValid)
            {
                return text;
            }

            context.Complain($"{BriefFile.Name}: {BriefProblems.Count(check.Problems)}.");
            if (!context.Console.CanAsk)
            {
                throw new CommandException(BriefProblems.ExitCode(check.Problems), "The edited brief has errors; nothing was written and nothing was run.");
            }

            if (await AskAsync("Go on editing (Enter), or stop (q)?", cancellation) is not ("" or "e" or "edit"))
            {
                throw Stopped();
            }
        }

        return text;
    }

    private static CommandException Stopped() => new(ExitCodes.Usage, "Stopped: nothing was written and nothing was run.");

    private async Task<string> AskAsync(string question, CancellationToken cancellation)
    {
        context.Console.Out.Write(question + " ");
        context.Console.Out.Flush();

        // A terminal's ReadLine knows no cancellation: Ctrl-C leaves the read behind.
        return (await Task.Run(context.Console.In.ReadLine, cancellation).WaitAsync(cancellation) ?? "q").Trim().ToLowerInvariant();
    }

    private static async Task<string> EditAsync(string text, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("landfall-draft-");
        try
        {
            var path = Path.Combine(folder.FullName, BriefFile.Name);
            await File.WriteAllTextAsync(path, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), cancellation);
            await RunEditorAsync(path, cancellation);
            return await BriefFile.ReadAsync(path, cancellation);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task RunEditorAsync(string path, CancellationToken cancellation)
    {
        var editor = new[] { "VISUAL", "EDITOR" }.Select(Environment.GetEnvironmentVariable).FirstOrDefault(e => !string.IsNullOrWhiteSpace(e))
            ?? (OperatingSystem.IsWindows() ? "notepad" : "vi");

        // The variable may hold options, as in "code --wait": a shell takes it apart, and gets the path as an argument of its own.
        var start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo("cmd.exe") { ArgumentList = { "/c", $"{editor} \"{path}\"" } }
            : new ProcessStartInfo("/bin/sh") { ArgumentList = { "-c", editor + " \"$1\"", "sh", path } };
        using var process = Process.Start(start) ?? throw new CommandException(ExitCodes.Usage, $"The editor '{editor}' cannot be started. Set VISUAL or EDITOR.");
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode != 0)
        {
            throw new CommandException(ExitCodes.Usage, $"The editor '{editor}' ended with {process.ExitCode}; nothing was written and nothing was run. Set VISUAL or EDITOR to another one.");
        }
    }
}
