using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace Landfall.Inference.Templates;

/// <summary>A variable, attribute or element that is not there. Prints as nothing; most other uses fail.</summary>
/// <param name="Problem">What is not there.</param>
internal sealed record TemplateUndefined(string Problem);

/// <summary>A dictionary: keys in the order in which they came.</summary>
internal sealed class TemplateMap
{
    private readonly OrderedDictionary<object, object?> _items = new(TemplateKeys.Instance);

    public int Count => _items.Count;

    public IEnumerable<object?> Keys => _items.Keys;

    public IEnumerable<object?> Values => _items.Values;

    public IEnumerable<KeyValuePair<object, object?>> Items => _items;

    /// <summary>Sets an element; None counts as a key too.</summary>
    public void Set(object? key, object? value) => _items[key ?? TemplateKeys.None] = value;

    public bool TryGet(object? key, out object? value) => _items.TryGetValue(key ?? TemplateKeys.None, out value);
}

/// <summary>A list that was written as a tuple, which shows in print only.</summary>
internal sealed class TemplateTuple(IEnumerable<object?> items) : List<object?>(items);

/// <summary>An object whose attributes a template may set, which outlives loops.</summary>
internal sealed class TemplateNamespace
{
    public Dictionary<string, object?> Values { get; } = new(StringComparer.Ordinal);
}

/// <summary>Keys are equal as Python has it: 1, 1.0 and True are one key.</summary>
internal sealed class TemplateKeys : IEqualityComparer<object>
{
    public static readonly TemplateKeys Instance = new();
    public static readonly object None = new();

    public new bool Equals(object? x, object? y) => (x, y) switch
    {
        (string a, string b) => a == b,
        (string, _) or (_, string) => false,
        _ => ReferenceEquals(x, y) || (TemplateValue.Number(x) is { } a && TemplateValue.Number(y) is { } b && a.Equals(b)),
    };

    public int GetHashCode(object obj) => obj is string text ? text.GetHashCode(StringComparison.Ordinal) : TemplateValue.Number(obj)?.GetHashCode() ?? obj.GetHashCode();
}

/// <summary>
/// Values are None (null), bool, long, double, BigInteger, string, List, TemplateMap, TemplateNamespace, functions and
/// TemplateUndefined, with Python's rules of truth, equality and order.
/// </summary>
internal static class TemplateValue
{
    /// <summary>Longer numbers are read as floats, for reading and printing takes the square of their length.</summary>
    private const int LongestWhole = 400;

    /// <summary>A number as double, with True as 1; null for what is no number.</summary>
    public static double? Number(object? value) => value switch
    {
        bool truth => truth ? 1 : 0,
        long whole => whole,
        double real => real,
        BigInteger big => (double)big,
        _ => null,
    };

    /// <summary>Whether a value counts as true.</summary>
    public static bool IsTrue(object? value) => value switch
    {
        null or TemplateUndefined => false,
        string text => text.Length > 0,
        List<object?> list => list.Count > 0,
        TemplateMap map => map.Count > 0,
        _ => Number(value) is not { } number || number != 0,
    };

    /// <summary>Whether two values are equal.</summary>
    public static bool AreEqual(TemplateRendering rendering, object? left, object? right)
    {
        rendering.Step(rendering.At);
        return (left, right) switch
        {
            (string a, string b) => AreEqual(rendering, a, b),
            (long a, long b) => a == b,
            (List<object?> a, List<object?> b) => a is TemplateTuple == b is TemplateTuple && a.Count == b.Count && a.Zip(b).All(pair => AreEqual(rendering, pair.First, pair.Second)),
            (TemplateMap a, TemplateMap b) => a.Count == b.Count && a.Items.All(item => TryGet(rendering, b, item.Key, out var other) && AreEqual(rendering, item.Value, other)),
            (TemplateUndefined, TemplateUndefined) => true,
            _ => ReferenceEquals(left, right) || (Number(left) is { } a && Number(right) is { } b && a.Equals(b)),
        };
    }

    /// <summary>An element of a dictionary; the look at its key is counted.</summary>
    public static bool TryGet(TemplateRendering rendering, TemplateMap map, object? key, out object? value)
    {
        rendering.ChargeGlance(key);
        return map.TryGet(key, out value);
    }

    /// <summary>The order of two values: numbers, texts, or lists.</summary>
    public static int Compare(TemplateRendering rendering, object? left, object? right)
    {
        rendering.Step(rendering.At);
        switch (left, right)
        {
            case (string a, string b):
                rendering.ChargeGlance(a.Length < b.Length ? a : b);
                return string.CompareOrdinal(a, b);
            case (List<object?> a, List<object?> b):
                for (var i = 0; i < Math.Min(a.Count, b.Count); i++)
                {
                    if (!AreEqual(rendering, a[i], b[i]))
                    {
                        return Compare(rendering, a[i], b[i]);
                    }
                }

                return a.Count.CompareTo(b.Count);
            case (long a, long b):
                return a.CompareTo(b);
            default:
                return Number(left) is { } x && Number(right) is { } y ? x.CompareTo(y)
                    : throw rendering.Fail($"{Kind(left)} and {Kind(right)} have no order.");
        }
    }

