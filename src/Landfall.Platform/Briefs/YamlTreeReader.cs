using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Landfall.Platform.Briefs;

/// <summary>
/// Reads one YAML document as a tree with lines. The text may be hostile: its size, its depth and the number of values
/// (aliases expanded) are limited, and no tag makes a type.
/// </summary>
internal sealed class YamlTreeReader
{
    public const int MaxCharacters = 1 << 20;
    public const int MaxDepth = 64;
    public const int MaxValues = 20_000;

    private readonly Parser _events;
    private readonly Dictionary<string, YamlNode> _anchors = new(StringComparer.Ordinal);
    private int _values;
    private int _lastLine;

    private YamlTreeReader(string text) => _events = new Parser(new StringReader(text));

    /// <summary>The document's root.</summary>
    /// <exception cref="YamlTreeException">It is no YAML, or not one document, or beyond the limits.</exception>
    public static YamlNode Read(string text)
    {
        CheckCharacters(text);
        var reader = new YamlTreeReader(text.TrimStart('\uFEFF'));
        try
        {
            return reader.ReadDocument();
        }
        catch (YamlException e)
        {
            throw SyntaxProblem(text, e, reader.LastLine);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IndexOutOfRangeException or OverflowException or FormatException)
        {
            // YamlDotNet's scanner has ways out of malformed text that it does not wrap; the usual one is an open bracket.
            throw new YamlTreeException("yaml-syntax", reader.LastLine, "The file is not valid YAML from here on. Look for a '{' or '[' that is not closed, or a broken escape in a quoted text.");
        }
    }

    /// <summary>The line of the last value that could be read.</summary>
    private long LastLine => _events.Current?.Start.Line ?? 0;

    private static void CheckCharacters(string text)
    {
        if (text.Length > MaxCharacters)
        {
            throw new YamlTreeException("too-large", 0, $"The brief has {text.Length:N0} characters; the limit is {MaxCharacters:N0}. Examples belong into the data files.");
        }

        var line = 1;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            line += c == '\n' ? 1 : 0;
            if (c == '\uFFFD')
            {
                throw new YamlTreeException("not-utf-8", line, "The line holds characters that could not be decoded (U+FFFD). Save the file as UTF-8.");
            }

            if (char.IsControl(c) && c is not ('\n' or '\r' or '\t' or '\u0085'))
            {
                throw new YamlTreeException("control-character", line, $"The line holds the control character U+{(int)c:X4}. Remove it; the file may not be text.");
            }

        }

