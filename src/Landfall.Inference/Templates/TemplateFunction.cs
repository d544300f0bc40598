namespace Landfall.Inference.Templates;

/// <summary>A function, method or macro.</summary>
internal delegate object? TemplateFunction(TemplateRendering rendering, TemplateArguments arguments);

/// <summary>What changes a value.</summary>
internal delegate object? TemplateFilter(TemplateRendering rendering, object? value, TemplateArguments arguments);

/// <summary>What asks something about a value.</summary>
internal delegate bool TemplateTest(TemplateRendering rendering, object? value, TemplateArguments arguments);

/// <summary>The arguments of a call.</summary>
/// <param name="Positional">By position.</param>
/// <param name="Named">By name.</param>
internal sealed record TemplateArguments(List<object?> Positional, Dictionary<string, object?> Named)
{
    /// <summary>No arguments.</summary>
    public static TemplateArguments None { get; } = new([], []);

    /// <summary>How many there are.</summary>
    public int Count => Positional.Count + Named.Count;

    /// <summary>An argument by position or name, or another value where it was not given.</summary>
    public object? Get(int position, string name, object? otherwise = null) =>
        position < Positional.Count ? Positional[position] : Named.GetValueOrDefault(name, otherwise);

    /// <summary>Whether an argument was given.</summary>
    public bool Has(int position, string name) => position < Positional.Count || Named.ContainsKey(name);

    /// <summary>An argument that must be a text, or null where it was not given or is None.</summary>
    public string? Text(TemplateRendering rendering, int position, string name) => Get(position, name) switch
    {
        null => null,
        string text => text,
        var value => throw rendering.Fail($"the argument '{name}' is {TemplateValue.Kind(value)}, where a text is expected."),
    };

    /// <summary>An argument that must be a whole number.</summary>
    public long Whole(TemplateRendering rendering, int position, string name, long otherwise) => Get(position, name, otherwise) switch
    {
        long whole => whole,
        bool truth => truth ? 1 : 0,
        var value => throw rendering.Fail($"the argument '{name}' is {TemplateValue.Kind(value)}, where a whole number is expected."),
    };

    /// <summary>The arguments after the first ones.</summary>
    public TemplateArguments Skip(int count) => new(Positional.Count > count ? Positional[count..] : [], Named);
}