    /// <summary>The elements of a value: of a list, keys of a dictionary, characters of a text.</summary>
    public static IReadOnlyList<object?> Iterate(TemplateRendering rendering, object? value)
    {
        IReadOnlyList<object?> items = value switch
        {
            List<object?> list => list,
            TemplateMap map => [.. map.Keys.Select(Key)],
            string text => [.. text.EnumerateRunes().Select(object? (rune) => rune.ToString())],
            TemplateUndefined => [],
            _ => throw rendering.Fail($"{Kind(value)} has no elements to go through."),
        };
        rendering.Charge(items.Count);
        return items;
    }

    /// <summary>A key as the template sees it.</summary>
    public static object? Key(object? key) => ReferenceEquals(key, TemplateKeys.None) ? null : key;

    /// <summary>How many elements or characters a value has.</summary>
    public static long Length(TemplateRendering rendering, object? value) => value switch
    {
        string text => TemplateText.Length(text),
        List<object?> list => list.Count,
        TemplateMap map => map.Count,
        TemplateUndefined => 0,
        _ => throw rendering.Fail($"{Kind(value)} has no length."),
    };

    /// <summary>A value as it is printed.</summary>
    public static string Print(TemplateRendering rendering, object? value) => value switch
    {
        string text => text,
        TemplateUndefined => "",
        _ => rendering.Made(Describe(rendering, value)),
    };

    /// <summary>A value as Python's repr has it.</summary>
    public static string Describe(TemplateRendering rendering, object? value)
    {
        rendering.Step(rendering.At);
        return value switch
        {
            null => "None",
            bool truth => truth ? "True" : "False",
            long whole => whole.ToString(CultureInfo.InvariantCulture),
            BigInteger big => big.ToString(CultureInfo.InvariantCulture),
            double real => TemplateText.Float(real),
            string text => TemplateText.Quote(text),
            TemplateTuple tuple => "(" + Join(rendering, tuple.Select(item => Describe(rendering, item))) + (tuple.Count == 1 ? ",)" : ")"),
            List<object?> list => "[" + Join(rendering, list.Select(item => Describe(rendering, item))) + "]",
            TemplateMap map => "{" + Join(rendering, map.Items.Select(item => Describe(rendering, Key(item.Key)) + ": " + Describe(rendering, item.Value))) + "}",
            TemplateUndefined => "Undefined",
            TemplateNamespace => "<Namespace>",
            _ => "<function>",
        };
    }

    /// <summary>What kind of value it is, for messages.</summary>
    public static string Kind(object? value) => value switch
    {
        null => "None",
        bool => "a truth value",
        long or double or BigInteger => "a number",
        string => "a text",
        List<object?> => "a list",
        TemplateMap => "a dictionary",
        TemplateUndefined undefined => $"a value that is not there ({undefined.Problem})",
        TemplateNamespace => "a namespace",
        _ => "a function",
    };

    /// <summary>A JSON value as a template sees it.</summary>
    public static object? FromJson(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var map = new TemplateMap();
                foreach (var property in element.EnumerateObject())
                {
                    map.Set(Read(() => property.Name), FromJson(property.Value));
                }

                return map;
            case JsonValueKind.Array:
                return element.EnumerateArray().Select(FromJson).ToList();
            case JsonValueKind.String:
                return Read(element.GetString);
            case JsonValueKind.Number:
                return element.TryGetInt64(out var whole) ? (object)whole
                    : element.GetRawText() is { Length: <= LongestWhole } digits && BigInteger.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var big) ? big
                    : element.GetDouble();
            case JsonValueKind.True or JsonValueKind.False:
                return element.GetBoolean();
            default:
                return null;
        }
    }

    /// <summary>Reads a text of JSON.</summary>
    private static string? Read(Func<string?> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            throw new ChatTemplateException("a text or a name in the conversation holds half a surrogate pair, which is not text.", 1, 1);
        }
    }

    private static bool AreEqual(TemplateRendering rendering, string left, string right)
    {
        if (left.Length != right.Length)
        {
            return false;
        }

        rendering.ChargeGlance(left);
        return left == right;
    }

    private static string Join(TemplateRendering rendering, IEnumerable<string> parts)
    {
        var builder = new StringBuilder();
        foreach (var part in parts)
        {
            rendering.Charge(part.Length / 4);
            builder.Append(builder.Length > 0 ? ", " : "").Append(part);
        }

        return builder.ToString();
    }
}
