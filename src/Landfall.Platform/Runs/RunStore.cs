using System.Text.Json;
using Landfall.Platform.Access;
using Landfall.Platform.Storage;
using Landfall.Protocol.Runs;
using Microsoft.EntityFrameworkCore;

namespace Landfall.Platform.Runs;

/// <summary>The runs' table.</summary>
public sealed class RunStore(IDbContextFactory<LandfallDatabase> databases, RunFeed feed, TimeProvider time)
{
    /// <summary>
    /// The unfinished run of the same request, or a new one. A failed or cancelled run counts as unfinished: the same
    /// request again goes on with it.
    /// </summary>
    public async Task<RunSummary> JoinOrCreateAsync(string kind, string title, string? app, string requestKey, JsonElement input, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            // The same request twice at the same moment must not make two runs.
            var transaction = await database.BeginExclusiveAsync($"run/{requestKey}", cancellation).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                // What others stopped, or what failed them, is theirs or an operator's to go on with.
                var (completed, running, pending) = (RunJournal.JsonNamingPolicyName(RunState.Completed), RunJournal.JsonNamingPolicyName(RunState.Running), RunJournal.JsonNamingPolicyName(RunState.Pending));
                var (me, any) = (Caller.Current.Name, Caller.Current.Role >= Role.Operator);
                var unfinished = await database.Runs.AsNoTracking()
                    .Where(r => r.RequestKey == requestKey && r.State != completed && (any || r.StartedBy == me || r.State == running || r.State == pending))
                    .OrderByDescending(r => r.Id).FirstOrDefaultAsync(cancellation).ConfigureAwait(false);
                if (unfinished is not null)
                {
                    return ToSummary(unfinished);
                }

                var now = time.GetUtcNow();
                var run = new RunEntity
                {
                    Id = Guid.CreateVersion7(now).ToString("n"),
                    Kind = kind,
                    Title = title,
                    App = app,
                    RequestKey = requestKey,
                    InputJson = input.GetRawText(),
                    State = RunJournal.JsonNamingPolicyName(RunState.Pending),
                    Message = "waiting",
                    CreatedAt = now,
                };
                database.Runs.Add(run);
                await database.SaveChangesAsync(cancellation).ConfigureAwait(false);
                await transaction.CommitAsync(cancellation).ConfigureAwait(false);
                return ToSummary(run);
            }
        }
    }

    public async Task<IReadOnlyList<RunSummary>> ListAsync(string? app, int limit, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            var runs = await database.Runs.AsNoTracking().Where(r => app == null || r.App == app)
                .OrderByDescending(r => r.Id).Take(limit).ToListAsync(cancellation).ConfigureAwait(false);
            return [.. runs.Select(ToSummary)];
        }
    }

    public async Task<(RunSummary Summary, RunEntity Entity)?> FindAsync(string id, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            var run = await database.Runs.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id, cancellation).ConfigureAwait(false);
            return run is null ? null : (ToSummary(run), run);
        }
    }

    /// <summary>A run of whatever team, for the server's own work on it.</summary>
    public async Task<RunEntity?> FindOfAnyTeamAsync(string id, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            return await database.Runs.IgnoreQueryFilters().AsNoTracking().SingleOrDefaultAsync(r => r.Id == id, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>What the last completed run of a kind was asked to do for an app.</summary>
    public async Task<JsonElement?> FindLastInputAsync(string kind, string app, CancellationToken cancellation)
    {
        var completed = RunJournal.JsonNamingPolicyName(RunState.Completed);
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            var input = await database.Runs.AsNoTracking().Where(r => r.Kind == kind && r.App == app && r.State == completed)
                .OrderByDescending(r => r.Id).Select(r => r.InputJson).FirstOrDefaultAsync(cancellation).ConfigureAwait(false);
            return input is null ? null : JsonSerializer.Deserialize<JsonElement>(input);
        }
    }

    /// <summary>Ids of runs of all teams that were at work when their server ended, oldest first.</summary>
    public async Task<IReadOnlyList<string>> ListInterruptedAsync(CancellationToken cancellation)
    {
        var (running, pending) = (RunJournal.JsonNamingPolicyName(RunState.Running), RunJournal.JsonNamingPolicyName(RunState.Pending));
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            var ids = await database.Runs.IgnoreQueryFilters().AsNoTracking().Where(r => r.State == running || r.State == pending)
                .OrderBy(r => r.Id).Select(r => r.Id).ToListAsync(cancellation).ConfigureAwait(false);
            return [.. ids.Where(id => !feed.IsWorking(id))];
        }
    }

    private RunSummary ToSummary(RunEntity run)
    {
        var live = feed.Find(run.Id);
        var state = Enum.Parse<RunState>(run.State, ignoreCase: true);
        return new RunSummary
        {
            Id = run.Id,
            Kind = run.Kind,
            Title = run.Title,
            App = run.App,
            StartedBy = run.StartedBy,
            State = state == RunState.Running && live is null ? RunState.Interrupted : state,
            Progress = live?.Progress ?? new RunProgress(state == RunState.Completed ? 1 : run.Fraction, run.Message),
            CreatedAt = run.CreatedAt,
            EndedAt = run.EndedAt,
            Error = run.Error,
            Epoch = (int)run.Epoch,
        };
    }
}
