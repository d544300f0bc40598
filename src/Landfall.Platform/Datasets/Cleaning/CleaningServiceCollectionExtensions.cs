using Landfall.Platform.Datasets.Cleaning.Steps;
using Landfall.Platform.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Landfall.Platform.Datasets.Cleaning;

public static class CleaningServiceCollectionExtensions
{
    /// <summary>Adds the cleaning of datasets. The order of the steps is that in which accepted changes are applied.</summary>
    public static IServiceCollection AddCleaning(this IServiceCollection services)
    {
        services.TryAddSingleton<CleaningSteps>();
        services.TryAddSingleton<CleaningStore>();
        services.TryAddSingleton<CleaningChanges>();
        services.TryAddSingleton<CleaningService>();
        services.TryAddSingleton<DatasetWriter>();
        services.AddSingleton<ICleaningStep, EncodingStep>();
        services.AddSingleton<ICleaningStep, DuplicatesStep>();
        services.AddSingleton<ICleaningStep, ContaminationStep>();
        services.AddSingleton<ICleaningStep, PersonalDataStep>();
        services.AddSingleton<ICleaningStep, LanguageStep>();
        services.AddSingleton<ICleaningStep, LengthStep>();
        services.AddSingleton<ICleaningStep, LabelStep>();
        services.AddSingleton<IRunKind, CleaningRun>();
        return services;
    }
}
