using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Landfall.Platform.Drafts;

public static class DraftsServiceCollectionExtensions
{
    /// <summary>Adds briefs that live on the server.</summary>
    public static IServiceCollection AddDrafts(this IServiceCollection services)
    {
        services.TryAddSingleton<DraftStore>();
        services.TryAddSingleton<ChosenColumns>();
        return services;
    }
}
