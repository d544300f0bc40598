namespace Landfall.Inference.Templates;

/// <summary>Methods of texts, dictionaries and lists, under Python's names.</summary>
internal static class TemplateMethods
{
    /// <summary>A method of a value, or null where it has none of that name.</summary>
    public static TemplateFunction? Find(object? value, string name) => value switch
    {
        string text => TextMethod(text, name),
        TemplateMap map => MapMethod(map, name),
        List<object?> list => ListMethod(list, name),
        _ => null,
    };

    private static TemplateFunction? TextMethod(string text, string name) => name switch
    {
        "strip" => (rendering, arguments) => TemplateText.Strip(rendering, text, arguments.Text(rendering, 0, "chars"), left: true, right: true),
        "lstrip" => (rendering, arguments) => TemplateText.Strip(rendering, text, arguments.Text(rendering, 0, "chars"), left: true, right: false),
        "rstrip" => (rendering, arguments) => TemplateText.Strip(rendering, text, arguments.Text(rendering, 0, "chars"), left: false, right: true),
        "split" => (rendering, arguments) => Split(rendering, text, arguments, fromEnd: false),
        "rsplit" => (rendering, arguments) => Split(rendering, text, arguments, fromEnd: true),
        "splitlines" => (rendering, _) => Lines(rendering, text),
        "startswith" => (rendering, arguments) => Any(rendering, arguments.Get(0, "prefix"), part => text.StartsWith(part, StringComparison.Ordinal)),
        "endswith" => (rendering, arguments) => Any(rendering, arguments.Get(0, "suffix"), part => text.EndsWith(part, StringComparison.Ordinal)),
        "upper" => (rendering, _) => rendering.Made(text.ToUpperInvariant()),
        "lower" => (rendering, _) => rendering.Made(text.ToLowerInvariant()),
        "title" => (rendering, _) => rendering.Made(TemplateText.Title(text)),
        "capitalize" => (rendering, _) => rendering.Made(TemplateText.Capitalize(text)),
        "replace" => (rendering, arguments) => Replace(rendering, text, arguments),
        "removeprefix" => (rendering, arguments) => arguments.Text(rendering, 0, "prefix") is { } prefix && text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : text,
        "removesuffix" => (rendering, arguments) => arguments.Text(rendering, 0, "suffix") is { Length: > 0 } suffix && text.EndsWith(suffix, StringComparison.Ordinal) ? text[..^suffix.Length] : text,
        "find" => (rendering, arguments) => Position(text, text.IndexOf(Required(rendering, text, arguments), StringComparison.Ordinal)),
        "rfind" => (rendering, arguments) => Position(text, text.LastIndexOf(Required(rendering, text, arguments), StringComparison.Ordinal)),
        "count" => (rendering, arguments) => Count(rendering, text, Required(rendering, text, arguments)),
        "join" => (rendering, arguments) => Join(rendering, text, TemplateValue.Iterate(rendering, arguments.Get(0, "iterable"))),
        "format" => (rendering, arguments) => TemplateFormat.Braces(rendering, text, arguments),
        "isdigit" => (_, _) => text.Length > 0 && text.All(char.IsDigit),
        "isalpha" => (_, _) => text.Length > 0 && text.All(char.IsLetter),
        "isalnum" => (_, _) => text.Length > 0 && text.All(char.IsLetterOrDigit),
        "isspace" => (_, _) => text.Length > 0 && text.All(TemplateLexer.IsSpace),
        "isupper" => (_, _) => text.Any(char.IsUpper) && !text.Any(char.IsLower),
        "islower" => (_, _) => text.Any(char.IsLower) && !text.Any(char.IsUpper),
        _ => null,
    };

    private static TemplateFunction? MapMethod(TemplateMap map, string name) => name switch
    {
        "items" => (rendering, _) => Items(rendering, map),
        "keys" => (rendering, _) => TemplateValue.Iterate(rendering, map).ToList(),
        "values" => (rendering, _) => Charged(rendering, map.Values.ToList()),
        "get" => (rendering, arguments) => TemplateValue.TryGet(rendering, map, arguments.Get(0, "key"), out var found) ? found : arguments.Get(1, "default"),
        "copy" => (rendering, _) => TemplateGlobals.Map(rendering, new([map], [])),
        _ => null,
    };

    private static TemplateFunction? ListMethod(List<object?> list, string name) => name switch
    {
        "append" => (rendering, arguments) =>
        {
            rendering.Charge(1);
            list.Add(arguments.Get(0, "object"));
            return null;
        }
        ,
        "index" => (rendering, arguments) => list.FindIndex(item => TemplateValue.AreEqual(rendering, item, arguments.Get(0, "value"))) is var at and >= 0
            ? (long)at : throw rendering.Fail("the list does not have this element."),
        "count" => (rendering, arguments) => (long)list.Count(item => TemplateValue.AreEqual(rendering, item, arguments.Get(0, "value"))),
        _ => null,
    };

    /// <summary>The elements of a dictionary as pairs.</summary>
    public static List<object?> Items(TemplateRendering rendering, TemplateMap map) =>
        Charged(rendering, map.Items.Select(object? (item) => new TemplateTuple([TemplateValue.Key(item.Key), item.Value])).ToList());

