using System.CommandLine;
using System.Globalization;
using Landfall.Protocol.Prompts;

namespace Landfall.Commands.Prompts;

/// <summary><c>landfall prompts</c>: the prompt registry.</summary>
internal static class PromptCommands
{
    public static Command Create(CommandRunner runner) => new("prompts", "Prompts: versions, labels, differences, history")
    {
        List(runner),
        Show(runner),
        Add(runner),
        Diff(runner),
        Label(runner),
        History(runner),
    };

    private static Argument<string> Name() => new("name") { Description = "The prompt's name" };

    private static Command List(CommandRunner runner) => runner.Handle(new Command("list", "All prompts with their labels"), async (context, _, cancellation) =>
    {
        var session = await context.ConnectAsync(cancellation);
        await using (session)
        {
            var prompts = await session.Client.GetPromptsAsync(cancellation);
            if (context.Json)
            {
                context.WriteJson(prompts, json => json.IReadOnlyListPromptSummary);
                return ExitCodes.Ok;
            }

            foreach (var prompt in prompts)
            {
                var labels = string.Join(", ", prompt.Labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key} on {l.Value}"));
                context.Say($"{prompt.Newest.Name}: version {prompt.Newest.Number} ({prompt.Newest.Hash}){(labels.Length == 0 ? "" : $"; {labels}")}");
            }

            return ExitCodes.Ok;
        }
    });

    private static Command Show(CommandRunner runner)
    {
        var name = Name();
        var version = new Option<string?>("--prompt-version") { Description = "A number, a hash or a label (default: the newest)", HelpName = "version" };
        return runner.Handle(new Command("show", "A version's text") { name, version }, async (context, arguments, cancellation) =>
        {
            var session = await context.ConnectAsync(cancellation);
            await using (session)
            {
                var prompt = await session.Client.GetPromptAsync(arguments.GetRequiredValue(name), cancellation);
                var wanted = arguments.GetValue(version);
                var found = wanted is null ? prompt.Versions[0] : prompt.Versions.FirstOrDefault(v => v.Labels.Contains(wanted) || v.Hash == wanted)
                    ?? prompt.Versions.FirstOrDefault(v => v.Number.ToString(CultureInfo.InvariantCulture) == wanted)
                    ?? throw new CommandException(ExitCodes.Usage, $"The prompt '{prompt.Name}' has no version '{wanted}'. `landfall prompts history {prompt.Name}` shows its versions.");
                if (context.Json)
                {
                    context.WriteJson(found, json => json.PromptVersion);
                    return ExitCodes.Ok;
                }

                context.Say(found.Text);
                return ExitCodes.Ok;
            }
        });
    }

    private static Command Add(CommandRunner runner)
    {
        var name = Name();
        var file = new Argument<string>("file") { Description = "A text file; variables are written {{name}}" };
        var note = new Option<string?>("--note") { Description = "What is new", HelpName = "text" };
        var label = new Option<string?>("--label") { Description = "Move this label to the version as well", HelpName = "label" };
        return runner.Handle(new Command("add", "Add a version from a file") { name, file, note, label }, async (context, arguments, cancellation) =>
        {
            var path = arguments.GetRequiredValue(file);
            if (!File.Exists(path))
            {
                throw new CommandException(ExitCodes.Usage, $"There is no file {path}.");
            }

            var session = await context.ConnectAsync(cancellation);
            await using (session)
            {
                var request = new AddPromptRequest(await File.ReadAllTextAsync(path, cancellation), arguments.GetValue(note));
                var added = await session.Client.AddPromptAsync(arguments.GetRequiredValue(name), request, cancellation);
                if (arguments.GetValue(label) is { } wanted)
                {
                    added = await session.Client.LabelPromptAsync(added.Name, wanted, added.Hash, cancellation);
                }

                return Report(context, added);
            }
        });
    }

    private static Command Diff(CommandRunner runner)
    {
        var name = Name();
        var from = new Argument<string>("from") { Description = "A number, a hash or a label" };
        var to = new Argument<string>("to") { Description = "A number, a hash or a label" };
        return runner.Handle(new Command("diff", "What changed between two versions") { name, from, to }, async (context, arguments, cancellation) =>
        {
            var session = await context.ConnectAsync(cancellation);
            await using (session)
            {
                var diff = await session.Client.DiffPromptAsync(arguments.GetRequiredValue(name), arguments.GetRequiredValue(from), arguments.GetRequiredValue(to), cancellation);
                if (context.Json)
                {
                    context.WriteJson(diff, json => json.PromptDiff);
                    return ExitCodes.Ok;
                }

                foreach (var line in diff.Lines)
                {
                    context.Say($"{line.Change switch { LineChange.Added => '+', LineChange.Removed => '-', _ => ' ' }} {line.Text}");
                }

                return ExitCodes.Ok;
            }
        });
    }

    private static Command Label(CommandRunner runner)
    {
        var name = Name();
        var label = new Argument<string>("label") { Description = "Such as production" };
        var version = new Argument<string>("version") { Description = "A number, a hash or another label" };
        return runner.Handle(new Command("label", "Move a label to a version") { name, label, version }, async (context, arguments, cancellation) =>
        {
            var session = await context.ConnectAsync(cancellation);
            await using (session)
            {
                return Report(context, await session.Client.LabelPromptAsync(
                    arguments.GetRequiredValue(name), arguments.GetRequiredValue(label), arguments.GetRequiredValue(version), cancellation));
            }
        });
    }

    private static Command History(CommandRunner runner)
    {
        var name = Name();
        return runner.Handle(new Command("history", "Who added versions and moved labels, and when") { name }, async (context, arguments, cancellation) =>
        {
            var session = await context.ConnectAsync(cancellation);
            await using (session)
            {
                var prompt = await session.Client.GetPromptAsync(arguments.GetRequiredValue(name), cancellation);
                if (context.Json)
                {
                    context.WriteJson(prompt, json => json.PromptDetail);
                    return ExitCodes.Ok;
                }

                foreach (var happened in prompt.History)
                {
                    var what = happened.Label is { } label ? $"{label} moved {(happened.Before is { } before ? $"from {before} " : "")}to {happened.Hash}" : $"{happened.Hash} added";
                    context.Say($"{happened.At.ToString("u", CultureInfo.InvariantCulture)}  {happened.By}: {what}");
                }

                return ExitCodes.Ok;
            }
        });
    }

    private static int Report(CommandContext context, PromptVersion version)
    {
        context.Say($"{version.Name}: version {version.Number} ({version.Hash}){(version.Labels.Count == 0 ? "" : $", {string.Join(", ", version.Labels)}")}");
        if (context.Json)
        {
            context.WriteJson(version, json => json.PromptVersion);
        }

        return ExitCodes.Ok;
    }
}
