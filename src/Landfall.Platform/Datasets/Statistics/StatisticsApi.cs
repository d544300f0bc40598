using System.Collections.Concurrent;
using Landfall.Platform.Access;
using Landfall.Platform.Hosting;
using Landfall.Platform.Storage;
using Landfall.Protocol.Datasets;
using Landfall.Protocol.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Landfall.Platform.Datasets.Statistics;

/// <summary>Statistics of dataset versions. A version never changes, so what was counted last is kept.</summary>
public sealed class DatasetStatisticsService(DatasetReader reader)
{
    private const int MostSampled = 100_000;
    private const int MostKept = 32;
    private readonly ConcurrentDictionary<string, DatasetStatistics> _kept = new(StringComparer.Ordinal);

    public async Task<DatasetStatistics> ComputeAsync(DatasetSummary dataset, CancellationToken cancellation)
    {
        if (_kept.TryGetValue(dataset.Version, out var known))
        {
            return known;
        }

        var collector = new StatisticsCollector((int)Math.Max(1, (dataset.Rows + MostSampled - 1) / MostSampled));
        await foreach (var row in reader.ReadAsync(dataset.Version, cancellation).ConfigureAwait(false))
        {
            collector.Add(row);
        }

        if (_kept.Count >= MostKept)
        {
            _kept.Clear();
        }

        return _kept[dataset.Version] = collector.Complete(dataset);
    }
}

/// <summary>The endpoint of statistics.</summary>
public static class StatisticsApi
{
    public static IServiceCollection AddDatasetStatistics(this IServiceCollection services)
    {
        services.TryAddSingleton<DatasetStatisticsService>();
        return services;
    }

    public static IEndpointRouteBuilder MapDatasetStatistics(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/datasets/versions/{version}/statistics", GetAsync).Requires(Role.Viewer).WithTags("Datasets")
            .WithName("GetDatasetStatistics").WithSummary("Labels, lengths, languages, duplicates and fields of a dataset version.");
        return endpoints;
    }

    private static async Task<Results<Ok<DatasetStatistics>, ProblemHttpResult>> GetAsync(
        string version, IDatasetStore datasets, BlobStore blobs, DatasetStatisticsService statistics, CancellationToken cancellation)
    {
        var (dataset, problem) = await datasets.ResolveAsync(version, cancellation).ConfigureAwait(false);
        return dataset is not null && blobs.Exists(dataset.Version)
            ? TypedResults.Ok(await statistics.ComputeAsync(dataset, cancellation).ConfigureAwait(false))
            : DatasetsApi.Missing(version, problem);
    }
}
