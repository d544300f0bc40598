using Landfall.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace Landfall.Platform.Access;

/// <summary>Which entries of the audit log are asked for.</summary>
public sealed record AuditQuery(string? Actor, string? Action, string? Outcome, long? Before, int Limit);

/// <summary>The audit log of the present team: who tried to change what, when, from where, and what came of it. No bodies, no queries, no secrets.</summary>
public sealed class AuditLog(IDbContextFactory<LandfallDatabase> databases)
{
    private const int LongestText = 300;

    public Task AddAsync(AuditEntity entry, CancellationToken cancellation)
    {
        entry.Subject = entry.Subject.Length > LongestText ? entry.Subject[..LongestText] : entry.Subject;
        return databases.UseAsync(
            database =>
            {
                database.Set<AuditEntity>().Add(entry);
                return database.SaveChangesAsync(cancellation);
            },
            cancellation);
    }

    /// <summary>Entries, newest first.</summary>
    public Task<List<AuditEntity>> ListAsync(AuditQuery query, CancellationToken cancellation) => databases.UseAsync(
        database =>
        {
            var entries = database.Set<AuditEntity>().AsNoTracking()
                .Where(e => (query.Before == null || e.Id < query.Before) && (query.Actor == null || e.Actor == query.Actor) && (query.Action == null || e.Action == query.Action));
            entries = query.Outcome switch
            {
                "done" => entries.Where(e => e.Status < 400),
                "refused" => entries.Where(e => e.Status == 401 || e.Status == 403 || e.Status == 429),
                "failed" => entries.Where(e => e.Status >= 400 && e.Status != 401 && e.Status != 403 && e.Status != 429),
                _ => entries,
            };
            return entries.OrderByDescending(e => e.Id).Take(query.Limit).ToListAsync(cancellation);
        },
        cancellation);

    internal static string OutcomeOf(int status) => status switch { < 400 => "done", 401 or 403 or 429 => "refused", _ => "failed" };
}
