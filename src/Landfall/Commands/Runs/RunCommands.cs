using System.CommandLine;
using System.Globalization;
using Landfall.Commands.Search;
using Landfall.Protocol;
using Landfall.Protocol.Runs;

namespace Landfall.Commands.Runs;

/// <summary><c>landfall runs</c>: the same for every kind of long work.</summary>
internal static class RunCommands
{
    public static Command Create(CommandRunner runner) => new("runs", "List, show, follow, cancel and resume runs")
    {
        List(runner),
        OfRun(runner, "show", "A run with its journal and log", ShowAsync),
        OfRun(runner, "follow", "Follow a run's progress and log to its end", FollowAsync),
        OfRun(runner, "cancel", "Stop a run at its next step", async (context, session, id, cancellation) =>
        {
            var run = await session.Client.CancelRunAsync(id, cancellation);
            context.Say(run.State == RunState.Cancelled ? $"Run {run.Id} is cancelled." : $"Run {run.Id} ({RunText.State(run.State)}) stops at its next step.");
            Answer(context, run);
            return ExitCodes.Ok;
        }),
        OfRun(runner, "resume", "Go on with a failed or cancelled run", ResumeAsync),
    };

    private static Command List(CommandRunner runner) =>
        runner.Handle(new Command("list", "All runs, newest first"), async (context, _, cancellation) =>
        {
            var session = await context.ConnectAsync(cancellation);
            await using (session)
            {
                var runs = await session.Client.GetRunsAsync(cancellation);
                if (context.Json)
                {
                    context.WriteJson(runs, json => json.IReadOnlyListRunSummary);
                    return ExitCodes.Ok;
                }

                var table = Tables.Create(context.People, "run!", "state!", "title", "started!");
                foreach (var run in runs)
                {
                    table.Add(run.Id, RunText.State(run.State), PlainText.Cell(run.Title, 60), Figures.Time(run.CreatedAt, context.Clock));
                }

                context.Show(table);
                return ExitCodes.Ok;
            }
        });

    private static Command OfRun(
        CommandRunner runner, string name, string description, Func<CommandContext, IServerSession, string, CancellationToken, Task<int>> body)
    {
        var id = new Argument<string>("id") { Description = "The run's id, as `landfall runs list` shows it" };
        return runner.Handle(new Command(name, description) { id }, async (context, arguments, cancellation) =>
        {
            var session = await context.ConnectAsync(cancellation);
            await using (session)
            {
                return await body(context, session, arguments.GetRequiredValue(id), cancellation);
            }
        });
    }

    private static async Task<int> ShowAsync(CommandContext context, IServerSession session, string id, CancellationToken cancellation)
    {
        var detail = await session.Client.GetRunAsync(id, cancellation);
        if (context.Json)
        {
            context.WriteJson(detail, json => json.RunDetail);
            return ExitCodes.Ok;
        }

        var run = detail.Run;
        context.Say($"Run {run.Id}: {run.Kind}, {RunText.State(run.State)}");
        context.Say($"{run.Title}{(run.App is { } app ? $" (app {app})" : "")}");
        context.Say($"Started {Figures.Time(run.CreatedAt, context.Clock)}{(run.EndedAt is { } end ? $", ended {Figures.Time(end, context.Clock)}" : "")}; owners so far: {run.Epoch}");
        context.Say(run.Error is { } error ? $"error: {error}" : RunText.Progress(run.Progress));
        var table = Tables.Create(context.People, ">seq!", ">owner!", "kind!", "step", "at!");
        foreach (var entry in detail.Journal)
        {
            table.Add(
                entry.Seq.ToString(CultureInfo.InvariantCulture),
                entry.Epoch.ToString(CultureInfo.InvariantCulture),
                entry.Kind,
                PlainText.Cell(entry.Step),
                Figures.Time(entry.At, context.Clock));
        }

        context.Show(table);
        foreach (var line in await session.Client.GetRunLogAsync(id, cancellation))
        {
            context.Say($"{Figures.Time(line.At, context.Clock)} {line.Level}: {line.Message}");
        }

        if (run.Kind == "search" && (await session.Client.GetSearchAsync(id, cancellation)).Result is { } found)
        {
            SearchView.Show(context, found);
        }

        return ExitCodes.Ok;
    }

    private static async Task<int> FollowAsync(CommandContext context, IServerSession session, string id, CancellationToken cancellation)
    {
        if (!context.Json)
        {
            var ended = await new RunWatch(context, session).ToEndAsync(id, allLogLines: true, cancellation);
            return Conclude(context, ended);
        }

        try
        {
            var last = default(RunSummary);
            await foreach (var next in new RunFollower(session.Client, context.Clock).FollowAsync(id, cancellation))
            {
                context.WriteJsonLine(next, LandfallJsonContext.Default.RunEvent);
                last = next.Run ?? last;
            }

            return Conclude(context, last!);
        }
        catch (OperationCanceledException e) when (cancellation.IsCancellationRequested)
        {
            throw new CommandException(ExitCodes.Interrupted, new RunWatch(context, session).AfterInterrupt(id), e);
        }
    }

    /// <summary>A server that lives as long as this command must live as long as the run.</summary>
    private static async Task<int> ResumeAsync(CommandContext context, IServerSession session, string id, CancellationToken cancellation)
    {
        var run = await session.Client.ResumeRunAsync(id, cancellation);
        context.Say($"Run {run.Id} goes on.");
        if (!session.IsInProcess)
        {
            context.Say($"`landfall runs follow {run.Id}` shows how far it is.");
            Answer(context, run);
            return ExitCodes.Ok;
        }

        var ended = await new RunWatch(context, session).ToEndAsync(run.Id, allLogLines: true, cancellation);
        Answer(context, ended);
        return Conclude(context, ended);
    }

    private static int Conclude(CommandContext context, RunSummary run)
    {
        if (run.State == RunState.Completed)
        {
            context.Say($"Run {run.Id} is completed.");
        }
        else
        {
            context.Complain(RunFollower.DescribeEnd(run));
        }

        return RunFollower.ExitCodeOf(run.State);
    }

    private static void Answer(CommandContext context, RunSummary run)
    {
        if (context.Json)
        {
            context.WriteJson(run, json => json.RunSummary);
        }
    }
}
