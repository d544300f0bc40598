using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Landfall.Platform.Training;

public static class TrainingServiceCollectionExtensions
{
    /// <summary>Adds the worker that changes models, and the bases that it may change.</summary>
    /// <param name="services">The services.</param>
    /// <param name="options">Where tuning works, and with what.</param>
    public static IServiceCollection AddTraining(this IServiceCollection services, TrainingOptions options)
    {
        services.TryAddSingleton(options);
        services.TryAddSingleton<WorkerHost>();
        services.TryAddSingleton<TuningBases>();
        return services;
    }
}
