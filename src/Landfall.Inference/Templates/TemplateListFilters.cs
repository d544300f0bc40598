using System.Runtime.ExceptionServices;

namespace Landfall.Inference.Templates;

/// <summary>The filters of Jinja on lists.</summary>
internal static class TemplateListFilters
{
    /// <summary>A filter, or null for a name that is none.</summary>
    public static TemplateFilter? Find(string name) => name switch
    {
        "list" => (rendering, value, _) => TemplateValue.Iterate(rendering, value).ToList(),
        "first" => (rendering, value, _) => TemplateValue.Iterate(rendering, value) is [var first, ..] ? first : new TemplateUndefined("there is no first element"),
        "last" => (rendering, value, _) => TemplateValue.Iterate(rendering, value) is [.., var last] ? last : new TemplateUndefined("there is no last element"),
        "reverse" => Reverse,
        "join" => (rendering, value, arguments) => TemplateMethods.Join(
            rendering,
            TemplateValue.Print(rendering, arguments.Get(0, "d", "")),
            arguments.Get(1, "attribute") is { } attribute ? Attributes(rendering, TemplateValue.Iterate(rendering, value), attribute) : TemplateValue.Iterate(rendering, value)),
        "map" => Map,
        "select" => (rendering, value, arguments) => Where(rendering, value, arguments, attribute: false, wanted: true),
        "reject" => (rendering, value, arguments) => Where(rendering, value, arguments, attribute: false, wanted: false),
        "selectattr" => (rendering, value, arguments) => Where(rendering, value, arguments, attribute: true, wanted: true),
        "rejectattr" => (rendering, value, arguments) => Where(rendering, value, arguments, attribute: true, wanted: false),
        "unique" => Unique,
        "sort" => (rendering, value, arguments) =>
            Sort(rendering, TemplateValue.Iterate(rendering, value), arguments.Get(2, "attribute"), arguments.Get(0, "reverse"), arguments.Get(1, "case_sensitive")),
        "min" => (rendering, value, arguments) => Sort(rendering, TemplateValue.Iterate(rendering, value), arguments.Get(1, "attribute"), false, arguments.Get(0, "case_sensitive")) is [var least, ..]
            ? least : new TemplateUndefined("there is no least element"),
        "max" => (rendering, value, arguments) => Sort(rendering, TemplateValue.Iterate(rendering, value), arguments.Get(1, "attribute"), true, arguments.Get(0, "case_sensitive")) is [var most, ..]
            ? most : new TemplateUndefined("there is no greatest element"),
        "sum" => Sum,
        "groupby" => GroupBy,
        "batch" => Batch,
        _ => null,
    };

    /// <summary>Elements in order; texts without regard to case unless wanted.</summary>
    public static List<object?> Sort(TemplateRendering rendering, IReadOnlyList<object?> values, object? attribute, object? reverse, object? caseSensitive)
    {
        var keys = attribute is null ? values : Attributes(rendering, values, attribute);
        var ordinal = TemplateValue.IsTrue(caseSensitive);
        var comparer = Comparer<object?>.Create((left, right) => TemplateValue.Compare(rendering, left, right));
        var pairs = values.Zip(keys, (value, key) => (Value: value, Key: Key(rendering, key, ordinal)));
        var sorted = TemplateValue.IsTrue(reverse) ? pairs.OrderByDescending(pair => pair.Key, comparer) : pairs.OrderBy(pair => pair.Key, comparer);
        try
        {
            return [.. sorted.Select(pair => pair.Value)];
        }
        catch (InvalidOperationException exception) when (exception.InnerException is ChatTemplateException inner)
        {
            ExceptionDispatchInfo.Throw(inner);
            throw;
        }
    }

    /// <summary>An element that a filter or a test goes to: a step, and a text's length.</summary>
    private static object? Visit(TemplateRendering rendering, object? item)
    {
        rendering.Step(rendering.At);
        return item is string text ? rendering.Made(text) : item;
    }

    /// <summary>What an element is sorted or told apart by.</summary>
    private static object? Key(TemplateRendering rendering, object? value, bool ordinal)
    {
        rendering.Step(rendering.At);
        return value is string text && !ordinal ? rendering.Made(text).ToLowerInvariant() : value;
    }

    /// <summary>An attribute of each element; dots lead further in.</summary>
    private static List<object?> Attributes(TemplateRendering rendering, IReadOnlyList<object?> values, object? attribute, object? otherwise = null)
    {
        var path = attribute is string text ? text.Split('.') : null;
        var found = new List<object?>(values.Count);
        foreach (var value in values)
        {
            rendering.Step(rendering.At);
            var inner = path is null ? TemplateAccess.Item(rendering, value, attribute) : value;
            foreach (var name in path ?? [])
            {
                rendering.Charge(1 + (name.Length / 8));
                inner = long.TryParse(name, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var index)
                    ? TemplateAccess.Item(rendering, inner, index) : inner is TemplateMap ? TemplateAccess.Item(rendering, inner, name) : TemplateAccess.Attribute(rendering, inner, name);
            }

            found.Add(inner is TemplateUndefined && otherwise is not null ? otherwise : inner);
        }

        return found;
    }

