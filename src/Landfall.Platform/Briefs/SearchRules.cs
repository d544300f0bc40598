namespace Landfall.Platform.Briefs;

/// <summary>Checks searches against the techniques and metrics of this release.</summary>
internal static class SearchRules
{
    public static void Check(BriefFindings findings, BriefMetrics metrics, ITechniqueCatalogue techniques)
    {
        if (findings.Parts is { Searches: [{ Field: var field }, ..], Conversations: not null })
        {
            findings.Error("search-unfit", field, "A search measures single answers, and the brief's rows are talked through as conversations. Remove 'search'.");
        }

        foreach (var search in findings.Parts.Searches.Where(search => search.Search.Technique.Length > 0))
        {
            CheckTechnique(search, findings, techniques);
            CheckMetric(search, findings, metrics);
        }
    }

    /// <summary>Why a search cannot go by a metric, or null. Scores must come from single answers.</summary>
    public static string? WhyUnfit(string metric) => BriefJudge.IsMetric(metric)
        ? "judges are asked about test rows only"
        : BriefMetrics.NeedOf(metric) is not null ? "a search asks each row once" : null;

    private static void CheckTechnique(SearchParts search, BriefFindings findings, ITechniqueCatalogue techniques)
    {
        var (name, field) = (search.Search.Technique, $"{search.Field}.technique");
        if (!techniques.TryGetSettings(name, out var known))
        {
            if (TechniqueNames.Known.Contains(name))
            {
                findings.Warn("technique-unavailable", field, $"'{name}' is not available in this release: its search is skipped.");
                return;
            }

            findings.Error("unknown-technique", field, $"There is no technique {Shown.Text(name)}.{NearestName.Hint(name, techniques.Names)} Techniques of this release: {string.Join(", ", techniques.Names)}.");
            return;
        }

        foreach (var setting in search.Search.Space?.Settings.Where(setting => !known.Contains(setting.Name)) ?? [])
        {
            findings.Error(
                "unknown-setting",
                $"{search.Field}.settings.{Shown.Text(setting.Name).Trim('\'')}",
                $"'{name}' has no setting {Shown.Text(setting.Name)}.{NearestName.Hint(setting.Name, known)} {(known.Count == 0 ? "It takes none." : $"Its settings are {string.Join(", ", known.Order(StringComparer.Ordinal))}.")}");
        }

        if (findings.Parsed.Brief is not { } brief)
        {
            return;
        }

        if (techniques.WhyUnfit(name, brief) is { } reason)
        {
            findings.Warn("technique-unfit", field, $"The search for '{name}' is skipped: {reason}");
        }
        else if (search.Search.Space is null && techniques.SpaceOf(name, brief) is null)
        {
            findings.Error("search-space", search.Field, $"'{name}' has no ranges of its own to search. Write which values to try in settings: {string.Join(", ", known.Order(StringComparer.Ordinal))}.");
        }
    }

    private static void CheckMetric(SearchParts search, BriefFindings findings, BriefMetrics metrics)
    {
        if (search.Search.Metric is not { } name)
        {
            return;
        }

        var field = $"{search.Field}.metric";
        if (WhyUnfit(name) is { } why)
        {
            findings.Error("search-metric", field, $"A search cannot go by '{name}': {why}. Choose another metric.");
        }
        else if (!metrics.TryGet(name, out var facts))
        {
            findings.Error("unknown-metric", field, $"There is no metric {Shown.Text(name)}.{NearestName.Hint(name, metrics.Names)} The metrics are {string.Join(", ", metrics.Names.Where(known => WhyUnfit(known) is null))}.");
        }
        else if (findings.Parts.Output is { } output && !facts.AppliesTo.Contains(output))
        {
            findings.Error("metric-unfit", field, $"'{name}' does not measure output of kind {BriefKeys.WordOf(output)}. Choose another metric.");
        }
        else if (facts.NeedsOutOfScope && findings.Parts is { HasOutOfScope: false })
        {
            findings.Error("search-metric", field, $"A search cannot go by '{name}': the brief has no scope.out. Add it, or choose another metric.");
        }
    }
}