    /// <summary>Values as texts with another text between.</summary>
    public static string Join(TemplateRendering rendering, string separator, IReadOnlyList<object?> values)
    {
        var parts = new List<string>(values.Count);
        foreach (var value in values)
        {
            var part = TemplateValue.Print(rendering, value);
            rendering.Charge((part.Length + separator.Length) / 4);
            parts.Add(part);
        }

        return string.Join(separator, parts);
    }

    /// <summary>A text with another's first occurrences replaced.</summary>
    public static string Replace(TemplateRendering rendering, string text, TemplateArguments arguments)
    {
        var (old, now) = (arguments.Text(rendering, 0, "old") ?? "", arguments.Text(rendering, 1, "new") ?? "");
        var most = arguments.Whole(rendering, 2, "count", -1);
        var places = Count(rendering, text, old);
        places = most >= 0 ? Math.Min(most, places) : places;
        rendering.Charge((places * now.Length) + text.Length);
        if (old.Length > 0 && places == Count(rendering, text, old))
        {
            return text.Replace(old, now, StringComparison.Ordinal);
        }

        var builder = new System.Text.StringBuilder();
        var at = 0;
        for (; places > 0; places--)
        {
            var found = old.Length == 0 ? at : text.IndexOf(old, at, StringComparison.Ordinal);
            builder.Append(text, at, found - at).Append(now);
            at = found + old.Length;
            if (old.Length == 0 && at < text.Length)
            {
                builder.Append(text[at++]);
            }
        }

        return builder.Append(text, Math.Min(at, text.Length), Math.Max(0, text.Length - at)).ToString();
    }

    private static long Count(TemplateRendering rendering, string text, string part)
    {
        rendering.ChargeSearch(text, part);
        if (part.Length == 0)
        {
            return TemplateText.Length(text) + 1;
        }

        var count = 0L;
        for (var at = text.IndexOf(part, StringComparison.Ordinal); at >= 0; at = text.IndexOf(part, at + part.Length, StringComparison.Ordinal))
        {
            count++;
        }

        return count;
    }

    private static List<object?> Charged(TemplateRendering rendering, List<object?> list)
    {
        rendering.Charge(list.Count);
        return list;
    }

    /// <summary>The text that is looked for in another; the search is counted.</summary>
    private static string Required(TemplateRendering rendering, string text, TemplateArguments arguments)
    {
        var part = arguments.Text(rendering, 0, "sub") ?? throw rendering.Fail("a text to look for is expected.");
        rendering.ChargeSearch(text, part);
        return part;
    }

    private static long Position(string text, int at) => at < 0 ? -1 : TemplateText.Length(text[..at]);

    private static bool Any(TemplateRendering rendering, object? parts, Func<string, bool> matches)
    {
        return parts switch
        {
            string part => Matches(part),
            List<object?> several => several.OfType<string>().Any(Matches),
            _ => throw rendering.Fail($"{TemplateValue.Kind(parts)} was given, where a text is expected."),
        };

        bool Matches(string part)
        {
            rendering.Charge(1);
            rendering.ChargeGlance(part);
            return matches(part);
        }
    }

    private static List<object?> Split(TemplateRendering rendering, string text, TemplateArguments arguments, bool fromEnd)
    {
        var (separator, most) = (arguments.Text(rendering, 0, "sep"), arguments.Whole(rendering, 1, "maxsplit", -1));
        rendering.Charge(text.Length);
        if (separator is { Length: 0 })
        {
            throw rendering.Fail("the separator is empty.");
        }

        rendering.ChargeSearch(text, separator ?? "");

        var parts = separator is null ? Words(text, most, fromEnd) : Parts(text, separator, most, fromEnd);
        return [.. parts];
    }

    private static List<string> Parts(string text, string separator, long most, bool fromEnd)
    {
        var parts = text.Split(separator).ToList();
        if (most < 0 || parts.Count <= most + 1)
        {
            return parts;
        }

        var rest = parts.Count - (int)most;
        return fromEnd
            ? [string.Join(separator, parts.Take(rest)), .. parts.Skip(rest)]
            : [.. parts.Take((int)most), string.Join(separator, parts.Skip((int)most))];
    }

    /// <summary>The words between white space; after so many cuts the rest stays together.</summary>
    private static List<string> Words(string text, long most, bool fromEnd)
    {
        var words = new List<string>();
        var (start, end) = (0, text.Length);
        while (true)
        {
            while (start < end && TemplateLexer.IsSpace(fromEnd ? text[end - 1] : text[start]))
            {
                (start, end) = fromEnd ? (start, end - 1) : (start + 1, end);
            }

            if (start == end)
            {
                break;
            }

            var (from, to) = (start, end);
            if (most-- != 0)
            {
                (from, to) = fromEnd ? (end, end) : (start, start);
                while (fromEnd ? from > start && !TemplateLexer.IsSpace(text[from - 1]) : to < end && !TemplateLexer.IsSpace(text[to]))
                {
                    (from, to) = fromEnd ? (from - 1, to) : (from, to + 1);
                }
            }

            words.Add(text[from..to]);
            (start, end) = fromEnd ? (start, from) : (to, end);
        }

        if (fromEnd)
        {
            words.Reverse();
        }

        return words;
    }

    private static List<object?> Lines(TemplateRendering rendering, string text)
    {
        rendering.Charge(text.Length);
        var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n').ToList<object?>();
        if (lines[^1] is "")
        {
            lines.RemoveAt(lines.Count - 1);
        }

        return lines;
    }
}
