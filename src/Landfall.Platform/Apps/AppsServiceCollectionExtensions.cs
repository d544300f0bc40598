using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Landfall.Platform.Apps;

public static class AppsServiceCollectionExtensions
{
    /// <summary>Adds the apps.</summary>
    public static IServiceCollection AddApps(this IServiceCollection services)
    {
        services.TryAddSingleton<AppStore>();
        services.TryAddSingleton<AppExamples>();
        return services;
    }
}
