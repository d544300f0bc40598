using System.Text.RegularExpressions;
using Landfall.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace Landfall.Platform.Access;

/// <summary>The teams. <c>default</c> is always there, and has no row.</summary>
public sealed partial class TeamStore(IDbContextFactory<LandfallDatabase> databases, AccessCache cache, TimeProvider time)
{
    public static bool IsName(string? name) => name is not null && Name().IsMatch(name);

    public async Task<bool> ExistsAsync(string name, CancellationToken cancellation) =>
        name == Caller.Local.Team
        || (IsName(name) && await cache.GetAsync($"team {name}", () => databases.UseAsync(
            database => database.Set<TeamEntity>().AsNoTracking().SingleOrDefaultAsync(t => t.Name == name, cancellation), cancellation)).ConfigureAwait(false) is not null);

    /// <summary>All teams but <c>default</c>, by name.</summary>
    public Task<List<TeamEntity>> ListAsync(CancellationToken cancellation) =>
        databases.UseAsync(database => database.Set<TeamEntity>().AsNoTracking().OrderBy(t => t.Name).ToListAsync(cancellation), cancellation);

    /// <exception cref="AccessException">The name is no name, or taken.</exception>
    public async Task<TeamEntity> AddAsync(string name, CancellationToken cancellation)
    {
        if (!IsName(name))
        {
            throw AccessException.Bad($"'{name}' is no name for a team: use 1 to 40 lower-case letters, digits and hyphens, beginning with a letter or digit.");
        }

        if (await ExistsAsync(name, cancellation).ConfigureAwait(false))
        {
            throw AccessException.Conflict($"There is a team '{name}' already.");
        }

        var team = new TeamEntity { Name = name, CreatedAt = time.GetUtcNow() };
        await databases.UseAsync(
            database =>
            {
                database.Set<TeamEntity>().Add(team);
                return database.SaveChangesAsync(cancellation);
            },
            cancellation).ConfigureAwait(false);
        cache.Clear();
        return team;
    }

    // A team's name is also the name of its folder of blobs.
    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,39}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
