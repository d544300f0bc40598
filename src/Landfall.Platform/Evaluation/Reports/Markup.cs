using System.Text.RegularExpressions;
using System.Xml;

namespace Landfall.Platform.Evaluation.Reports;

/// <summary>
/// Writes HTML that is well-formed XML too: elements close by scope and all text passes the XML writer's escaping, so that no
/// row or brief can break out of its place.
/// </summary>
internal sealed partial class Markup(XmlWriter xml)
{
    /// <summary>Opens an element until the scope is disposed of.</summary>
    public Scope Open(string name, string? style = null, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Start(name, style, attributes);
        return new Scope(xml);
    }

    /// <summary>An element that holds nothing but text.</summary>
    public void Leaf(string name, string? style, string text, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Start(name, style, attributes);
        Text(text);
        xml.WriteFullEndElement();
    }

    /// <summary>An element of HTML that has no end tag.</summary>
    public void Void(string name, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Start(name, style: null, attributes);
        xml.WriteEndElement();
    }

    public void Text(string text) => xml.WriteString(PlainText.Clean(text));

    /// <summary>Text of the program's own, which must hold neither <c>&lt;</c> nor <c>&amp;</c>: style rules.</summary>
    public void Own(string text) => xml.WriteRaw(text);

    /// <summary>A line break in the source, where nobody sees it on the page.</summary>
    public void Break() => xml.WriteWhitespace("\n");

    /// <summary>A name or a value: of its own direction, so that right-to-left text does not turn its surroundings.</summary>
    public void Code(string text) => Leaf("code", null, text, ("dir", "auto"));

    /// <summary>A sentence that a part of the program wrote, with names between backticks, which are set as code.</summary>
    public void Prose(string name, string? style, string text)
    {
        using (Open(name, style, ("dir", "auto")))
        {
            var at = 0;
            foreach (var match in Ticked().EnumerateMatches(text))
            {
                Text(text[at..match.Index]);
                Code(text.Substring(match.Index + 1, match.Length - 2));
                at = match.Index + match.Length;
            }

            Text(text[at..]);
        }
    }

    /// <summary>A sentence with places <c>{0}</c>, <c>{1}</c>, filled by what writes them.</summary>
    public void Phrase(string template, params ReadOnlySpan<Action> places)
    {
        var at = 0;
        foreach (var match in Place().EnumerateMatches(template))
        {
            Text(template[at..match.Index]);
            places[template[match.Index + 1] - '0']();
            at = match.Index + match.Length;
        }

        Text(template[at..]);
    }

    private void Start(string name, string? style, ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        xml.WriteStartElement(name);
        if (style is not null)
        {
            xml.WriteAttributeString("class", style);
        }

        foreach (var (attribute, value) in attributes)
        {
            if (value is not null)
            {
                xml.WriteAttributeString(attribute, PlainText.Clean(value));
            }
        }
    }

    [GeneratedRegex(@"\{\d\}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Place();

    [GeneratedRegex("`[^`\\n]+`", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Ticked();

    /// <summary>An open element.</summary>
    internal readonly struct Scope(XmlWriter xml) : IDisposable
    {
        // A full end tag always: in HTML, <div/> does not close the element.
        public void Dispose() => xml.WriteFullEndElement();
    }
}
