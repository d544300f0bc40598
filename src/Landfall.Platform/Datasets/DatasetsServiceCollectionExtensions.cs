using Landfall.Platform.Datasets.Cleaning;
using Landfall.Platform.Datasets.Splitting;
using Landfall.Platform.Datasets.Statistics;
using Landfall.Platform.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Landfall.Platform.Datasets;

public static class DatasetsServiceCollectionExtensions
{
    /// <summary>Adds reading, importing, paging, cleaning, splitting and statistics of datasets. The blob store is the host's.</summary>
    public static IServiceCollection AddDatasets(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IRowReader>(_ => new RowReader());
        services.TryAddSingleton<DatasetImporter>();
        services.TryAddSingleton<DatasetReader>();
        services.TryAddSingleton<IDatasetStore, DatasetStore>();
        services.AddSingleton<IRunKind, ImportRun>();
        return services.AddCleaning().AddSplitting().AddDatasetStatistics();
    }
}
