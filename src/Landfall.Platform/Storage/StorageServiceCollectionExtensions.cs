using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Landfall.Platform.Storage;

public static class StorageServiceCollectionExtensions
{
    /// <summary>Registers the database and the blobs of a data folder.</summary>
    /// <param name="services">The services.</param>
    /// <param name="dataFolder">Where blobs, and SQLite's file, lie.</param>
    /// <param name="database">The database's address; see <see cref="DatabaseAddress"/>.</param>
    /// <param name="patience">How long runs wait for a database that has gone away.</param>
    public static IServiceCollection AddStorage(this IServiceCollection services, string dataFolder, string? database = null, TimeSpan? patience = null)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ServerFence>();
        services.AddHostedService<FenceWatch>();
        services.TryAddSingleton(_ => new BlobStore(Path.Combine(dataFolder, "blobs")));

        // Through a factory, so that the container closes its connections at the end.
        var connections = DatabaseAddress.Open(database, dataFolder);
        services.TryAddSingleton(_ => connections);
        services.TryAddSingleton(provider => new DatabasePatience(connections, provider.GetRequiredService<TimeProvider>(), patience ?? DatabasePatience.DefaultLimit));
        return connections switch
        {
            SqliteConnections sqlite => services.AddDatabase<SqliteLandfallDatabase>(options =>
                options.UseSqlite(sqlite.ConnectionString).AddInterceptors(new DurablePragmas())),
            PostgresConnections postgres => services.AddDatabase<PostgresLandfallDatabase>(options => options.UseNpgsql(postgres.DataSource)),
            _ => throw new NotSupportedException($"There is no context for {connections.GetType().Name}."),
        };
    }

    private static IServiceCollection AddDatabase<T>(this IServiceCollection services, Action<DbContextOptionsBuilder> configure)
        where T : LandfallDatabase
    {
        services.AddDbContextFactory<T>(configure);
        services.TryAddSingleton<IDbContextFactory<LandfallDatabase>, DatabaseFactory<T>>();
        return services;
    }

    /// <summary>Capabilities know the model, not the database that it is on.</summary>
    private sealed class DatabaseFactory<T>(IDbContextFactory<T> derived) : IDbContextFactory<LandfallDatabase>
        where T : LandfallDatabase
    {
        public LandfallDatabase CreateDbContext() => derived.CreateDbContext();
    }
}
