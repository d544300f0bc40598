using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Landfall.Platform.Prompts;

public static class PromptsServiceCollectionExtensions
{
    /// <summary>Adds the prompt registry and the playground.</summary>
    public static IServiceCollection AddPrompts(this IServiceCollection services)
    {
        services.TryAddSingleton<PromptStore>();
        services.TryAddSingleton<Playground>();
        return services;
    }
}
