using Landfall.Platform.Search;

namespace Landfall.Platform.Briefs;

/// <summary>Reads <c>search</c>: one search, or a list of them.</summary>
internal static class SearchReader
{
    private const int Most = 20;
    private const int MostSettings = 20;
    private const string Example = "search: { technique: linear, trials: 30 }";

    public static void Read(BriefMapping mapping, BriefReading reading, BriefParts parts)
    {
        if (!mapping.TryGet("search", out var node, out var field))
        {
            return;
        }

        if (node is YamlSequence { Items.Count: > Most and var count })
        {
            reading.Error("too-many-searches", node.Line, field, $"There are {Shown.Count(count)} searches; the limit is {Most}. Keep those that matter.");
            return;
        }

        if (node is YamlSequence { Items.Count: 0 })
        {
            reading.Error("search-values", node.Line, field, $"The list of searches is empty. Write {Example}, or leave it out.");
            return;
        }

        var items = node is YamlSequence ? reading.Items(node, field, Example) : [(node, field)];
        foreach (var (item, path) in items)
        {
            if (reading.Mapping(item, path, BriefKeys.Search, Example) is { } search)
            {
                ReadSearch(search, path, reading, parts);
            }
        }
    }

    private static void ReadSearch(BriefMapping search, string path, BriefReading reading, BriefParts parts)
    {
        var technique = reading.Required(search, "technique", "missing-field", "Name the technique whose settings are searched for, such as linear.") is { } node
            ? reading.Text(node, $"{path}.technique") : null;
        if (technique is not null && parts.Searches.Find(other => other.Search.Technique == technique) is { } first)
        {
            reading.Error("duplicate-search", search.Line, path, $"There are two searches for {Shown.Text(technique)}; the first is on line {reading.Positions[first.Field]}. Keep one of them.");
            return;
        }

        parts.Searches.Add(new SearchParts(path, new BriefSearch(technique ?? "")
        {
            Trials = search.TryGet("trials", out var trials, out var field) ? reading.Whole(trials, field, 1, BriefSearch.MostTrials, "trials: 30") ?? 1 : BriefSearch.DefaultTrials,
            Method = search.TryGet("method", out var method, out field) ? ReadMethod(method, field, reading) : SearchMethods.Default,
            Metric = search.TryGet("metric", out var metric, out field) ? reading.Text(metric, field) : null,
            Seed = search.TryGet("seed", out var seed, out field) ? reading.Whole(seed, field, 0, int.MaxValue, "seed: 1") ?? 0 : BriefSearch.DefaultSeed,
            Time = search.TryGet("time", out var time, out field) ? ReadTime(time, field, reading) : null,
            Space = search.TryGet("settings", out var settings, out field) ? ReadSpace(settings, field, reading) : null,
        }));
    }

    private static string ReadMethod(YamlNode node, string field, BriefReading reading)
    {
        var names = SearchMethods.BuiltIn.Names;
        if (reading.Text(node, field) is { } method && !names.Contains(method))
        {
            reading.Error("unknown-value", node.Line, field, $"'{field}' cannot be {Shown.Text(method)}.{NearestName.Hint(method, names)} It is one of {string.Join(", ", names)}.");
        }

        return node is YamlScalar { Text: var text } ? text.Trim() : "";
    }

    private static TimeSpan? ReadTime(YamlNode node, string field, BriefReading reading)
    {
        if (reading.Text(node, field) is not { } text || DurationText.TryParse(text, out var time))
        {
            return node is YamlScalar scalar && DurationText.TryParse(scalar.Text.Trim(), out time) ? time : null;
        }

        reading.Error("search-time", node.Line, field, $"{Shown.Text(text)} is no duration above zero and up to 30 days. Write a number with its unit, such as 90s, 10m or 1h30m.");
        return null;
    }

    private static SearchSpace? ReadSpace(YamlNode node, string field, BriefReading reading)
    {
        const string example = "settings: { cost: { from: 0.01, to: 100, scale: log } }";
        reading.Positions[field] = node.Line;
        if (node is not YamlMapping { Entries: [_, ..] entries })
        {
            reading.WrongType(node, field, "a mapping of settings with their values", example);
            return null;
        }

        if (entries.Count > MostSettings)
        {
            reading.Error("search-values", node.Line, field, $"There are {Shown.Count(entries.Count)} settings; the limit is {MostSettings}. Keep those that matter.");
            return null;
        }

        var settings = new List<SearchSetting>();
        foreach (var entry in entries)
        {
            var path = BriefReading.Join(field, Shown.Text(entry.Key).Trim('\''));
            reading.Positions[path] = entry.Line;
            if (settings.Exists(setting => setting.Name == entry.Key))
            {
                reading.Error("duplicate-key", entry.Line, path, $"The setting {Shown.Text(entry.Key)} is given twice. Keep one of them.");
            }
            else if (ReadSetting(entry, path, reading) is { } setting)
            {
                settings.Add(setting);
            }
        }

        return new SearchSpace(settings);
    }

