using System.CommandLine;
using Landfall.Commands.Briefs;
using Landfall.Commands.Runs;
using Landfall.Protocol;
using Landfall.Protocol.Landings;
using Landfall.Protocol.Runs;

namespace Landfall.Commands.Land;

/// <summary><c>landfall land</c>: from a brief, or a data file alone, to a report and a served release.</summary>
internal static class LandCommand
{
    public static Command Create(CommandRunner runner)
    {
        var options = new LandOptions();
        var command = new Command("land", "Land an app: check its brief, try techniques, measure, choose, serve") { options.Path };
        foreach (var option in options.All)
        {
            command.Add(option);
        }

        return runner.Handle(command, (context, arguments, cancellation) => RunAsync(context, arguments, options, cancellation));
    }

    private static async Task<int> RunAsync(CommandContext context, ParseResult arguments, LandOptions options, CancellationToken cancellation)
    {
        var target = LandTarget.Find(arguments.GetRequiredValue(options.Path));
        var plansOnly = arguments.GetValue(options.Plan);
        var session = await context.ConnectAsync(cancellation);
        await using (session)
        {
            var brief = await new BriefLoader(context, session.Client).LoadAsync(target, keepDraft: !plansOnly, Editing(context, arguments, options), cancellation);
            BriefProblems.Write(context.Console.Error, brief.Display, brief.Check.Problems);
            if (!brief.Check.IsValid)
            {
                context.Complain($"{brief.Display}: {BriefProblems.Count(brief.Check.Problems)}; nothing was run.");
                return BriefProblems.ExitCode(brief.Check.Problems);
            }

            var request = Request(arguments, options, brief);
            if (plansOnly)
            {
                return await PlanAsync(context, session.Client, request, cancellation);
            }

            var reports = new ReportFiles(arguments.GetValue(options.Out) is { } folder ? Path.GetFullPath(folder) : brief.ReportFolder);
            reports.EnsureWritable();
            var (exitCode, result) = await LandAsync(context, session, request, reports, cancellation);
            if (result is null)
            {
                return exitCode;
            }

            exitCode = arguments.GetValue(options.RequireMet) ? RequireMet(result) : exitCode;
            return arguments.GetValue(options.NoServe) ? exitCode : await new ReleaseServing(context, session).RunAsync(result.App, exitCode, cancellation);
        }
    }

    /// <summary>People at a terminal are asked, unless they said yes beforehand; others are not.</summary>
    private static DraftEditing Editing(CommandContext context, ParseResult arguments, LandOptions options)
    {
        var (edit, yes) = (arguments.GetValue(options.Edit), arguments.GetValue(options.Yes));
        return edit && yes
            ? throw new CommandException(ExitCodes.Usage, "--edit asks for an edited brief and --yes takes it as it is. Give one of them.")
            : edit ? DraftEditing.Edit : context.Console.CanAsk && !yes && !arguments.GetValue(options.Plan) ? DraftEditing.Ask : DraftEditing.None;
    }

    private static LandingRequest Request(ParseResult arguments, LandOptions options, BriefToLand brief) => new()
    {
        Brief = brief.Source,
        Origin = brief.Origin,
        Techniques = arguments.GetValue(options.Techniques) ?? [],
        BudgetSeconds = arguments.GetValue(options.Budget)?.TotalSeconds,
        AllowRegression = arguments.GetValue(options.AllowRegression),
        ReplaceOrigin = arguments.GetValue(options.TakeOver),
    };

    private static async Task<int> PlanAsync(CommandContext context, LandfallClient client, LandingRequest request, CancellationToken cancellation)
    {
        var plan = await client.PlanLandingAsync(request, cancellation);
        context.Say($"Plan for {plan.App}, within {Figures.Seconds(plan.BudgetSeconds)}:");
        context.Show(LadderTable.Plan(context.People, plan));
        if (context.Json)
        {
            context.WriteJson(plan, json => json.LandingPlan);
        }

        return ExitCodes.Ok;
    }

    private static async Task<(int ExitCode, LandingResult? Result)> LandAsync(
        CommandContext context, IServerSession session, LandingRequest request, ReportFiles reports, CancellationToken cancellation)
    {
        var client = session.Client;
        var accepted = await client.LandAsync(request, cancellation);
        context.Say($"Run {accepted.Id}: {accepted.Title}");
        var run = await new RunWatch(context, session).ToEndAsync(accepted.Id, allLogLines: false, cancellation);
        if (run.State != RunState.Completed)
        {
            context.Complain(RunFollower.DescribeEnd(run));
            return (RunFollower.ExitCodeOf(run.State), null);
        }

        var result = await ResultAsync(client, run.Id, cancellation);
        context.Say();
        context.Show(LadderTable.Create(context.People, result.Report.Candidates));
        foreach (var line in LandingSummary.Lines(result))
        {
            context.Say(line);
        }

        if (context.Json)
        {
            // First of all: a folder that cannot be written must not cost the machine its answer.
            context.WriteMachine(await client.GetReportAsync(result.App, "json", cancellation));
        }

        foreach (var path in await reports.WriteAsync(client, result.App, cancellation))
        {
            context.Say($"Wrote {path}");
        }

        return (ExitCodes.Ok, result);
    }

    private static async Task<LandingResult> ResultAsync(LandfallClient client, string run, CancellationToken cancellation)
    {
        var detail = await client.GetRunAsync(run, cancellation);
        return detail.Result is { } json && System.Text.Json.JsonSerializer.Deserialize(json, LandfallJsonContext.Default.LandingResult) is { } result
            ? result
            : throw new CommandException(ExitCodes.Unexpected, $"Run {run} is completed but has no result. Its journal: `landfall runs show {run}`.");
    }

    private static int RequireMet(LandingResult result) => result switch
    {
        { ReleaseHeldBack: not null } => ExitCodes.ReleaseHeldBack,
        { Report.Release.MeetsTargets: true } => ExitCodes.Ok,
        _ => ExitCodes.TargetsNotMet,
    };
}
