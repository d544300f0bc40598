using Landfall.Commands.Land;
using Landfall.Protocol.Reports;
using Landfall.Protocol.Runs;
using Spectre.Console;

namespace Landfall.Commands.Runs;

/// <summary>Shows a run while it works.</summary>
internal interface IRunView
{
    /// <summary>Shows all events.</summary>
    /// <returns>The run as it ended.</returns>
    Task<RunSummary> ShowAsync(IAsyncEnumerable<RunEvent> events, CancellationToken cancellation);
}

/// <summary>Shows a run in lines, for files and pipes.</summary>
/// <param name="context">Where to.</param>
/// <param name="allLogLines">All log lines, or only warnings and errors.</param>
internal sealed class PlainRunView(CommandContext context, bool allLogLines) : IRunView
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    private string _shape = "";
    private long _shownAt;

    public async Task<RunSummary> ShowAsync(IAsyncEnumerable<RunEvent> events, CancellationToken cancellation)
    {
        RunSummary? run = null;
        await foreach (var next in events.WithCancellation(cancellation))
        {
            run = next.Run ?? run;
            if (Line(next) is { } line)
            {
                context.Say(line);
            }
        }

        return run ?? throw new CommandException(ExitCodes.ServerTrouble, "The server told nothing of the run.");
    }

    private string? Line(RunEvent next) => next switch
    {
        { Log: { } log } when allLogLines || log.Level != "info" => $"{log.Level}: {log.Message}",
        { Row: { } row } => LadderTable.Line(row),
        { Progress: { } progress } when IsNews(progress) => RunText.Progress(progress),
        _ => null,
    };

    /// <summary>Another kind of work is news at once, another number only now and then.</summary>
    private bool IsNews(RunProgress progress)
    {
        var shape = string.Concat(progress.Message.Where(c => !char.IsDigit(c)));
        if (shape == _shape && context.Clock.GetElapsedTime(_shownAt) < Quiet)
        {
            return false;
        }

        _shape = shape;
        _shownAt = context.Clock.GetTimestamp();
        return true;
    }
}

/// <summary>Shows a run in a display that redraws itself: progress, and the ladder as far as it is known.</summary>
/// <param name="context">Where to.</param>
/// <param name="allLogLines">All log lines, or only warnings and errors.</param>
internal sealed class LiveRunView(CommandContext context, bool allLogLines) : IRunView
{
    private readonly List<CandidateReport> _rows = [];

    public Task<RunSummary> ShowAsync(IAsyncEnumerable<RunEvent> events, CancellationToken cancellation) =>
        context.People.Live(new Text("")).AutoClear(enabled: true).Cropping(VerticalOverflowCropping.Top).StartAsync(async display =>
        {
            RunSummary? run = null;
            var progress = new RunProgress(Fraction: null, "waiting");
            await foreach (var next in events.WithCancellation(cancellation))
            {
                run = next.Run ?? run;
                progress = next.Progress ?? next.Run?.Progress ?? progress;
                if (next.Log is { } log && (allLogLines || log.Level != "info"))
                {
                    context.People.WriteLine(PlainText.Clean($"{log.Level}: {log.Message}"));
                }

                Take(next.Row);
                display.UpdateTarget(Draw(progress));
            }

            return run ?? throw new CommandException(ExitCodes.ServerTrouble, "The server told nothing of the run.");
        });

    private void Take(CandidateReport? row)
    {
        if (row is null)
        {
            return;
        }

        _rows.RemoveAll(r => r.Name == row.Name);
        _rows.Add(row);
    }

    private Rows Draw(RunProgress progress)
    {
        var status = new Text(PlainText.Cell(RunText.Progress(progress), context.People.Profile.Width - 4));
        return _rows.Count == 0 ? new Rows(status) : new Rows(LadderTable.Compact(context.People, _rows), status);
    }
}
