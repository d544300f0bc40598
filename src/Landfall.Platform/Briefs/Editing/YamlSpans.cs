using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;
using Node = YamlDotNet.RepresentationModel.YamlNode;

namespace Landfall.Platform.Briefs.Editing;

/// <summary>
/// Changes to a YAML text, collected on the text as it was and made all at once: what no change touches stays to the
/// letter. A change that would have to guess is not made; whoever asked for it compares the result.
/// </summary>
internal sealed class YamlSpans
{
    private readonly string _text;
    private readonly List<(int Start, int End, string Replacement, int Column)> _changes = [];

    private YamlSpans(string text, YamlMappingNode root) => (_text, Root) = (text, root);

    public YamlMappingNode Root { get; }

    /// <summary>Null where the text is no mapping, or has a key twice.</summary>
    public static YamlSpans? Of(string text)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents is [{ RootNode: YamlMappingNode root }] ? new YamlSpans(text, root) : null;
        }
        catch (Exception e) when (e is YamlException or ArgumentException or InvalidOperationException or IndexOutOfRangeException)
        {
            // As in YamlTreeReader: YamlDotNet does not wrap all that malformed text leads it to.
            return null;
        }
    }

    public static Node? Find(YamlMappingNode mapping, string key) =>
        mapping.Children.FirstOrDefault(e => e.Key is YamlScalarNode scalar && scalar.Value == key).Value;

    public void Replace(Node node, string yaml)
    {
        var start = Start(node);
        var end = End(node);

        // "key:" without a value has no place of its own: one space makes it.
        _changes.Add((start, end, start == end && start > 0 && _text[start - 1] == ':' ? " " + yaml : yaml, 0));
    }

    public void RenameKey(YamlMappingNode mapping, string from, string to) =>
        Replace(mapping.Children.First(e => ((YamlScalarNode)e.Key).Value == from).Key, to);

    /// <summary>Sets a key: in place, or after the last one.</summary>
    public void Set(YamlMappingNode mapping, string key, string yaml)
    {
        if (Find(mapping, key) is { } node)
        {
            Replace(node, yaml);
            return;
        }

        if (mapping.Children.Count == 0)
        {
            Replace(mapping, $"{{ {key}: {yaml} }}");
            return;
        }

        var last = mapping.Children.Last();
        var end = Math.Max(End(last.Key), End(last.Value));
        if (mapping.Style == MappingStyle.Flow)
        {
            _changes.Add((end, end, $", {key}: {yaml}", 0));
        }
        else
        {
            Insert(LineEnd(end), Column(Start(mapping.Children.First().Key)), $"{key}: {yaml}");
        }
    }

    public void Remove(YamlMappingNode mapping, string key)
    {
        var entries = mapping.Children.ToList();
        var index = entries.FindIndex(e => e.Key is YamlScalarNode scalar && scalar.Value == key);
        if (index >= 0)
        {
            RemovePart([.. entries.Select(e => (Start(e.Key), Math.Max(End(e.Key), End(e.Value))))], index, mapping.Style == MappingStyle.Flow);
        }
    }

    /// <summary>Adds an item after the one at an index; -1: before all.</summary>
    public void InsertItem(YamlSequenceNode sequence, int after, string yaml)
    {
        if (sequence.Children.Count == 0)
        {
            Replace(sequence, $"[{yaml}]");
        }
        else if (sequence.Style == SequenceStyle.Flow)
        {
            var at = after < 0 ? Start(sequence.Children[0]) : End(sequence.Children[after]);
            _changes.Add((at, at, after < 0 ? $"{yaml}, " : $", {yaml}", 0));
        }
        else
        {
            var dash = Dash(sequence.Children[0]);
            if (after < 0)
            {
                var start = dash - Column(dash);
                _changes.Add((start, start, $"{new string(' ', Column(dash))}- {yaml}{NewLine}", 0));
            }
            else
            {
                Insert(LineEnd(End(sequence.Children[after])), Column(dash), $"- {yaml}");
            }
        }
    }

    public void RemoveItem(YamlSequenceNode sequence, int index)
    {
        var isFlow = sequence.Style == SequenceStyle.Flow;
        RemovePart([.. sequence.Children.Select(c => (isFlow ? Start(c) : Dash(c), End(c)))], index, isFlow);
    }

    /// <summary>The text with all changes made; null where two of them meet.</summary>
    public string? Apply()
    {
        var text = _text;
        var next = int.MaxValue;

        // Of lines that are added at one place, those that are indented most belong to what stands before them.
        var backwards = _changes.Select((change, order) => (change, order)).OrderByDescending(c => c.change.Start).ThenBy(c => c.change.Column).ThenByDescending(c => c.order);
        foreach (var (start, end, replacement, _) in backwards.Select(c => c.change))
        {
            if (end > next)
            {
                return null;
            }

            text = string.Concat(text.AsSpan(0, start), replacement, text.AsSpan(end));
            next = start;
        }

        return text;
    }

    private string NewLine => _text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";

    /// <summary>A line of its own after a place at a line's end.</summary>
    private void Insert(int at, int column, string line) => _changes.Add((at, at, NewLine + new string(' ', column) + line, column));

    private void RemovePart(List<(int Start, int End)> parts, int index, bool isFlow)
    {
        var (start, end) = parts[index];
        if (isFlow)
        {
            // With the comma on one of its sides.
            (start, end) = index + 1 < parts.Count ? (start, parts[index + 1].Start) : index > 0 ? (parts[index - 1].End, end) : (start, end);
        }
        else
        {
            // With the line break before it, so that a line can still be added after it.
            (start, end) = (start - Column(start), LineEnd(end));
            start -= start > 1 && _text[start - 2] == '\r' ? 2 : start > 0 ? 1 : 0;
        }

        _changes.Add((start, end, "", 0));
    }

    /// <summary>A pair in a flow sequence has no place of its own: it begins where its key does.</summary>
    private int Start(Node node) => node is YamlMappingNode { Children.Count: > 0, Style: MappingStyle.Flow } mapping && _text[(int)node.Start.Index] != '{'
        ? Start(mapping.Children.First().Key)
        : (int)node.Start.Index;

    /// <summary>Where a node really ends: YamlDotNet notes of a collection only where it begins.</summary>
    private int End(Node node) => node switch
    {
        YamlMappingNode mapping => EndOfCollection(Start(mapping), mapping.Style == MappingStyle.Flow, mapping.Children.Select(e => Math.Max(End(e.Key), End(e.Value)))),
        YamlSequenceNode sequence => EndOfCollection(Start(sequence), sequence.Style == SequenceStyle.Flow, sequence.Children.Select(End)),
        YamlScalarNode { Style: ScalarStyle.Folded or ScalarStyle.Literal } => Start(node) + _text[Start(node)..(int)node.End.Index].TrimEnd().Length,
        _ => (int)node.End.Index,
    };

    private int EndOfCollection(int start, bool isFlow, IEnumerable<int> items)
    {
        var end = items.Append(start).Max();

        // A pair in a flow sequence has no brackets of its own: [linear: { threshold: none }].
        if (!isFlow || start >= _text.Length || _text[start] is not ('[' or '{'))
        {
            return end;
        }

        for (end = Math.Max(end, start + 1); end < _text.Length && _text[end] is not (']' or '}'); end++)
        {
            // A comment may stand before the bracket, and hold one.
            end = _text[end] == '#' ? LineEnd(end) : end;
        }

        return Math.Min(end + 1, _text.Length);
    }

    private int Dash(Node item) => _text.LastIndexOf('-', Start(item) - 1);

    private int LineEnd(int at)
    {
        var end = _text.IndexOf('\n', at);
        return end < 0 ? _text.Length : end > at && _text[end - 1] == '\r' ? end - 1 : end;
    }

    private int Column(int at) => at - (at == 0 ? 0 : _text.LastIndexOf('\n', at - 1) + 1);
}
