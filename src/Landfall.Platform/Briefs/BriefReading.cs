using System.Globalization;
using Landfall.Protocol.Briefs;

namespace Landfall.Platform.Briefs;

/// <summary>Collects problems and lines while a brief's values are read.</summary>
internal sealed class BriefReading
{
    public List<BriefProblem> Problems { get; } = [];

    public Dictionary<string, int> Positions { get; } = new(StringComparer.Ordinal);

    public void Error(string code, int line, string field, string message) =>
        Problems.Add(new BriefProblem(Severity.Error, code, line, field, message));

    public void Warn(string code, int line, string field, string message) =>
        Problems.Add(new BriefProblem(Severity.Warning, code, line, field, message));

    /// <summary>A mapping with known keys, or null.</summary>
    /// <param name="node">The value.</param>
    /// <param name="field">Its path.</param>
    /// <param name="known">The keys it may have.</param>
    /// <param name="example">How to write it.</param>
    public BriefMapping? Mapping(YamlNode node, string field, IReadOnlyList<string> known, string example)
    {
        Positions[field] = node.Line;
        if (node is not YamlMapping mapping)
        {
            WrongType(node, field, "a mapping", example);
            return null;
        }

        var entries = new Dictionary<string, YamlEntry>(StringComparer.Ordinal);
        foreach (var entry in mapping.Entries)
        {
            var path = Join(field, Path(entry.Key));
            if (!known.Contains(entry.Key))
            {
                Error("unknown-key", entry.Line, path, $"The key {Shown.Text(entry.Key)} is not known here.{NearestName.Hint(entry.Key, known)} The keys are {string.Join(", ", known)}.");
            }
            else if (!entries.TryAdd(entry.Key, entry))
            {
                Error("duplicate-key", entry.Line, path, $"The key '{entry.Key}' was already given on line {entries[entry.Key].Line}. Keep one of them.");
            }
        }

        foreach (var (key, entry) in entries)
        {
            Positions[Join(field, key)] = entry.Line;
        }

        return new BriefMapping(field, mapping.Line, entries);
    }

    /// <summary>The value of a required key, or null (reported).</summary>
    public YamlNode? Required(BriefMapping mapping, string key, string code, string remedy)
    {
        if (mapping.Entries.TryGetValue(key, out var entry) && entry.Value is not YamlScalar { IsNull: true })
        {
            return entry.Value;
        }

        var found = entry is null ? "is missing" : "is empty";
        Error(code, entry?.Line ?? mapping.Line, Join(mapping.Field, key), $"'{Join(mapping.Field, key)}' {found}. {remedy}");
        return null;
    }

    /// <summary>A text, or null (reported).</summary>
    public string? Text(YamlNode node, string field)
    {
        if (node is not YamlScalar { IsNull: false } scalar)
        {
            WrongType(node, field, "a text", example: null);
            return null;
        }

        if (string.IsNullOrWhiteSpace(scalar.Text))
        {
            Error("empty-text", node.Line, field, $"'{field}' is an empty text. Fill it in.");
            return null;
        }

        return scalar.Text.Trim();
    }

    /// <summary>A list of texts; what is no text is reported and left out.</summary>
    public List<string> Texts(YamlNode node, string field, string example)
    {
        var texts = new List<string>();
        foreach (var (item, path) in Items(node, field, example))
        {
            if (Text(item, path) is { } text)
            {
                texts.Add(text);
            }
        }

        return texts;
    }

    /// <summary>The items of a list with their paths; none (reported) when it is no list.</summary>
    public IEnumerable<(YamlNode Item, string Field)> Items(YamlNode node, string field, string example)
    {
        if (node is not YamlSequence sequence)
        {
            WrongType(node, field, "a list", example);
            yield break;
        }

        for (var i = 0; i < sequence.Items.Count; i++)
        {
            var path = $"{field}[{i}]";
            Positions[path] = sequence.Items[i].Line;
            yield return (sequence.Items[i], path);
        }
    }

    /// <summary>A finite number written without quotes, or null (reported).</summary>
    public double? Number(YamlNode node, string field, string example = "0.9")
    {
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (node is YamlScalar { IsPlain: true } scalar)
        {
            if (double.TryParse(scalar.Text, style, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) && scalar.Text.Any(char.IsAsciiDigit))
            {
                return number;
            }

            if (scalar.Text.EndsWith('%') && double.TryParse(scalar.Text.AsSpan().TrimEnd('%'), style, CultureInfo.InvariantCulture, out var percent))
            {
                Error("wrong-type", node.Line, field, $"'{field}' is given in percent. Rates are fractions: write {Shown.Number(percent / 100)}.");
                return null;
            }
        }

        var quoted = node is YamlScalar { IsPlain: false } ? " in quotes" : "";
        Error("wrong-type", node.Line, field, $"'{field}' must be a number, such as {example}; found {Shown.Kind(node)}{quoted}.");
        return null;
    }

    /// <summary>A whole number within limits, or null (reported).</summary>
    public int? Whole(YamlNode node, string field, int least, int most, string example)
    {
        if (Number(node, field, example) is not { } number)
        {
            return null;
        }

        if (number < least || number > most || number != Math.Floor(number))
        {
            Error("number-range", node.Line, field, $"'{field}' must be a whole number from {least} to {Shown.Count(most)}; found {Shown.Number(number)}. Write {example}.");
            return null;
        }

        return (int)number;
    }

    /// <summary>Whether it says <c>true</c>; anything but true and false is reported.</summary>
    public bool Truth(YamlNode node, string field)
    {
        if (node is YamlScalar { IsPlain: true, Text: "true" or "false" } scalar)
        {
            return scalar.Text == "true";
        }

        WrongType(node, field, "true or false", example: null);
        return false;
    }

    /// <summary>One of an enum's words, or null (reported).</summary>
    public T? Word<T>(YamlNode node, string field, IReadOnlyList<string> words)
        where T : struct, Enum
    {
        if (Text(node, field) is not { } text)
        {
            return null;
        }

        foreach (var value in Enum.GetValues<T>())
        {
            if (BriefKeys.WordOf(value) == text)
            {
                return value;
            }
        }

        Error("unknown-value", node.Line, field, $"'{field}' cannot be {Shown.Text(text)}.{NearestName.Hint(text, words)} It is one of {string.Join(", ", words)}.");
        return null;
    }

    public void WrongType(YamlNode node, string field, string expected, string? example)
    {
        var name = field.Length == 0 ? "The brief" : $"'{field}'";
        var remedy = example is null ? "" : $" Write {example}.";
        Error("wrong-type", node.Line, field, $"{name} must be {expected}; found {Shown.Kind(node)}.{remedy}");
    }

    public static string Join(string field, string key) => field.Length == 0 ? key : $"{field}.{key}";

    /// <summary>A foreign key as part of a path: short, without line breaks.</summary>
    private static string Path(string key) => Shown.Text(key).Trim('\'');
}

/// <summary>A mapping's known entries.</summary>
internal sealed record BriefMapping(string Field, int Line, IReadOnlyDictionary<string, YamlEntry> Entries)
{
    /// <summary>The value of a key with its path, unless it is absent or empty.</summary>
    public bool TryGet(string key, out YamlNode node, out string field)
    {
        field = BriefReading.Join(Field, key);
        if (Entries.TryGetValue(key, out var entry) && entry.Value is not YamlScalar { IsNull: true })
        {
            node = entry.Value;
            return true;
        }

        node = null!;
        return false;
    }
}
