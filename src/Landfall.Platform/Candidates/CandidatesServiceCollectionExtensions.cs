using Landfall.Platform.Briefs;
using Landfall.Platform.Candidates.Techniques;
using Landfall.Platform.Candidates.Techniques.Prompting;
using Landfall.Platform.Candidates.Techniques.Tuning;
using Landfall.Platform.Prompts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Landfall.Platform.Candidates;

public static class CandidatesServiceCollectionExtensions
{
    /// <summary>Adds the techniques and what trains, keeps and asks candidates. A technique more is one registration more.</summary>
    public static IServiceCollection AddCandidates(this IServiceCollection services)
    {
        services.AddSingleton<ITechnique, NearestTechnique>();
        services.AddSingleton<ITechnique, LinearTechnique>();
        services.AddSingleton<ITechnique, PromptTechnique>();
        foreach (var kind in TuningKind.All)
        {
            services.AddSingleton<ITechnique>(provider => ActivatorUtilities.CreateInstance<TuningTechnique>(provider, kind));
        }

        services.TryAddSingleton<TechniqueCatalogue>();
        services.TryAddSingleton<ITechniqueCatalogue>(provider => provider.GetRequiredService<TechniqueCatalogue>());
        services.TryAddSingleton<PromptStore>();
        services.TryAddSingleton<CandidateStore>();
        services.TryAddSingleton<CandidateTrainer>();
        services.TryAddSingleton<CandidateAnswers>();
        services.TryAddSingleton<RepeatedAnswers>();
        services.TryAddSingleton<ConversationAnswers>();
        services.TryAddSingleton<PredictorCache>();
        return services;
    }
}
