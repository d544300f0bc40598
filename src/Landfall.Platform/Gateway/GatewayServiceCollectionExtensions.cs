using Landfall.Platform.Endpoints;
using Landfall.Platform.Gateway.Local;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Landfall.Platform.Gateway;

public static class GatewayServiceCollectionExtensions
{
    /// <summary>Adds what answers <c>/v1</c>.</summary>
    public static IServiceCollection AddGateway(this IServiceCollection services)
    {
        services.TryAddSingleton<AppAnswerer>();
        services.TryAddSingleton<LocalCompletions>();
        services.TryAddSingleton<LocalEmbeddings>();
        services.TryAddSingleton<ILocalEndpoints, LocalModelEndpoints>();
        return services;
    }
}
