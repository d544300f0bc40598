using Landfall.Platform.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Landfall.Platform.Search;

public static class SearchServiceCollectionExtensions
{
    /// <summary>Adds searches for settings.</summary>
    public static IServiceCollection AddSearch(this IServiceCollection services)
    {
        services.TryAddSingleton(SearchMethods.BuiltIn);
        services.TryAddSingleton<SearchPlanner>();
        services.TryAddSingleton<SearchTrials>();
        services.AddSingleton<IRunKind, SearchRun>();
        return services;
    }
}
