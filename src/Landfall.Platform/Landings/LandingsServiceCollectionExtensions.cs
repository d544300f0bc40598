using Landfall.Platform.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Landfall.Platform.Landings;

public static class LandingsServiceCollectionExtensions
{
    /// <summary>Adds the main job.</summary>
    public static IServiceCollection AddLandings(this IServiceCollection services)
    {
        services.TryAddSingleton<LandingData>();
        services.TryAddSingleton<LookStore>();
        services.TryAddSingleton<CandidateMeasurer>();
        services.TryAddSingleton<TestAnswers>();
        services.TryAddSingleton<LandingJudges>();
        services.TryAddSingleton<LandingRelease>();
        services.AddSingleton<IRunKind, LandingRun>();
        return services;
    }
}
