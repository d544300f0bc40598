using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Landfall.Platform.Runs;

public static class RunsServiceCollectionExtensions
{
    /// <summary>Registers the mechanism of runs. Kinds are registered by the capabilities that own them.</summary>
    /// <param name="services">The services.</param>
    /// <param name="resumeInterrupted">Go on with interrupted runs at start, as <c>serve</c> does; a command's own host leaves them alone.</param>
    public static IServiceCollection AddRuns(this IServiceCollection services, bool resumeInterrupted)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<RunFeed>();
        services.TryAddSingleton<RunJournal>();
        services.TryAddSingleton<RunStore>();
        services.TryAddSingleton<RunExecutor>();
        services.TryAddSingleton<RunService>();
        if (resumeInterrupted)
        {
            services.AddHostedService<RunRecovery>();
        }

        return services;
    }
}
