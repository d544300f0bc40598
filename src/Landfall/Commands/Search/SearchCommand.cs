using System.CommandLine;
using Landfall.Commands.Briefs;
using Landfall.Commands.Land;
using Landfall.Commands.Runs;
using Landfall.Protocol.Runs;
using Landfall.Protocol.Search;

namespace Landfall.Commands.Search;

/// <summary><c>landfall search</c>: the settings of a technique that are best on validation rows.</summary>
internal static class SearchCommand
{
    public static Command Create(CommandRunner runner)
    {
        var folder = new Argument<string>("folder") { Description = "The app's folder (with a brief.yaml), or a brief" };
        var technique = new Option<string?>("--technique") { Description = "Search for this technique's settings (default: every search of the brief, or every technique that has ranges of its own)", HelpName = "name" };
        var trials = new Option<int?>("--trials") { Description = "How many combinations of settings to try, in place of the brief's (default: 30)", HelpName = "n" };
        var method = new Option<string?>("--method") { Description = "How to choose what to try next, in place of the brief's: tpe (the default), random, asha, asha-tpe", HelpName = "name" };
        var seed = new Option<int?>("--seed") { Description = "The search's seed, in place of the brief's (default: 1)", HelpName = "n" };
        var command = new Command("search", "Search for a technique's settings on validation data") { folder, technique, trials, method, seed };
        return runner.Handle(command, async (context, arguments, cancellation) =>
        {
            var target = LandTarget.Find(arguments.GetRequiredValue(folder));
            if (target.IsData)
            {
                throw new CommandException(ExitCodes.Usage, $"{target.Path}: a search needs a brief. `landfall land {target.Path}` drafts one from the data.");
            }

            var session = await context.ConnectAsync(cancellation);
            await using (session)
            {
                var brief = await new BriefLoader(context, session.Client).LoadAsync(target, keepDraft: false, DraftEditing.None, cancellation);
                BriefProblems.Write(context.Console.Error, brief.Display, brief.Check.Problems);
                if (!brief.Check.IsValid)
                {
                    context.Complain($"{brief.Display}: {BriefProblems.Count(brief.Check.Problems)}; nothing was run.");
                    return BriefProblems.ExitCode(brief.Check.Problems);
                }

                var request = new SearchRequest
                {
                    Brief = brief.Source,
                    Technique = arguments.GetValue(technique),
                    Trials = arguments.GetValue(trials),
                    Method = arguments.GetValue(method),
                    Seed = arguments.GetValue(seed),
                };
                return await SearchAllAsync(context, session, request, cancellation);
            }
        });
    }

    private static async Task<int> SearchAllAsync(CommandContext context, IServerSession session, SearchRequest request, CancellationToken cancellation)
    {
        var plans = await session.Client.PlanSearchesAsync(request, cancellation);
        foreach (var warning in plans.Warnings)
        {
            context.Complain($"warning: {warning}");
        }

        var worst = ExitCodes.Ok;
        foreach (var plan in plans.Searches)
        {
            var (exitCode, result) = await SearchOneAsync(context, session, request with { Technique = plan.Technique }, plan, cancellation);
            worst = worst == ExitCodes.Ok ? exitCode : worst;
            if (context.Json && result is not null)
            {
                context.WriteJson(result, json => json.SearchResult);
            }
        }

        return worst;
    }

    private static async Task<(int ExitCode, SearchResult? Result)> SearchOneAsync(
        CommandContext context, IServerSession session, SearchRequest request, SearchPlan plan, CancellationToken cancellation)
    {
        var accepted = await session.Client.SearchAsync(request, cancellation);
        context.Say($"Run {accepted.Id}: {accepted.Title}");
        context.Say(SearchView.Describe(plan));
        var run = await new RunWatch(context, session).ToEndAsync(accepted.Id, allLogLines: false, cancellation);
        if (run.State != RunState.Completed)
        {
            context.Complain(RunFollower.DescribeEnd(run));
            return (RunFollower.ExitCodeOf(run.State), null);
        }

        var detail = await session.Client.GetSearchAsync(run.Id, cancellation);
        var result = detail.Result ?? throw new CommandException(ExitCodes.Unexpected, $"Run {run.Id} is completed but has no result. Its journal: `landfall runs show {run.Id}`.");
        SearchView.Show(context, result);
        return (result.Best is null ? ExitCodes.RunFailed : ExitCodes.Ok, result);
    }
}
