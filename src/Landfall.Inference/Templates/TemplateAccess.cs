namespace Landfall.Inference.Templates;

/// <summary>Attributes, elements and parts of values.</summary>
internal static class TemplateAccess
{
    private const int LongestNamed = 100;

    /// <summary>An attribute: a method of the value first, then an element of that name.</summary>
    public static object? Attribute(TemplateRendering rendering, object? value, string name)
    {
        if (value is string text)
        {
            rendering.ChargeText(text);
        }

        return Named(rendering, value, name);
    }

    /// <summary>An element; for a name that is none, a method.</summary>
    public static object? Item(TemplateRendering rendering, object? value, object? key) => (value, key) switch
    {
        (TemplateUndefined undefined, _) => throw rendering.Fail($"{undefined.Problem}, and an element of it is asked for."),
        (TemplateMap map, _) when TemplateValue.TryGet(rendering, map, key, out var found) => found,
        (List<object?> list, long index) => Position(list.Count, index) is { } at ? list[at] : Missing(value, key),
        (string text, long index) => Position(Length(rendering, text), index) is { } at ? Character(rendering, text, at) : Missing(value, key),
        (_, bool truth) => Item(rendering, value, truth ? 1L : 0L),
        (_, string name) => Attribute(rendering, value, name),
        _ => Missing(value, key),
    };

    /// <summary>A part of a list or text, as Python's slices have it.</summary>
    public static object? Slice(TemplateRendering rendering, object? value, object? start, object? stop, object? step)
    {
        var by = Bound(rendering, step) ?? 1;
        if (by == 0)
        {
            throw rendering.Fail("a slice's step is zero.");
        }

        if (value is not (string or List<object?>))
        {
            throw rendering.Fail($"a part of {TemplateValue.Kind(value)} is asked for.");
        }

        var count = value is string text ? Length(rendering, text) : ((List<object?>)value).Count;
        rendering.Charge(count);
        by = Math.Clamp(by, -(long)count - 1, (long)count + 1);
        var (low, high) = by > 0 ? (0, count) : (-1, count - 1);
        var from = Clamp(Bound(rendering, start), by > 0 ? low : high, count, low, high);
        var to = Clamp(Bound(rendering, stop), by > 0 ? high : low, count, low, high);
        var indices = new List<int>();
        for (var at = (long)from; by > 0 ? at < to : at > to; at += by)
        {
            indices.Add((int)at);
        }

        if (value is List<object?> list)
        {
            var part = indices.ConvertAll(index => list[index]);
            return list is TemplateTuple ? new TemplateTuple(part) : part;
        }

        var characters = TemplateText.Characters((string)value);
        return string.Concat(indices.Select(index => characters[index]));
    }

    /// <summary>Whether a value is an element, a key, or a part of a text.</summary>
    public static bool Contains(TemplateRendering rendering, object? container, object? value) => (container, value) switch
    {
        (string text, string part) => Contains(rendering, text, part),
        (string, _) => throw rendering.Fail($"{TemplateValue.Kind(value)} is looked for in a text."),
        (TemplateMap, List<object?> or TemplateMap) => throw rendering.Fail($"{TemplateValue.Kind(value)} cannot be a key."),
        (TemplateMap map, _) => TemplateValue.TryGet(rendering, map, value, out _),
        _ => TemplateValue.Iterate(rendering, container).Any(item => TemplateValue.AreEqual(rendering, item, value)),
    };

    private static object? Named(TemplateRendering rendering, object? value, string name) => value switch
    {
        TemplateUndefined undefined => throw rendering.Fail($"{undefined.Problem}, and '{name}' of it is asked for."),
        TemplateLoop loop => loop.Find(name),
        TemplateNamespace space => space.Values.TryGetValue(name, out var found) ? found : Missing(value, name),
        _ => (object?)TemplateMethods.Find(value, name) ?? (value is TemplateMap map && TemplateValue.TryGet(rendering, map, name, out var item) ? item : Missing(value, name)),
    };

    private static bool Contains(TemplateRendering rendering, string text, string part)
    {
        rendering.ChargeSearch(rendering.Made(text), part);
        return text.Contains(part, StringComparison.Ordinal);
    }

    private static int Length(TemplateRendering rendering, string text)
    {
        rendering.ChargeGlance(text);
        return TemplateText.Length(text);
    }

    private static string Character(TemplateRendering rendering, string text, int at)
    {
        rendering.Charge(at / 8);
        return text.Length == TemplateText.Length(text) ? text[at].ToString() : text.EnumerateRunes().ElementAt(at).ToString();
    }

    private static TemplateUndefined Missing(object? value, object? key) =>
        new($"{TemplateValue.Kind(value)} has no '{(key is string { Length: <= LongestNamed } or long ? key : TemplateValue.Kind(key))}'");

    private static int? Position(int count, long index)
    {
        index = index < 0 ? index + count : index;
        return index >= 0 && index < count ? (int)index : null;
    }

    private static long? Bound(TemplateRendering rendering, object? bound) => bound switch
    {
        null => null,
        long whole => whole,
        bool truth => truth ? 1 : 0,
        _ => throw rendering.Fail($"a slice's bound is {TemplateValue.Kind(bound)}, where a whole number is expected."),
    };

    private static int Clamp(long? bound, int otherwise, int count, int low, int high)
    {
        if (bound is not { } index)
        {
            return otherwise;
        }

        index = index < 0 ? index + count : index;
        return (int)Math.Clamp(index, low, Math.Max(low, high));
    }
}
