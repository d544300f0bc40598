using Landfall.Platform.Briefs;
using Landfall.Platform.Candidates;
using Landfall.Platform.Evaluation;
using Landfall.Protocol.Search;

namespace Landfall.Platform.Search;

/// <summary>Finds out what a request searches for: what it says goes before the brief's <c>search</c>, and that before the technique's own ranges.</summary>
public sealed class SearchPlanner(TechniqueCatalogue techniques, MetricRegistry metrics)
{
    /// <summary>The searches, cheapest technique first, and why others are left out.</summary>
    public (IReadOnlyList<SearchPlan> Searches, IReadOnlyList<string> LeftOut) Plan(Brief brief, SearchRequest request)
    {
        var found = new List<(int Rung, SearchPlan Plan)>();
        var left = new List<string>(LongOnes(brief, request.Technique).Select(name => $"'{name}' is not searched: each trial trains a model. `landfall search --technique {name}` does it, or a search in the brief."));
        foreach (var search in Asked(brief, request.Technique))
        {
            var technique = techniques.Find(search.Technique);
            var space = search.Space ?? technique?.Space(brief);
            var why = brief.Conversations is not null ? "a search measures single answers, and the brief's rows are talked through as conversations."
                : technique is null ? "this release of Landfall does not have it."
                : technique.WhyUnfit(brief) ?? technique.WhyUnavailable()
                ?? (space is null ? "it has no ranges of its own to search. Write which values to try in the brief's search.settings." : null);
            if (why is not null)
            {
                left.Add($"'{search.Technique}' is not searched: {why}");
                continue;
            }

            found.Add((technique!.Rung, ToPlan(brief, search, space!, request)));
        }

        return ([.. found.OrderBy(f => f.Rung).Select(f => f.Plan)], left);
    }

    /// <summary>Techniques that fit the brief and would be searched for hours though nobody has named them.</summary>
    private IEnumerable<string> LongOnes(Brief brief, string? technique) => technique is null && brief is { Searches.Count: 0, Techniques: null }
        ? techniques.RequestsOf(brief, []).Select(asked => asked.Technique).Where(known => known.BudgetSetting is not null && known.Space(brief) is not null && known.WhyUnavailable() is null).Select(known => known.Name)
        : [];

    /// <summary>The brief's searches, or one for each technique of the brief that has ranges of its own; of those that nobody has named, only those that train at once.</summary>
    private IEnumerable<BriefSearch> Asked(Brief brief, string? technique)
    {
        if (technique is not null)
        {
            return [brief.Searches.FirstOrDefault(search => search.Technique == technique) ?? new BriefSearch(technique)];
        }

        return brief.Searches.Count > 0
            ? brief.Searches
            : techniques.RequestsOf(brief, []).Select(asked => asked.Technique).Distinct()
                .Where(known => known.Space(brief) is not null && (brief.Techniques is not null || known.BudgetSetting is null)).Select(known => new BriefSearch(known.Name));
    }

    private SearchPlan ToPlan(Brief brief, BriefSearch search, SearchSpace space, SearchRequest request)
    {
        var metric = search.Metric is { } name ? metrics.Of(brief).Get(name) : MainMetric(brief);
        return new SearchPlan
        {
            Technique = search.Technique,
            Method = request.Method ?? search.Method,
            Trials = request.Trials ?? search.Trials,
            Seed = request.Seed ?? search.Seed,
            Metric = metric.Name,
            HigherIsBetter = metric.HigherIsBetter,
            TimeSeconds = search.Time?.TotalSeconds,
            Space = SearchRanges.Of(space),
            IsTechniquesOwn = search.Space is null,
        };
    }

    /// <summary>The first metric of quality among the targets that single answers can be measured by.</summary>
    private IMetric MainMetric(Brief brief) =>
        Comparisons.MetricsOf(brief, metrics).FirstOrDefault(metric => SearchRules.WhyUnfit(metric.Name) is null) ?? metrics.Main(brief.Output);
}
