using System.Reflection;
using Landfall.Platform.Access;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Landfall.Platform.Storage;

/// <summary>
/// The relational state: one model, and a derived context per database with its migrations. Every change is saved in a
/// transaction that first checks the <see cref="ServerFence"/>. The hot tables (journal, logs, answers, scores) are written by batched ADO.NET commands in the capability that owns them.
/// </summary>
public abstract class LandfallDatabase(DbContextOptions options, ServerFence fence) : DbContext(options)
{
    private static readonly MethodInfo FilterMethod =
        typeof(LandfallDatabase).GetMethod(nameof(FilterByTeam), BindingFlags.Instance | BindingFlags.NonPublic)!;

    public DbSet<ServerEntity> Servers => Set<ServerEntity>();

    public DbSet<AppEntity> Apps => Set<AppEntity>();

    public DbSet<DatasetEntity> Datasets => Set<DatasetEntity>();

    public DbSet<CandidateEntity> Candidates => Set<CandidateEntity>();

    public DbSet<AnswerEntity> Answers => Set<AnswerEntity>();

    public DbSet<ScoreEntity> Scores => Set<ScoreEntity>();

    public DbSet<LookEntity> Looks => Set<LookEntity>();

    public DbSet<RunEntity> Runs => Set<RunEntity>();

    public DbSet<JournalEntity> Journal => Set<JournalEntity>();

    public DbSet<RunLogEntity> RunLogs => Set<RunLogEntity>();

    /// <summary>Reads the server's epoch as <c>Value</c> so that it cannot be raised before the transaction ends.</summary>
    protected abstract string LockedOwner { get; }

    /// <summary>The team whose rows the context sees.</summary>
    private string Team { get; } = Caller.Current.Team;

    /// <summary>
    /// Begins a transaction that runs alone among those of the same name: what is looked up in it and then added is added
    /// once, however many do the same at the same moment.
    /// </summary>
    public async Task<IDbContextTransaction> BeginExclusiveAsync(string name, CancellationToken cancellation)
    {
        var transaction = await Database.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        try
        {
            await LockAsync(name, cancellation).ConfigureAwait(false);
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        foreach (var added in ChangeTracker.Entries<ITeamOwned>().Where(e => e.State == EntityState.Added))
        {
            added.Entity.Team = Team;
        }

        if (Database.CurrentTransaction is not null)
        {
            await CheckFenceAsync(cancellationToken).ConfigureAwait(false);
            return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken).ConfigureAwait(false);
        }

        var transaction = await Database.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            await CheckFenceAsync(cancellationToken).ConfigureAwait(false);
            var changes = await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            return changes;
        }
    }

    public override int SaveChanges(bool acceptAllChangesOnSuccess) =>
        throw new NotSupportedException("Save with SaveChangesAsync, which checks the fence.");

    /// <summary>Waits for the named lock, which the present transaction holds to its end.</summary>
    public abstract Task LockAsync(string name, CancellationToken cancellation);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<ServerEntity>().ToTable("server").HasKey(e => e.Id);
        modelBuilder.Entity<ServerEntity>().Property(e => e.Id).ValueGeneratedNever();
        modelBuilder.Entity<AppEntity>().ToTable("apps").HasKey(e => new { e.Team, e.Name });
        modelBuilder.Entity<DatasetEntity>().ToTable("datasets").HasKey(e => new { e.Team, e.Name, e.Version });
        modelBuilder.Entity<DatasetEntity>().HasIndex(e => e.Version);
        modelBuilder.Entity<CandidateEntity>().ToTable("candidates").HasKey(e => e.Hash);
        modelBuilder.Entity<AnswerEntity>().ToTable("answers").HasKey(e => new { e.Candidate, e.Example });
        modelBuilder.Entity<ScoreEntity>().ToTable("scores").HasKey(e => new { e.Candidate, e.Example, e.Metric });
        modelBuilder.Entity<LookEntity>().ToTable("looks").HasIndex(e => new { e.Team, e.TestVersion, e.CandidateSet }).IsUnique();
        modelBuilder.Entity<RunEntity>().ToTable("runs").HasKey(e => e.Id);
        modelBuilder.Entity<RunEntity>().HasIndex(e => new { e.Team, e.RequestKey });
        modelBuilder.Entity<JournalEntity>().ToTable("journal").HasKey(e => new { e.RunId, e.Seq });
        modelBuilder.Entity<RunLogEntity>().ToTable("run_logs").HasKey(e => new { e.RunId, e.Seq });
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(LandfallDatabase).Assembly);
        foreach (var owned in modelBuilder.Model.GetEntityTypes().Select(e => e.ClrType).Where(typeof(ITeamOwned).IsAssignableFrom).ToList())
        {
            FilterMethod.MakeGenericMethod(owned).Invoke(this, [modelBuilder]);
        }
    }

    private void FilterByTeam<T>(ModelBuilder modelBuilder)
        where T : class, ITeamOwned => modelBuilder.Entity<T>().HasQueryFilter(e => e.Team == Team);

    private async Task CheckFenceAsync(CancellationToken cancellation)
    {
        var owner = await Database.SqlQueryRaw<long>(LockedOwner).ToListAsync(cancellation).ConfigureAwait(false);
        fence.Check(owner.Count == 0 ? null : owner[0]);
    }

    private sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(
        time => time.ToUnixTimeMilliseconds(), milliseconds => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));
}
