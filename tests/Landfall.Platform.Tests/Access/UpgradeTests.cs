using Landfall.Platform.Access;
using Landfall.Platform.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Landfall.Platform.Tests.Access;

/// <summary>A database from before there were teams.</summary>
public sealed class UpgradeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("landfall-upgrade-").FullName;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Migrate_DatabaseWithoutTeams_GivesAllToTheDefaultTeam()
    {
        var options = new DbContextOptionsBuilder<SqliteLandfallDatabase>().UseSqlite($"Data Source={Path.Combine(_folder, "landfall.db")}").Options;
        await using (var before = new SqliteLandfallDatabase(options, new ServerFence()))
        {
            await before.GetService<IMigrator>().MigrateAsync("Initial");
            await before.Database.ExecuteSqlRawAsync(
                """
                INSERT INTO apps ("Name", "Origin", "Scenario", "Brief", "ReportSha256", "CreatedAt") VALUES ('desk', 'here', 'a scenario', 'a brief', 'abc', 12);
                INSERT INTO datasets ("Name", "Version", "SummaryJson", "CreatedAt") VALUES ('rows', 'v1', '{{}}', 13);
                INSERT INTO looks ("TestVersion", "CandidateSet") VALUES ('v1', 'set');
                INSERT INTO candidates ("Hash", "Technique", "ArtifactSha256", "TrainingJson") VALUES ('h', 'nearest', 'a', '{{}}');
                INSERT INTO runs ("Id", "Kind", "Title", "RequestKey", "InputJson", "State", "Message", "Epoch", "CreatedAt") VALUES ('r', 'landing', 't', 'k', '{{}}', 'completed', 'done', 1, 14);
                """);
            await before.GetService<IMigrator>().MigrateAsync();
        }

        await using var after = new SqliteLandfallDatabase(options, new ServerFence());
        Assert.Equal(("default", "desk", "abc"), await after.Apps.Select(a => ValueTuple.Create(a.Team, a.Name, a.ReportSha256)).SingleAsync());
        Assert.Equal("default", (await after.Datasets.SingleAsync()).Team);
        Assert.Equal("default", (await after.Looks.SingleAsync()).Team);
        Assert.Equal("default", (await after.Candidates.SingleAsync()).Team);
        Assert.Equal(("default", "local"), await after.Runs.Select(r => ValueTuple.Create(r.Team, r.StartedBy)).SingleAsync());
        using (Caller.Act(new Caller("other", "anna", Role.Admin)))
        {
            await using var others = new SqliteLandfallDatabase(options, new ServerFence());
            Assert.False(await others.Apps.AnyAsync());
            Assert.False(await others.Runs.AnyAsync());
        }
    }
}
