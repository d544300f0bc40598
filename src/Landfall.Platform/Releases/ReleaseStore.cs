using System.Text.Json;
using Landfall.Platform.Briefs;
using Landfall.Platform.Runs;
using Landfall.Platform.Storage;
using Landfall.Protocol.Reports;
using Microsoft.EntityFrameworkCore;

namespace Landfall.Platform.Releases;

/// <summary>A release that takes traffic.</summary>
/// <param name="Release">What was chosen.</param>
/// <param name="OutOfScope">What the app says to messages that are not its own.</param>
/// <param name="ReportSha256">The report it was chosen by.</param>
public sealed record LiveRelease(ReleaseReport Release, OutOfScope? OutOfScope, string ReportSha256);

/// <summary>The live release of each app.</summary>
public sealed class ReleaseStore(IDbContextFactory<LandfallDatabase> databases)
{
    public async Task<LiveRelease?> FindAsync(string app, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            var entity = await database.Apps.AsNoTracking().SingleOrDefaultAsync(a => a.Name == app, cancellation).ConfigureAwait(false);
            return entity is null ? null : ToRelease(entity);
        }
    }

    public async Task<IReadOnlyList<(LiveRelease Release, DateTimeOffset CreatedAt)>> ListAsync(CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            var apps = await database.Apps.AsNoTracking().Where(a => a.ReleaseJson != null).OrderBy(a => a.Name).ToListAsync(cancellation).ConfigureAwait(false);
            return [.. apps.Select(a => (ToRelease(a)!, a.CreatedAt))];
        }
    }

    public async Task SetAsync(string app, LiveRelease release, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            var entity = await database.Apps.SingleAsync(a => a.Name == app, cancellation).ConfigureAwait(false);
            entity.ReleaseJson = JsonSerializer.Serialize(release.Release, RunJson.Options);
            entity.ReleaseOutOfScopeJson = release.OutOfScope is null ? null : JsonSerializer.Serialize(release.OutOfScope, RunJson.Options);
            entity.ReleaseReportSha256 = release.ReportSha256;
            await database.SaveChangesAsync(cancellation).ConfigureAwait(false);
        }
    }

    private static LiveRelease? ToRelease(AppEntity app) => app.ReleaseJson is null
        ? null
        : new LiveRelease(
            JsonSerializer.Deserialize<ReleaseReport>(app.ReleaseJson, RunJson.Options)!,
            app.ReleaseOutOfScopeJson is null ? null : JsonSerializer.Deserialize<OutOfScope>(app.ReleaseOutOfScopeJson, RunJson.Options),
            app.ReleaseReportSha256!);
}
