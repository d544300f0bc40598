namespace Landfall.Inference.Constraints.Patterns;

/// <summary>A regular expression, taken apart.</summary>
internal abstract record PatternNode
{
    /// <summary>Nothing at all, or a character of a class.</summary>
    public sealed record Characters(CharacterClass Class) : PatternNode;

    /// <summary>One after another; none is the empty text.</summary>
    public sealed record Sequence(IReadOnlyList<PatternNode> Items) : PatternNode;

    /// <summary>Any of them.</summary>
    public sealed record Alternatives(IReadOnlyList<PatternNode> Items) : PatternNode;

    /// <summary>So many times; <paramref name="Max"/> null: without end.</summary>
    public sealed record Repeat(PatternNode Item, int Min, int? Max) : PatternNode;

    public static PatternNode Empty { get; } = new Sequence([]);

    public static PatternNode Anything { get; } = new Repeat(new Characters(CharacterClass.Any), 0, null);
}
