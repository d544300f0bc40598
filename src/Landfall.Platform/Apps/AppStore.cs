using System.Text.Json;
using Landfall.Platform.Models;
using Landfall.Platform.Runs;
using Landfall.Platform.Storage;
using Landfall.Protocol;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Reports;
using Microsoft.EntityFrameworkCore;

namespace Landfall.Platform.Apps;

/// <summary>The apps' table.</summary>
public sealed class AppStore(IDbContextFactory<LandfallDatabase> databases, BlobStore blobs, TimeProvider time)
{
    public async Task<IReadOnlyList<AppEntity>> ListAsync(CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            return await database.Apps.AsNoTracking().OrderBy(a => a.Name).ToListAsync(cancellation).ConfigureAwait(false);
        }
    }

    public async Task<AppEntity?> FindAsync(string name, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            return await database.Apps.AsNoTracking().SingleOrDefaultAsync(a => a.Name == name, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Adds the app when there is none of the name, and returns the origin that has the name. An app that is there changes
    /// only with its next report: until then what is shown of it belongs to the last one.
    /// </summary>
    /// <exception cref="RunFailedException">A model has the name.</exception>
    public async Task<string> ClaimAsync(string name, string origin, string scenario, string brief, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            var transaction = await database.BeginExclusiveAsync($"app/{name}", cancellation).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                if (await database.Apps.AsNoTracking().SingleOrDefaultAsync(a => a.Name == name, cancellation).ConfigureAwait(false) is { } taken)
                {
                    return taken.Origin;
                }

                if (await database.Set<ModelEntity>().AnyAsync(m => m.Name == name, cancellation).ConfigureAwait(false))
                {
                    throw new RunFailedException(
                        $"There is a model '{name}', and the gateway asks apps and models by name. Choose another name in the brief's 'app', or remove the model.", ErrorCodes.Conflict);
                }

                database.Apps.Add(new AppEntity { Name = name, Origin = origin, Scenario = scenario, Brief = brief, CreatedAt = time.GetUtcNow() });
                await database.SaveChangesAsync(cancellation).ConfigureAwait(false);
                await transaction.CommitAsync(cancellation).ConfigureAwait(false);
                return origin;
            }
        }
    }

    /// <summary>Notes a finished landing: the report, and the brief that it is about.</summary>
    public async Task SetReportAsync(string name, string origin, string scenario, string brief, string reportSha256, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            var app = await database.Apps.SingleAsync(a => a.Name == name, cancellation).ConfigureAwait(false);
            (app.Origin, app.Scenario, app.Brief, app.ReportSha256) = (origin, scenario, brief, reportSha256);
            await database.SaveChangesAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The app's last report.</summary>
    public async Task<Report?> ReadReportAsync(AppEntity app, CancellationToken cancellation)
    {
        if (app.ReportSha256 is null)
        {
            return null;
        }

        var bytes = await blobs.ReadAllBytesAsync(app.ReportSha256, cancellation).ConfigureAwait(false);
        return JsonSerializer.Deserialize(bytes, LandfallJsonContext.Default.Report);
    }
}
