namespace Landfall.Platform.Briefs;

/// <summary>Reads <c>techniques</c>.</summary>
internal static class TechniqueReader
{
    private const string Example = "techniques: auto, or a list: [nearest, linear: { threshold: none }]";

    public static void Read(BriefMapping mapping, BriefReading reading, BriefParts parts)
    {
        if (!mapping.TryGet("techniques", out var node, out var field) || node is YamlScalar { Text: "auto" })
        {
            return;
        }

        if (node is YamlScalar single)
        {
            reading.Error("wrong-type", node.Line, field, $"'techniques' must be auto or a list; found {Shown.Kind(single)}. Write {Example}.");
            return;
        }

        var found = new List<TechniqueParts>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (item, path) in reading.Items(node, field, Example))
        {
            if (ReadTechnique(item, path, reading) is not { } request)
            {
                continue;
            }

            if (lines.TryAdd(Identity(request), item.Line))
            {
                found.Add(new TechniqueParts(path, request));
            }
            else
            {
                reading.Error("duplicate-technique", item.Line, path, $"{Shown.Text(request.Technique)} with these settings was already listed on line {lines[Identity(request)]}. Keep one of them.");
            }
        }

        if (node is YamlSequence { Items.Count: 0 })
        {
            reading.Error("no-technique", node.Line, field, $"The list of techniques is empty. Write {Example}.");
        }

        parts.Techniques = found;
    }

    private static TechniqueRequest? ReadTechnique(YamlNode node, string field, BriefReading reading)
    {
        switch (node)
        {
            case YamlScalar { IsNull: false } scalar:
                return new TechniqueRequest(scalar.Text.Trim(), new Dictionary<string, string>(StringComparer.Ordinal));
            case YamlMapping { Entries: [var entry] }:
                return entry.Value is YamlScalar { IsNull: true }
                    ? new TechniqueRequest(entry.Key, new Dictionary<string, string>(StringComparer.Ordinal))
                    : ReadSettings(entry, field, reading);
            default:
                reading.WrongType(node, field, "a technique's name, or one name with its settings", "linear, or linear: { threshold: none }");
                return null;
        }
    }

    private static TechniqueRequest? ReadSettings(YamlEntry entry, string field, BriefReading reading)
    {
        var path = BriefReading.Join(field, Shown.Text(entry.Key).Trim('\''));
        if (entry.Value is not YamlMapping mapping)
        {
            reading.WrongType(entry.Value, path, "a mapping of settings", "linear: { threshold: none }");
            return null;
        }

        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var setting in mapping.Entries)
        {
            var settingPath = BriefReading.Join(path, Shown.Text(setting.Key).Trim('\''));
            reading.Positions[settingPath] = setting.Line;
            if (reading.Text(setting.Value, settingPath) is not { } value)
            {
                continue;
            }

            if (!settings.TryAdd(setting.Key, value))
            {
                reading.Error("duplicate-key", setting.Line, settingPath, $"The setting {Shown.Text(setting.Key)} is given twice. Keep one of them.");
            }
        }

        return new TechniqueRequest(entry.Key, settings);
    }

    private static string Identity(TechniqueRequest request) =>
        string.Join('\n', request.Settings.Select(s => $"{s.Key}={s.Value}").Prepend(request.Technique));
}