        if (!WellFormed.Is(text))
        {
            throw new YamlTreeException("not-utf-8", 0, "The text holds half of a character (a lone surrogate). Save the file as UTF-8.");
        }
    }

    private YamlNode ReadDocument()
    {
        Next<StreamStart>();
        if (!_events.MoveNext() || _events.Current is StreamEnd)
        {
            throw new YamlTreeException("empty-brief", 0, "The brief is empty. Start from a template: landfall brief new.");
        }

        _events.MoveNext();
        var root = ReadNode(depth: 0);
        Next<DocumentEnd>();
        _events.MoveNext();
        return _events.Current is DocumentStart second
            ? throw new YamlTreeException("multiple-documents", second.Start.Line, "A second YAML document starts here ('---'). A brief is one document: remove it, or keep it in a folder of its own.")
            : root;
    }

    private void Next<T>()
        where T : ParsingEvent
    {
        if (!_events.MoveNext() || _events.Current is not T)
        {
            throw new YamlTreeException("yaml-syntax", _events.Current?.Start.Line ?? 0, "The YAML ends in the middle of a value.");
        }
    }

    private YamlNode ReadNode(int depth)
    {
        var current = _events.Current!;
        var line = (int)current.Start.Line;
        if (depth > MaxDepth)
        {
            throw new YamlTreeException("too-deep", line, $"The values are nested deeper than {MaxDepth} levels.");
        }

        if (current is AnchorAlias alias)
        {
            return Expand(alias, line);
        }

        // For ": value" the parser ends the mapping where a value should be.
        if (current is not NodeEvent start)
        {
            throw new YamlTreeException("yaml-syntax", _lastLine, "The file is not valid YAML here: a key or a value is missing. Look for a ':' or '?' that stands alone.");
        }

        if (!start.Tag.IsEmpty && !start.Tag.IsNonSpecific)
        {
            throw new YamlTreeException("yaml-tag", line, $"The tag {Shown.Text(start.Tag.Value)} is not used in a brief. Remove it.");
        }

        Count(1, line);
        _lastLine = line;
        YamlNode node = start switch
        {
            Scalar scalar => ReadScalar(scalar, line),
            SequenceStart => ReadSequence(line, depth),
            _ => ReadMapping(line, depth),
        };
        if (!start.Anchor.IsEmpty)
        {
            _anchors[start.Anchor.Value] = node;
        }

        return node;
    }

    /// <summary>The node of an alias, shared, but counted as if written again: nested aliases cannot grow beyond the limit.</summary>
    private YamlNode Expand(AnchorAlias alias, int line)
    {
        if (!_anchors.TryGetValue(alias.Value.Value, out var node))
        {
            throw new YamlTreeException("yaml-alias", line, $"The alias *{alias.Value.Value} has no finished anchor &{alias.Value.Value} above it. Write the value out.");
        }

        Count(node.Weight, line);
        return node;
    }

    /// <summary>Escapes in quotes can make what the text itself may not hold.</summary>
    private static YamlScalar ReadScalar(Scalar scalar, int line)
    {
        if (scalar.Value.Contains('\0', StringComparison.Ordinal) || !WellFormed.Is(scalar.Value))
        {
            throw new YamlTreeException("control-character", line, "An escape in the quoted text makes a character that is none (U+0000, or half of a surrogate pair). Write the character itself.");
        }

        return new YamlScalar(line, scalar.Value, scalar.Style == ScalarStyle.Plain && scalar.Tag.IsEmpty);
    }

    private YamlSequence ReadSequence(int line, int depth)
    {
        var items = new List<YamlNode>();
        while (_events.MoveNext() && _events.Current is not SequenceEnd)
        {
            items.Add(ReadNode(depth + 1));
        }

        return new YamlSequence(line, items);
    }

    private YamlMapping ReadMapping(int line, int depth)
    {
        var entries = new List<YamlEntry>();
        while (_events.MoveNext() && _events.Current is not MappingEnd)
        {
            if (ReadNode(depth + 1) is not YamlScalar key)
            {
                throw new YamlTreeException("yaml-key", (int)(_events.Current?.Start.Line ?? 0), "A key must be a word, not a list or a mapping. Is a '{' or '[' meant as text? Then put quotes around it.");
            }

            _events.MoveNext();
            entries.Add(new YamlEntry(key.Line, key.Text, ReadNode(depth + 1)));
        }

        return new YamlMapping(line, entries);
    }

    private void Count(int values, int line)
    {
        _values += values;
        if (_values > MaxValues)
        {
            throw new YamlTreeException("too-many-values", line, $"The brief holds more than {MaxValues:N0} values (aliases expanded). Examples belong into the data files.");
        }
    }

    private static YamlTreeException SyntaxProblem(string text, YamlException e, long lastLine)
    {
        var line = Math.Max(lastLine, Math.Max(e.Start.Line, e.End.Line));
        if (e.Message.Contains("tab", StringComparison.OrdinalIgnoreCase) && TabIndentedLine(text, from: e.Start.Line) is > 0 and var tab)
        {
            return new YamlTreeException("tab-indent", tab, "The line is indented with a tab. YAML indents with spaces: replace it.");
        }

        var message = e.Message.Trim();
        var sentence = message.EndsWith('.') ? message : message + ".";
        return new YamlTreeException("yaml-syntax", line, $"The file is not valid YAML here: {sentence} Check indentation, quotes, colons and brackets on this line and the one above.");
    }

    /// <summary>The first line from a given one on that is indented with a tab; 0 when there is none.</summary>
    private static long TabIndentedLine(string text, long from)
    {
        long number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            var indent = line[..^line.TrimStart([' ', '\t']).Length];
            if (number >= from && indent.Contains('\t') && indent.Length < line.Length)
            {
                return number;
            }
        }

        return 0;
    }
}
