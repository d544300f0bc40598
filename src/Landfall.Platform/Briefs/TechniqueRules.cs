namespace Landfall.Platform.Briefs;

/// <summary>Checks the techniques asked for against those of this release.</summary>
internal static class TechniqueRules
{
    public static void Check(BriefFindings findings, ITechniqueCatalogue techniques)
    {
        if (findings.Parts.Techniques is not { Count: > 0 } requests)
        {
            CheckAuto(findings, techniques);
            return;
        }

        // Only names that nothing is known of leave open whether the rest is enough.
        var open = 0;
        var able = 0;
        foreach (var technique in requests)
        {
            if (techniques.TryGetSettings(technique.Request.Technique, out var settings))
            {
                CheckSettings(technique, settings, findings);
                able += IsFit(technique, findings, techniques) ? 1 : 0;
            }
            else
            {
                open += CheckUnknown(technique, findings, techniques) ? 0 : 1;
            }
        }

        if (able == 0 && open == 0)
        {
            findings.Error("no-technique", "techniques", $"None of the techniques listed can run. Add one of {string.Join(", ", techniques.Names)}, or write techniques: auto.");
        }
    }

    /// <summary>How many techniques a landing of this brief would compare; at least 1.</summary>
    public static int Compared(BriefParts parts, ITechniqueCatalogue techniques) => Math.Max(1, parts.Techniques is { Count: > 0 } requests
        ? requests.Count(t => techniques.TryGetSettings(t.Request.Technique, out _))
        : techniques.Names.Count(techniques.IsAvailable));

    private static void CheckAuto(BriefFindings findings, ITechniqueCatalogue techniques)
    {
        if (findings.Parts.Techniques is null
            && findings.Parsed.Brief is { } brief
            && techniques.Names.Select(n => techniques.WhyUnfit(n, brief)).ToList() is var reasons
            && reasons.TrueForAll(r => r is not null))
        {
            findings.Error("no-technique", "techniques", $"No technique of this release can serve this brief. {string.Join(" ", reasons.Distinct(StringComparer.Ordinal))}");
        }
    }

    /// <summary>Reports a name that is not in this release; true when it is at least a word of the product's.</summary>
    private static bool CheckUnknown(TechniqueParts technique, BriefFindings findings, ITechniqueCatalogue techniques)
    {
        var name = technique.Request.Technique;
        if (TechniqueNames.Known.Contains(name))
        {
            findings.Warn("technique-unavailable", technique.Field, $"'{name}' is not available in this release: skipped.");
            return true;
        }

        var known = techniques.Names.Union(TechniqueNames.Known, StringComparer.Ordinal).ToList();
        findings.Error("unknown-technique", technique.Field, $"There is no technique {Shown.Text(name)}.{NearestName.Hint(name, known)} Techniques of this release: {string.Join(", ", techniques.Names)}.");
        return false;
    }

    private static void CheckSettings(TechniqueParts technique, IReadOnlyCollection<string> settings, BriefFindings findings)
    {
        foreach (var name in technique.Request.Settings.Keys.Where(k => !settings.Contains(k)))
        {
            var known = settings.Count == 0 ? "It takes none." : $"Its settings are {string.Join(", ", settings.Order(StringComparer.Ordinal))}.";
            findings.Error(
                "unknown-setting",
                $"{technique.Field}.{technique.Request.Technique}.{Shown.Text(name).Trim('\'')}",
                $"'{technique.Request.Technique}' has no setting {Shown.Text(name)}.{NearestName.Hint(name, settings)} {known}");
        }
    }

    private static bool IsFit(TechniqueParts technique, BriefFindings findings, ITechniqueCatalogue techniques)
    {
        if (findings.Parsed.Brief is not { } brief || techniques.WhyUnfit(technique.Request.Technique, brief) is not { } reason)
        {
            return true;
        }

        findings.Warn("technique-unfit", technique.Field, $"'{technique.Request.Technique}' is skipped: {reason}");
        return false;
    }
}
