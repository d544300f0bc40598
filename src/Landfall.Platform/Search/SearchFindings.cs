using System.Globalization;
using Landfall.Platform.Search.Importance;
using Landfall.Protocol.Search;

namespace Landfall.Platform.Search;

/// <summary>What a search's trials say.</summary>
internal static class SearchFindings
{
    private const double End = 0.02;

    public static SearchResult Of(SearchWork work, IReadOnlyList<SearchTrial> trials, string? ended)
    {
        var best = BestOf(trials, work.Plan);
        return new SearchResult
        {
            App = work.Brief.App,
            Plan = work.Plan,
            Best = best,
            Trials = trials,
            Importance = ImportanceOf(work, trials),
            TechniqueYaml = best is null ? null : SettingsYaml.Write(work.Technique.Name, best.Settings),
            TrainRows = work.Train.Count,
            ValidationRows = work.Validation.Count,
            TrainedRows = trials.Sum(trial => trial.TrainedRows),
            Notes = [.. Notes(work, trials, best, ended)],
        };
    }

    /// <summary>The best of those that had the whole training; of equals, the first.</summary>
    public static SearchTrial? BestOf(IEnumerable<SearchTrial> trials, SearchPlan plan)
    {
        var whole = trials.Where(trial => trial is { Status: TrialStatus.Measured, Share: 1 });
        return plan.HigherIsBetter ? whole.MaxBy(trial => trial.Score!.Value) : whole.MinBy(trial => trial.Score!.Value);
    }

    /// <summary>By the trials of the least share, which all settings had: those on larger shares were chosen for being good.</summary>
    private static IReadOnlyList<SettingImportance> ImportanceOf(SearchWork work, IReadOnlyList<SearchTrial> trials)
    {
        var space = SearchRanges.ToSpace(work.Plan.Space);
        space = work.Parts.Length is { } length ? space.Without(length.Name) : space;
        var tried = trials.Where(trial => trial.Rung == 0).Select(trial => new TriedSettings(trial.Number, trial.Settings, trial.Rung, trial.Promotes, trial.Score?.Value)).ToList();
        var shares = VarianceDecomposition.Of(space, tried, work.Plan.Seed);
        return [.. shares.Select((share, i) => new SettingImportance(space.Settings[i].Name, Math.Round(share, 4))).OrderByDescending(importance => importance.Share)];
    }

    private static IEnumerable<string> Notes(SearchWork work, IReadOnlyList<SearchTrial> trials, SearchTrial? best, string? ended)
    {
        if (ended is not null)
        {
            yield return $"The search ended early. {ended}";
        }

        if (trials.Count(trial => trial.Status == TrialStatus.Failed) is > 0 and var failed)
        {
            yield return $"{failed} of {trials.Count} trials failed.";
        }

        if (best is null)
        {
            yield break;
        }

        yield return "The score is of validation rows, and the search chose the settings by it: it flatters them. A landing measures them on test rows.";
        foreach (var setting in SearchRanges.ToSpace(work.Plan.Space).Settings.OfType<NumberSetting>().Where(setting => setting.Name != work.Parts.Length?.Name))
        {
            if (setting.PlaceOf(best.Settings[setting.Name]) is < End or > 1 - End)
            {
                yield return $"The best {setting.Name} ({best.Settings[setting.Name]}) is at an end of its range: better values may lie beyond it.";
            }
        }

        if (work.Parts.Shares is [< 1 and var least, ..])
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"How much a setting matters was judged on {least:0.###} of the training, where all settings were tried.");
        }
    }
}
