using Landfall.Platform.Runs;
using Landfall.Platform.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Landfall.Platform.Models;

public static class ModelsServiceCollectionExtensions
{
    /// <summary>Adds the registry of models that this server itself runs.</summary>
    public static IServiceCollection AddModels(this IServiceCollection services, string dataFolder, ModelHostOptions? host = null)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new ModelContent(provider.GetRequiredService<BlobStore>(), Path.Combine(dataFolder, "models")));
        services.TryAddSingleton<IModelReader, ModelReader>();
        services.TryAddSingleton<ModelStore>();
        services.TryAddSingleton<ModelImporter>();
        services.TryAddSingleton(host ?? new ModelHostOptions());
        services.TryAddSingleton<IModelLoader, InferenceLoader>();
        services.TryAddSingleton<ModelHost>();
        services.TryAddSingleton(provider => new ModelExports(Path.Combine(dataFolder, "exports"), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IRunKind, ModelImportRun>();
        services.AddSingleton<IRunKind, ModelQuantiseRun>();
        services.AddSingleton<IRunKind, ModelExportRun>();
        return services;
    }
}
