using System.CommandLine;
using Landfall.Commands.Land;
using Landfall.Commands.Runs;
using Landfall.Protocol.Apps;
using Landfall.Protocol.Reports;

namespace Landfall.Commands.Apps;

/// <summary><c>landfall apps</c> and <c>landfall try</c>.</summary>
internal static class AppCommands
{
    public static Command Create(CommandRunner runner) => new("apps", "List, show and compare apps")
    {
        List(runner),
        Show(runner),
        CompareCommand.Create(runner),
    };

    public static Command CreateTry(CommandRunner runner)
    {
        var app = new Argument<string>("app") { Description = "The app" };
        var text = new Argument<string[]>("text") { Description = "What a user would write", Arity = ArgumentArity.OneOrMore };
        return runner.Handle(new Command("try", "Ask an app's live release") { app, text }, async (context, arguments, cancellation) =>
        {
            var session = await context.ConnectAsync(cancellation);
            await using (session)
            {
                var answer = await session.Client.TryAsync(arguments.GetRequiredValue(app), string.Join(' ', arguments.GetRequiredValue(text)), cancellation);
                if (context.Json)
                {
                    context.WriteJson(answer, json => json.TryResponse);
                    return ExitCodes.Ok;
                }

                context.Say(answer.Answer);
                Explain(context, answer);
                return ExitCodes.Ok;
            }
        });
    }

    private static Command List(CommandRunner runner) =>
        runner.Handle(new Command("list", "All apps and how they stand to their targets"), async (context, _, cancellation) =>
        {
            var session = await context.ConnectAsync(cancellation);
            await using (session)
            {
                var apps = await session.Client.GetAppsAsync(cancellation);
                if (context.Json)
                {
                    context.WriteJson(apps, json => json.IReadOnlyListAppSummary);
                    return ExitCodes.Ok;
                }

                var table = Tables.Create(context.People, "app", "release", "targets", "last run!");
                foreach (var app in apps)
                {
                    table.Add(app.Name, app.Release?.Candidate ?? "none", app.Targets.Count == 0 ? "not measured" : Figures.Standing(app.Targets), app.LastRun is { } run ? RunText.State(run.State) : "none");
                }

                context.Show(table);
                return ExitCodes.Ok;
            }
        });

    private static Command Show(CommandRunner runner)
    {
        var name = new Argument<string>("name") { Description = "The app" };
        return runner.Handle(new Command("show", "An app: release, ladder, runs") { name }, async (context, arguments, cancellation) =>
        {
            var session = await context.ConnectAsync(cancellation);
            await using (session)
            {
                var detail = await session.Client.GetAppAsync(arguments.GetRequiredValue(name), cancellation);
                if (context.Json)
                {
                    context.WriteJson(detail, json => json.AppDetail);
                    return ExitCodes.Ok;
                }

                Describe(context, detail);
                return ExitCodes.Ok;
            }
        });
    }

    private static void Describe(CommandContext context, AppDetail detail)
    {
        context.Say($"{detail.App.Name}: {detail.App.Scenario}");
        context.Say(detail.App.Release is { } release
            ? $"Release: {release.Candidate} as model \"{release.Model}\"{(release.MeetsTargets ? ", meets every target" : ", does not meet every target")}"
            : "Release: none");
        if (detail.Report is { } report)
        {
            context.Show(LadderTable.Create(context.People, report.Candidates));
        }

        foreach (var run in detail.Runs)
        {
            context.Say($"{run.Id}  {RunText.State(run.State)}  {Figures.Time(run.CreatedAt, context.Clock)}");
        }
    }

    private static void Explain(CommandContext context, TryResponse answer)
    {
        var parts = new List<string>();
        if (answer.Confidence is { } confidence)
        {
            parts.Add($"confidence {Figures.Value("confidence", confidence)}");
        }

        parts.Add(Figures.Value("latency-ms", answer.Milliseconds) + " ms");
        parts.AddRange(answer.Alternatives.Select(a => $"{a.Label} {Figures.Value("confidence", a.Confidence)}"));

        // On standard error, so that `landfall try ... | next` gets the answer alone.
        context.Complain($"({string.Join(", ", parts)})");
    }
}
