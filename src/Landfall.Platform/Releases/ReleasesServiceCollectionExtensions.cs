using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Landfall.Platform.Releases;

public static class ReleasesServiceCollectionExtensions
{
    /// <summary>Adds the apps' live releases.</summary>
    public static IServiceCollection AddReleases(this IServiceCollection services)
    {
        services.TryAddSingleton<ReleaseStore>();
        return services;
    }
}
