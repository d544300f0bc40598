using System.Xml;
using System.Xml.Linq;
using CsCheck;
using Landfall.Platform.Evaluation.Reports;
using Landfall.Protocol.Apps;
using Landfall.Protocol.Reports;

namespace Landfall.Platform.Tests.Evaluation.Reports;

/// <summary>Writes pages to text and reads them back, strictly, as XML.</summary>
internal static class PageReading
{
    /// <summary>Strings of any UTF-16 units (control characters and lone surrogates too) mixed with what breaks out of markup where escaping is forgotten.</summary>
    public static Gen<string> Hostile { get; } =
        Gen.OneOf(
            Gen.Char['\0', '\uFFFF'].Select(c => c.ToString()),
            Gen.Char['\uD7F0', '\uE00F'].Select(c => c.ToString()),
            Gen.Char['\0', '\u00A0'].Select(c => c.ToString()),
            Gen.OneOf("<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='x", "]]>", "-->", "<!--", "</style>", "</title>", "&lt;", "&#0;", "&", "\r\n", "\r", "{0}", "{", "}", "%", "javascript:alert(1)", "\U0001F6A2", "船"))
        .Array[0, 12].Select(parts => string.Concat(parts));

    public static string Write(Report report, ReportTexts? texts = null, string brief = Samples.Brief, IReadOnlyDictionary<string, IReadOnlyList<ExampleResult>>? wrong = null)
    {
        using var writer = new StringWriter();
        HtmlReport.Write(report, brief, wrong ?? Samples.Wrong(), texts ?? ReportTexts.English, writer);
        return writer.ToString();
    }

    public static XDocument Read(string page)
    {
        using var reader = XmlReader.Create(new StringReader(page), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader);
    }

    /// <summary>The elements in order with the names of their attributes: what text must never change.</summary>
    public static string[] Structure(XDocument page) =>
        [.. page.Descendants().Select(e => $"{e.Name.LocalName}({string.Join(',', e.Attributes().Select(a => a.Name.LocalName))})")];

    public static XElement ById(this XDocument page, string id) => page.Descendants().Single(e => e.Attribute("id")?.Value == id);

    public static IEnumerable<XElement> WithClass(this XContainer part, string style) =>
        part.Descendants().Where(e => e.Attribute("class")?.Value.Split(' ').Contains(style) == true);
}
