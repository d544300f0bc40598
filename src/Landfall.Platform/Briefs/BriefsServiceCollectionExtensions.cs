using Landfall.Platform.Datasets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Landfall.Platform.Briefs;

public static class BriefsServiceCollectionExtensions
{
    /// <summary>
    /// Adds checking and drafting of briefs. The blob store, the row reader, an <see cref="IMetricCatalogue"/> and an
    /// <see cref="ITechniqueCatalogue"/> are the host's; a <see cref="TextNormalization"/> may be.
    /// </summary>
    public static IServiceCollection AddBriefs(this IServiceCollection services)
    {
        services.TryAddSingleton<TextNormalization>(_ => TextNormalizer.Normalize);
        services.TryAddSingleton<BriefChecker>();
        services.TryAddSingleton<BriefDrafter>();
        return services;
    }
}
