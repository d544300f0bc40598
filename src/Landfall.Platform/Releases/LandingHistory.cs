using System.Text.Json;
using Landfall.Platform.Access;
using Landfall.Platform.Storage;
using Landfall.Protocol;
using Landfall.Protocol.Apps;
using Landfall.Protocol.Reports;
using Microsoft.EntityFrameworkCore;

namespace Landfall.Platform.Releases;

/// <summary>A finished landing with its report.</summary>
public sealed record PastLanding(LandingEntity Entity, Report Report)
{
    /// <summary>The candidate that stands for it: the released one, or the one that meets most targets.</summary>
    public CandidateReport? Standing { get; } =
        Report.Candidates.FirstOrDefault(c => c.Hash == Report.Release?.Hash && c.Status == CandidateStatus.Measured)
        ?? Report.Candidates.Where(c => c.Status == CandidateStatus.Measured).OrderByDescending(c => c.Targets.Count(t => t.Verdict == Verdict.Met)).FirstOrDefault();

    public LandingRecord ToRecord(bool isLive) => new()
    {
        Number = Entity.Number,
        RunId = Entity.RunId,
        LandedAt = Entity.LandedAt,
        LandedBy = Entity.LandedBy,
        Release = Report.Release,
        IsLive = isLive,
        Candidate = Standing?.Name,
        Targets = Standing?.Targets ?? [],
        Candidates = [.. Report.Candidates.Where(c => c.Status == CandidateStatus.Measured).Select(c => c.Name)],
        TestRows = Report.Data.TestRows,
        TestVersion = Report.Data.TestVersion,
    };
}

/// <summary>Every finished landing of every app, with its brief and its report.</summary>
public sealed class LandingHistory(IDbContextFactory<LandfallDatabase> databases, BlobStore blobs, TimeProvider time)
{
    /// <summary>Notes a landing. The same run again changes nothing, as the step that calls this may be repeated.</summary>
    public async Task AddAsync(string app, string run, string brief, string reportSha256, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            // Two landings of one app may end at the same time: in a transaction they count one after the other.
            var transaction = await database.Database.BeginTransactionAsync(cancellation).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                var landings = database.Set<LandingEntity>();
                if (await landings.AnyAsync(l => l.App == app && l.RunId == run, cancellation).ConfigureAwait(false))
                {
                    return;
                }

                var last = await landings.Where(l => l.App == app).MaxAsync(l => (int?)l.Number, cancellation).ConfigureAwait(false);
                landings.Add(new LandingEntity
                {
                    App = app,
                    Number = (last ?? 0) + 1,
                    RunId = run,
                    Brief = brief,
                    ReportSha256 = reportSha256,
                    LandedBy = Caller.Current.Name,
                    LandedAt = time.GetUtcNow(),
                });
                await database.SaveChangesAsync(cancellation).ConfigureAwait(false);
                await transaction.CommitAsync(cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>An app's landings, newest first.</summary>
    public async Task<IReadOnlyList<PastLanding>> ListAsync(string app, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            var found = await database.Set<LandingEntity>().AsNoTracking().Where(l => l.App == app).OrderByDescending(l => l.Number).ToListAsync(cancellation).ConfigureAwait(false);
            var landings = new List<PastLanding>(found.Count);
            foreach (var landing in found)
            {
                landings.Add(await ReadAsync(landing, cancellation).ConfigureAwait(false));
            }

            return landings;
        }
    }

    public async Task<PastLanding?> FindAsync(string app, int number, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            return await database.Set<LandingEntity>().AsNoTracking().SingleOrDefaultAsync(l => l.App == app && l.Number == number, cancellation).ConfigureAwait(false) is { } found
                ? await ReadAsync(found, cancellation).ConfigureAwait(false)
                : null;
        }
    }

    /// <summary>Of an app's landings, newest first, the one whose release is live: that of the live report, and of several alike the newest.</summary>
    public static PastLanding? LiveOf(IReadOnlyList<PastLanding> landings, LiveRelease? live) =>
        live is null ? null : landings.FirstOrDefault(l => l.Entity.ReportSha256 == live.ReportSha256 && l.Report.Release?.Hash == live.Release.Hash);

    private async Task<PastLanding> ReadAsync(LandingEntity landing, CancellationToken cancellation)
    {
        var bytes = await blobs.ReadAllBytesAsync(landing.ReportSha256, cancellation).ConfigureAwait(false);
        return new PastLanding(landing, JsonSerializer.Deserialize(bytes, LandfallJsonContext.Default.Report)!);
    }
}
