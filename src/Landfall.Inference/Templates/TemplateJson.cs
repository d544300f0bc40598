using System.Globalization;
using System.Numerics;
using System.Text;

namespace Landfall.Inference.Templates;

/// <summary>
/// Writes values as chat templates expect it of <c>tojson</c>: Python's json.dumps without escaping what is not ASCII,
/// with ", " and ": " between, keys in their order.
/// </summary>
internal sealed class TemplateJson
{
    private readonly TemplateRendering _rendering;
    private readonly StringBuilder _builder = new();
    private readonly string? _indent;
    private readonly string _itemSeparator;
    private readonly string _keySeparator;
    private readonly bool _ascii;
    private readonly bool _sorted;

    private TemplateJson(TemplateRendering rendering, TemplateArguments arguments)
    {
        _rendering = rendering;
        _ascii = TemplateValue.IsTrue(arguments.Get(0, "ensure_ascii", false));
        _indent = Indent(rendering, arguments.Get(1, "indent"));
        _sorted = TemplateValue.IsTrue(arguments.Get(3, "sort_keys", false));
        (_itemSeparator, _keySeparator) = arguments.Get(2, "separators") switch
        {
            List<object?> and [string item, string key] => (item, key),
            null => (_indent is null ? ", " : ",", ": "),
            _ => throw rendering.Fail("tojson's separators are two texts."),
        };
    }

    /// <summary>A value as JSON.</summary>
    public static string Write(TemplateRendering rendering, object? value, TemplateArguments arguments)
    {
        var writer = new TemplateJson(rendering, arguments);
        writer.Write(value, 0);
        return rendering.Made(writer._builder.ToString());
    }

    private static string? Indent(TemplateRendering rendering, object? value) => value switch
    {
        null => null,
        string text => text,
        bool truth => truth ? " " : "",
        long count when count <= 64 => new string(' ', (int)Math.Max(0, count)),
        _ => throw rendering.Fail("tojson's indent is a text or a number up to 64."),
    };

    private void Write(object? value, int depth)
    {
        _rendering.Step(_rendering.At);
        switch (value)
        {
            case null:
                _builder.Append("null");
                break;
            case string text:
                Quote(text);
                break;
            case bool or long or double or BigInteger:
                _builder.Append(Number(value));
                break;
            case List<object?> list:
                WriteItems('[', ']', list.Count, depth, index => Write(list[index], depth + 1));
                break;
            case TemplateMap map:
                var items = _sorted ? [.. map.Items.OrderBy(item => Name(item.Key), StringComparer.Ordinal)] : map.Items.ToArray();
                WriteItems('{', '}', items.Length, depth, index =>
                {
                    Quote(Name(items[index].Key));
                    _builder.Append(_keySeparator);
                    Write(items[index].Value, depth + 1);
                });
                break;
            default:
                throw _rendering.Fail($"{TemplateValue.Kind(value)} cannot be written as JSON.");
        }
    }

    private void WriteItems(char open, char close, int count, int depth, Action<int> write)
    {
        _rendering.Charge((long)count * (_itemSeparator.Length + _keySeparator.Length) / 4);
        _builder.Append(open);
        for (var i = 0; i < count; i++)
        {
            _builder.Append(i > 0 ? _itemSeparator : "");
            Break(depth + 1);
            write(i);
        }

        if (count > 0)
        {
            Break(depth);
        }

        _builder.Append(close);
    }

    private void Break(int depth)
    {
        if (_indent is null)
        {
            return;
        }

        _rendering.Charge((long)depth * _indent.Length / 8);
        _builder.Append('\n');
        for (var i = 0; i < depth; i++)
        {
            _builder.Append(_indent);
        }
    }

    private string Name(object key) => TemplateValue.Key(key) switch
    {
        null => "null",
        string text => text,
        var value => Number(value),
    };

    private static string Number(object? value) => value switch
    {
        bool truth => truth ? "true" : "false",
        long whole => whole.ToString(CultureInfo.InvariantCulture),
        double real when !double.IsFinite(real) => double.IsNaN(real) ? "NaN" : real > 0 ? "Infinity" : "-Infinity",
        double real => TemplateText.Float(real),
        BigInteger big => big.ToString(CultureInfo.InvariantCulture),
        _ => "",
    };

    private void Quote(string text)
    {
        _rendering.Charge(text.Length / 8);
        _builder.Append('"');
        foreach (var character in text)
        {
            switch (character)
            {
                case '"' or '\\':
                    _builder.Append('\\').Append(character);
                    break;
                case '\n':
                    _builder.Append("\\n");
                    break;
                case '\r':
                    _builder.Append("\\r");
                    break;
                case '\t':
                    _builder.Append("\\t");
                    break;
                case '\b':
                    _builder.Append("\\b");
                    break;
                case '\f':
                    _builder.Append("\\f");
                    break;
                case < ' ':
                case > '~' when _ascii:
                    _builder.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
                    break;
                default:
                    _builder.Append(character);
                    break;
            }
        }

        _builder.Append('"');
    }
}
