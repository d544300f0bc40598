using Landfall.Platform.Endpoints.Calls;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Landfall.Platform.Endpoints;

public static class EndpointsServiceCollectionExtensions
{
    /// <summary>Adds the language models that can be asked, and the ledger of what was.</summary>
    public static IServiceCollection AddEndpoints(this IServiceCollection services, string dataFolder)
    {
        services.AddDataProtection().SetApplicationName("landfall").PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(dataFolder, "protection")));
        services.TryAddSingleton<PaidCallStore>();
        services.TryAddSingleton(provider => new EndpointFile(dataFolder, provider.GetRequiredService<IDataProtectionProvider>()));
        services.TryAddSingleton<EndpointSettingsService>();
        services.TryAddSingleton<IChatEndpoints, ChatEndpoints>();
        return services;
    }
}
