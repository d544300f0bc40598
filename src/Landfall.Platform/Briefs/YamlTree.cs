namespace Landfall.Platform.Briefs;

/// <summary>A YAML value with its line.</summary>
/// <param name="Line">1-based.</param>
/// <param name="Weight">Values in it, itself included, with aliases counted as often as they are used.</param>
internal abstract record YamlNode(int Line, int Weight);

/// <summary>A scalar.</summary>
/// <param name="Line">1-based.</param>
/// <param name="Text">Its text.</param>
/// <param name="IsPlain">Written without quotes: only such a scalar may be a number, a truth value, or nothing.</param>
internal sealed record YamlScalar(int Line, string Text, bool IsPlain) : YamlNode(Line, Weight: 1)
{
    public bool IsNull => IsPlain && Text is ("" or "~" or "null" or "Null" or "NULL");
}

/// <summary>A sequence.</summary>
internal sealed record YamlSequence(int Line, IReadOnlyList<YamlNode> Items) : YamlNode(Line, 1 + Items.Sum(i => i.Weight));

/// <summary>A mapping, in the order written, duplicates kept.</summary>
internal sealed record YamlMapping(int Line, IReadOnlyList<YamlEntry> Entries) : YamlNode(Line, 1 + Entries.Sum(e => 1 + e.Value.Weight));

/// <summary>An entry of a mapping.</summary>
internal sealed record YamlEntry(int Line, string Key, YamlNode Value);

/// <summary>YAML that cannot be read on from the place of the problem.</summary>
internal sealed class YamlTreeException(string code, long line, string problem) : Exception(problem)
{
    public string Code { get; } = code;

    public int Line { get; } = (int)Math.Clamp(line, 0, int.MaxValue);
}
