using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Landfall.Platform.Storage;

public static class StorageServiceCollectionExtensions
{
    /// <summary>Registers the database and the blobs of a data folder.</summary>
    public static IServiceCollection AddStorage(this IServiceCollection services, string dataFolder)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ServerFence>();
        services.AddHostedService<FenceWatch>();
        services.TryAddSingleton(new DatabaseConnections(Path.Combine(dataFolder, "landfall.db")));
        services.TryAddSingleton(_ => new BlobStore(Path.Combine(dataFolder, "blobs")));
        services.AddDbContextFactory<LandfallDatabase>((provider, options) => options
            .UseSqlite(provider.GetRequiredService<DatabaseConnections>().ConnectionString)
            .AddInterceptors(new DurablePragmas()));
        return services;
    }
}