    private static object? Reverse(TemplateRendering rendering, object? value, TemplateArguments arguments)
    {
        var reversed = TemplateValue.Iterate(rendering, value).Reverse().ToList();
        return value is string ? string.Concat(reversed.Cast<string>()) : reversed;
    }

    private static List<object?> Map(TemplateRendering rendering, object? value, TemplateArguments arguments)
    {
        var values = TemplateValue.Iterate(rendering, value);
        if (arguments.Named.TryGetValue("attribute", out var attribute))
        {
            return Attributes(rendering, values, attribute, arguments.Named.GetValueOrDefault("default"));
        }

        var name = arguments.Text(rendering, 0, "filter") ?? throw rendering.Fail("map needs a filter or an attribute.");
        var filter = TemplateFilters.Find(name) ?? throw rendering.Fail($"the filter '{name}' is not supported.");
        var rest = arguments.Skip(1);
        return values.Select(item => filter(rendering, Visit(rendering, item), rest)).ToList();
    }

    private static List<object?> Where(TemplateRendering rendering, object? value, TemplateArguments arguments, bool attribute, bool wanted)
    {
        var values = TemplateValue.Iterate(rendering, value);
        var tested = attribute ? Attributes(rendering, values, arguments.Get(0, "attribute")) : values;
        arguments = attribute ? arguments.Skip(1) : arguments;
        TemplateTest test = (_, item, _) => TemplateValue.IsTrue(item);
        if (arguments.Positional.Count > 0)
        {
            var name = arguments.Text(rendering, 0, "test") ?? "";
            test = TemplateTests.Find(name) ?? throw rendering.Fail($"the test '{name}' is not supported.");
            arguments = arguments.Skip(1);
        }

        return [.. values.Where((_, index) => test(rendering, Visit(rendering, tested[index]), arguments) == wanted)];
    }

    private static List<object?> Unique(TemplateRendering rendering, object? value, TemplateArguments arguments)
    {
        var values = TemplateValue.Iterate(rendering, value);
        var keys = arguments.Get(1, "attribute") is { } attribute ? Attributes(rendering, values, attribute) : values;
        var ordinal = TemplateValue.IsTrue(arguments.Get(0, "case_sensitive"));
        var (seen, kept) = (new TemplateMap(), new List<object?>());
        for (var i = 0; i < values.Count; i++)
        {
            var key = keys[i] switch
            {
                List<object?> or TemplateMap => TemplateValue.Describe(rendering, keys[i]),
                var other => Key(rendering, other, ordinal),
            };
            if (!TemplateValue.TryGet(rendering, seen, key, out _))
            {
                seen.Set(key, null);
                kept.Add(values[i]);
            }
        }

        return kept;
    }

    private static object? Sum(TemplateRendering rendering, object? value, TemplateArguments arguments)
    {
        var values = TemplateValue.Iterate(rendering, value);
        values = arguments.Get(0, "attribute") is { } attribute ? Attributes(rendering, values, attribute) : values;
        return values.Aggregate(arguments.Get(1, "start", 0L), (sum, item) => TemplateArithmetic.Binary(rendering, "+", sum, item));
    }

    private static List<object?> GroupBy(TemplateRendering rendering, object? value, TemplateArguments arguments)
    {
        var attribute = arguments.Get(0, "attribute");
        var sorted = Sort(rendering, TemplateValue.Iterate(rendering, value), attribute, false, true);
        var keys = Attributes(rendering, sorted, attribute);
        var groups = new List<object?>();
        for (var i = 0; i < sorted.Count; i++)
        {
            if (i == 0 || !TemplateValue.AreEqual(rendering, keys[i - 1], keys[i]))
            {
                groups.Add(new TemplateTuple([keys[i], new List<object?>()]));
            }

            ((List<object?>)((List<object?>)groups[^1]!)[1]!).Add(sorted[i]);
        }

        return groups;
    }

    private static List<object?> Batch(TemplateRendering rendering, object? value, TemplateArguments arguments)
    {
        var size = (int)Math.Clamp(arguments.Whole(rendering, 0, "linecount", 1), 1, int.MaxValue);
        return [.. TemplateValue.Iterate(rendering, value).Chunk(size).Select(object? (chunk) => chunk.ToList())];
    }
}