    private static SearchSetting? ReadSetting(YamlEntry entry, string path, BriefReading reading) => entry.Value switch
    {
        YamlMapping => ReadNumber(entry, path, reading),
        YamlSequence list => ReadChoice(entry.Key, list, path, reading),
        YamlScalar { IsNull: false } => reading.Text(entry.Value, path) is { } only ? new ChoiceSetting(entry.Key, [only]) : null,
        _ => WrongSetting(entry.Value, path, reading),
    };

    private static ChoiceSetting? WrongSetting(YamlNode node, string path, BriefReading reading)
    {
        reading.WrongType(node, path, "a value, a list of values, or a range", "[4, 8, 16], or { from: 0.01, to: 100, scale: log }");
        return null;
    }

    private static ChoiceSetting? ReadChoice(string name, YamlSequence list, string path, BriefReading reading)
    {
        const int most = 50;
        var values = reading.Texts(list, path, "a list of values, such as [4, 8, 16]");
        if (list.Items.Count is 0 or > most)
        {
            reading.Error("search-values", list.Line, path, $"'{path}' has {Shown.Count(list.Items.Count)} values; it needs 1 to {most}. Write a list, such as [4, 8, 16].");
            return null;
        }

        if (values.GroupBy(value => value, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            reading.Error("search-values", list.Line, path, $"'{path}' has the value {Shown.Text(twice.Key)} twice. Keep one of them.");
            return null;
        }

        return values.Count == list.Items.Count ? new ChoiceSetting(name, values) : null;
    }

    private static NumberSetting? ReadNumber(YamlEntry entry, string path, BriefReading reading)
    {
        const string example = "{ from: 0.01, to: 100, scale: log }";
        if (reading.Mapping(entry.Value, path, BriefKeys.SearchRange, example) is not { } range)
        {
            return null;
        }

        var from = reading.Required(range, "from", "missing-field", "Write the least value to try, such as from: 0.01.") is { } fromNode ? reading.Number(fromNode, $"{path}.from", "0.01") : null;
        var to = reading.Required(range, "to", "missing-field", "Write the greatest value to try, such as to: 100.") is { } toNode ? reading.Number(toNode, $"{path}.to", "100") : null;
        var isLog = range.TryGet("scale", out var scale, out var field) && reading.Word<RangeScale>(scale, field, BriefKeys.RangeScales) == RangeScale.Log;
        var isWhole = range.TryGet("whole", out var whole, out field) && reading.Truth(whole, field);
        if (from is null || to is null)
        {
            return null;
        }

        var setting = new NumberSetting(entry.Key, from.Value, to.Value, isLog, isWhole);
        if (WhyRefused(setting) is not { } why)
        {
            return setting;
        }

        reading.Error("search-range", entry.Value.Line, path, $"'{path}' goes from {Shown.Number(from.Value)} to {Shown.Number(to.Value)}{why}");
        return null;
    }

    private static string? WhyRefused(NumberSetting range) =>
        range.From >= range.To ? ": 'to' must be above 'from'. A single value is written as it is."
        : Math.Max(Math.Abs(range.From), Math.Abs(range.To)) > NumberSetting.Largest ? $"; numbers beyond {Shown.Number(NumberSetting.Largest)} are not searched. Narrow it."
        : range.IsWhole && (range.From != Math.Floor(range.From) || range.To != Math.Floor(range.To)) ? ", and its values are whole: both ends must be."
        : range.IsLog && range.From < (range.IsWhole ? 1 : 1 / NumberSetting.Largest) ? $" on a log scale, which has no place for 0 or less. Begin with {(range.IsWhole ? "1" : "a number above 0")}, or leave 'scale' out."
        : null;
}

/// <summary>How far apart values of a range are.</summary>
internal enum RangeScale
{
    Linear,
    Log,
}
