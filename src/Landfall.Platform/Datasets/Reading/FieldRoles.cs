using System.Text;

namespace Landfall.Platform.Datasets.Reading;

/// <summary>Which field is the input and which the expected output: decided once per file, by its header or its first row.</summary>
internal sealed record FieldRoles(string Text, string Expected)
{
    /// <summary>Names of the input, best first.</summary>
    public static IReadOnlyList<string> TextNames { get; } = ["text", "input", "question", "message", "prompt", "query", "utterance"];

    /// <summary>Names of the expected output, best first.</summary>
    public static IReadOnlyList<string> ExpectedNames { get; } = ["label", "intent", "answer", "output", "expected", "response", "target", "category"];

    /// <summary>No field has a role: all become further fields.</summary>
    public static FieldRoles None { get; } = new("", "");

    public bool IsNone => Text.Length == 0;

    public byte[] TextUtf8 { get; } = Encoding.UTF8.GetBytes(Text);

    public byte[] ExpectedUtf8 { get; } = Encoding.UTF8.GetBytes(Expected);

    public static bool IsRole(string name) => Find([name], TextNames) is not null || Find([name], ExpectedNames) is not null;

    /// <summary>The roles that are given beforehand, or null when the file's names decide.</summary>
    public static FieldRoles? Given(RowReading reading) => reading switch
    {
        { FieldsOnly: true } => None,
        { TextField: { } text, ExpectedField: { } expected } => new FieldRoles(text, expected),
        _ => null,
    };

    /// <summary>Whether names have both roles.</summary>
    public static bool AreIn(IReadOnlyList<string> names) => Find(names, TextNames) is not null && Find(names, ExpectedNames) is not null;

    /// <summary>Chooses among the names of a file.</summary>
    /// <exception cref="DataFormatException">There is no field for one of the two.</exception>
    public static FieldRoles Choose(IReadOnlyList<string> names, string file, long line, string what)
    {
        var text = Find(names, TextNames);
        var expected = Find(names, ExpectedNames);
        if (text is not null && expected is not null)
        {
            return new FieldRoles(text, expected);
        }

        var missing = new List<string>();
        if (text is null)
        {
            missing.Add($"the input ({string.Join(", ", TextNames)})");
        }

        if (expected is null)
        {
            missing.Add($"the expected output ({string.Join(", ", ExpectedNames)})");
        }

        throw new DataFormatException(file, line, $"no {what} for {string.Join(" nor for ", missing)}; found {Listed(names)}. Rename the {what}s that hold them.");
    }

    /// <summary>Names in a message: the first few, shortened.</summary>
    public static string Listed(IReadOnlyList<string> names) =>
        names.Count == 0 ? "none" : string.Join(", ", names.Take(8).Select(n => $"'{Shortened(n)}'")) + (names.Count > 8 ? $" and {names.Count - 8} more" : "");

    public static string Shortened(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= 40 ? line : string.Concat(line.AsSpan(0, char.IsHighSurrogate(line[39]) ? 39 : 40), "...");
    }

    private static string? Find(IReadOnlyList<string> names, IReadOnlyList<string> wanted) =>
        wanted.Select(w => names.FirstOrDefault(n => string.Equals(n.Trim(), w, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(n => n is not null);
}
