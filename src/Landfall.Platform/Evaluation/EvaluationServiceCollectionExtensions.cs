using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Landfall.Platform.Evaluation;

public static class EvaluationServiceCollectionExtensions
{
    /// <summary>Adds the metrics, each as an <see cref="IMetric"/>, and their registry. A metric more is one registration more.</summary>
    public static IServiceCollection AddEvaluation(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(MetricRegistry)))
        {
            return services;
        }

        foreach (var metric in MetricRegistry.BuiltIn.All)
        {
            services.AddSingleton(metric);
        }

        services.TryAddSingleton<MetricRegistry>();
        services.TryAddSingleton<Briefs.IMetricCatalogue, MetricCatalogue>();
        services.TryAddSingleton<MeasurementStore>();
        services.TryAddSingleton<EvidenceStore>();
        services.TryAddSingleton<Judging.AnswerJudges>();
        return services;
    }
}
