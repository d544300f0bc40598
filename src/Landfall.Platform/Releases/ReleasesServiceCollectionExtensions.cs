using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Landfall.Platform.Releases;

public static class ReleasesServiceCollectionExtensions
{
    /// <summary>Adds the apps' live releases and what came before them.</summary>
    public static IServiceCollection AddReleases(this IServiceCollection services)
    {
        services.TryAddSingleton<ReleaseStore>();
        services.TryAddSingleton<LandingHistory>();
        services.TryAddSingleton<ReleaseComparer>();
        return services;
    }
}
