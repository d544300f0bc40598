using System.Security.Cryptography;
using System.Text;
using Landfall.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace Landfall.Platform.Landings;

/// <summary>
/// Counts looks at test rows: each further set of candidates that is judged on the same rows is one. Judging the same
/// set again shows nothing new, and is none.
/// </summary>
public sealed class LookStore(IDbContextFactory<LandfallDatabase> databases)
{
    /// <summary>Notes the look, and returns how many other sets were judged on these rows before it.</summary>
    public async Task<int> TakeAsync(string testVersion, IEnumerable<string> candidateHashes, CancellationToken cancellation)
    {
        var set = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', candidateHashes.Order(StringComparer.Ordinal)))))[..32];
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            // By the rows: looks at them are numbered one after another.
            var transaction = await database.BeginExclusiveAsync($"look/{testVersion}", cancellation).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                var look = await database.Looks.SingleOrDefaultAsync(l => l.TestVersion == testVersion && l.CandidateSet == set, cancellation).ConfigureAwait(false);
                if (look is null)
                {
                    look = new LookEntity { TestVersion = testVersion, CandidateSet = set };
                    database.Looks.Add(look);
                    await database.SaveChangesAsync(cancellation).ConfigureAwait(false);
                    await transaction.CommitAsync(cancellation).ConfigureAwait(false);
                }

                return await database.Looks.CountAsync(l => l.TestVersion == testVersion && l.Id < look.Id, cancellation).ConfigureAwait(false);
            }
        }
    }
}
