using System.CommandLine;
using Landfall.Commands.Files;
using Landfall.Commands.Land;

namespace Landfall.Commands.Briefs;

/// <summary><c>landfall brief</c>: check, write and describe briefs.</summary>
internal static class BriefCommands
{
    public static Command Create(CommandRunner runner) => new("brief", "Check a brief, write one, or see what may stand in it")
    {
        Check(runner),
        New(runner),
        runner.Handle(new Command("schema", "The JSON schema of brief.yaml, for editors"), async (context, _, cancellation) =>
        {
            var session = await context.ConnectAsync(cancellation);
            await using (session)
            {
                context.WriteMachine(await session.Client.GetBriefSchemaAsync(cancellation));
                return ExitCodes.Ok;
            }
        }),
        Templates(runner),
    };

    private static Command Check(CommandRunner runner)
    {
        var path = new Argument<string>("folder-or-file") { Description = "The app's folder or its brief", DefaultValueFactory = _ => "." };
        return runner.Handle(new Command("check", "Print every problem of a brief and its data") { path }, async (context, arguments, cancellation) =>
        {
            var target = LandTarget.Find(arguments.GetRequiredValue(path));
            if (target.IsData)
            {
                throw new CommandException(ExitCodes.Usage, $"{target.Path} is a data file. `landfall dataset preview` shows what is understood of it, `landfall land` drafts a brief from it.");
            }

            var session = await context.ConnectAsync(cancellation);
            await using (session)
            {
                var text = await BriefFile.ReadAsync(target.Path, cancellation);
                var (_, answer) = await new BriefChecker(context, session.Client).CheckAsync(text, new AppFolder(target.Folder), cancellation);
                BriefProblems.Write(context.Json ? context.Console.Error : context.Console.Out, target.Path, answer.Problems);
                context.Say($"{target.Path}: {BriefProblems.Count(answer.Problems)}");
                if (context.Json)
                {
                    context.WriteJson(answer, json => json.BriefCheckResponse);
                }

                return BriefProblems.ExitCode(answer.Problems);
            }
        });
    }

    private static Command New(CommandRunner runner)
    {
        var folder = new Argument<string>("folder") { Description = "The app's folder; made when it is not there", DefaultValueFactory = _ => "." };
        return runner.Handle(new Command("new", "Write a brief by answering questions") { folder }, async (context, arguments, cancellation) =>
        {
            var given = arguments.GetRequiredValue(folder);
            var path = Path.Combine(Path.GetFullPath(given), BriefFile.Name);
            if (Path.Exists(path))
            {
                throw new CommandException(ExitCodes.Usage, $"{path} exists already and is not overwritten. `landfall brief check {given}` checks it.");
            }

            if (!context.Console.CanAsk)
            {
                throw new CommandException(ExitCodes.Usage, "`brief new` asks questions and needs a terminal. `landfall brief templates label > brief.yaml` writes a brief to start from.");
            }

            var session = await context.ConnectAsync(cancellation);
            await using (session)
            {
                var templates = await session.Client.GetBriefTemplatesAsync(cancellation);
                var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(given)));
                var text = await new BriefQuestions(context, templates).AskAsync(name, cancellation);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await WriteNewAsync(path, text, cancellation);
                context.Say($"Wrote {path}.");
                var (_, answer) = await new BriefChecker(context, session.Client).CheckAsync(text, new AppFolder(Path.GetDirectoryName(path)!), cancellation);
                BriefProblems.Write(context.Console.Out, path, answer.Problems);
                context.Say($"When the data is in place: landfall land {given}");
                return ExitCodes.Ok;
            }
        });
    }

    private static Command Templates(CommandRunner runner)
    {
        var name = new Argument<string?>("name") { Description = "Print this template", Arity = ArgumentArity.ZeroOrOne };
        return runner.Handle(new Command("templates", "Starting points for a brief") { name }, async (context, arguments, cancellation) =>
        {
            var session = await context.ConnectAsync(cancellation);
            await using (session)
            {
                var templates = await session.Client.GetBriefTemplatesAsync(cancellation);
                if (arguments.GetValue(name) is { } wanted)
                {
                    var template = templates.FirstOrDefault(t => string.Equals(t.Name, wanted, StringComparison.OrdinalIgnoreCase))
                        ?? throw new CommandException(ExitCodes.Usage, $"There is no template \"{wanted}\"; there are {string.Join(", ", templates.Select(t => t.Name))}.");
                    if (context.Json)
                    {
                        context.WriteJson(template, json => json.BriefTemplate);
                    }
                    else
                    {
                        context.WriteMachine(template.Text);
                    }
                }
                else if (context.Json)
                {
                    context.WriteJson(templates, json => json.IReadOnlyListBriefTemplate);
                }
                else
                {
                    var table = Tables.Create(context.People, "template!", "when to take it");
                    templates.ToList().ForEach(t => table.Add(t.Name, t.Description));
                    context.Show(table);
                }

                return ExitCodes.Ok;
            }
        });
    }

    /// <summary>Never over a file that appeared while the questions were asked.</summary>
    private static async Task WriteNewAsync(string path, string text, CancellationToken cancellation)
    {
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        await using (file)
        {
            await file.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text), cancellation);
        }
    }
}
