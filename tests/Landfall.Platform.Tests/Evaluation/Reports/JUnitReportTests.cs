using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using CsCheck;
using Landfall.Platform.Evaluation.Reports;
using Landfall.Protocol.Reports;

namespace Landfall.Platform.Tests.Evaluation.Reports;

public sealed class JUnitReportTests
{
    /// <summary>The shape that build servers agree on: the elements, their order and attributes.</summary>
    private const string Schema =
        """
        <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
          <xs:element name="testsuites">
            <xs:complexType>
              <xs:sequence><xs:element ref="testsuite" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
              <xs:attribute name="name" type="xs:string"/>
              <xs:attribute name="tests" type="xs:nonNegativeInteger"/>
              <xs:attribute name="failures" type="xs:nonNegativeInteger"/>
              <xs:attribute name="errors" type="xs:nonNegativeInteger"/>
              <xs:attribute name="time" type="xs:decimal"/>
            </xs:complexType>
          </xs:element>
          <xs:element name="testsuite">
            <xs:complexType>
              <xs:sequence>
                <xs:element name="properties" minOccurs="0">
                  <xs:complexType><xs:sequence><xs:element name="property" maxOccurs="unbounded"><xs:complexType>
                    <xs:attribute name="name" type="xs:string" use="required"/><xs:attribute name="value" type="xs:string" use="required"/>
                  </xs:complexType></xs:element></xs:sequence></xs:complexType>
                </xs:element>
                <xs:element name="testcase" minOccurs="0" maxOccurs="unbounded">
                  <xs:complexType>
                    <xs:choice minOccurs="0">
                      <xs:element name="skipped"><xs:complexType><xs:attribute name="message" type="xs:string"/></xs:complexType></xs:element>
                      <xs:element name="error" type="problem"/>
                      <xs:element name="failure" type="problem"/>
                    </xs:choice>
                    <xs:attribute name="name" type="xs:string" use="required"/>
                    <xs:attribute name="classname" type="xs:string" use="required"/>
                    <xs:attribute name="time" type="xs:decimal"/>
                  </xs:complexType>
                </xs:element>
              </xs:sequence>
              <xs:attribute name="name" type="xs:string" use="required"/>
              <xs:attribute name="tests" type="xs:nonNegativeInteger" use="required"/>
              <xs:attribute name="failures" type="xs:nonNegativeInteger" use="required"/>
              <xs:attribute name="errors" type="xs:nonNegativeInteger" use="required"/>
              <xs:attribute name="skipped" type="xs:nonNegativeInteger" use="required"/>
              <xs:attribute name="time" type="xs:decimal" use="required"/>
            </xs:complexType>
          </xs:element>
          <xs:complexType name="problem"><xs:attribute name="message" type="xs:string"/><xs:attribute name="type" type="xs:string"/></xs:complexType>
        </xs:schema>
        """;

    [Fact]
    public void Write_AnyText_FitsTheSchemaAndCountsItsCases() =>
        PageReading.Hostile.Sample(
            text =>
            {
                var suites = Validated(Samples.Filled(text).Report);
                Assert.Equal(PlainText.Clean(text, replacement: null).Replace('\n', ' ').Replace('\t', ' '), suites.Attribute("name")!.Value.Replace('\n', ' ').Replace('\t', ' '));
                AssertCounts(suites);
            },
            iter: 300);

    [Fact]
    public void Write_Released_HasASuitePerCandidateAndACasePerTarget()
    {
        var report = Samples.Released();
        var suites = Validated(report);

        AssertCounts(suites);
        Assert.Equal(["release", .. report.Candidates.Select(c => c.Name)], suites.Elements("testsuite").Select(s => s.Attribute("name")!.Value));
        foreach (var candidate in report.Candidates.Where(c => c.Status == CandidateStatus.Measured))
        {
            var cases = Suite(suites, candidate.Name).Elements("testcase").ToList();
            Assert.Equal(
                candidate.Targets.Select(t => t.Verdict switch { Verdict.Met => "", Verdict.Missed => "failure", _ => "skipped" }),
                cases.Select(c => c.Elements().SingleOrDefault()?.Name.LocalName ?? ""));
        }

        Assert.Empty(Suite(suites, "release").Element("testcase")!.Elements());
        Assert.Contains("about 340 more examples would decide", Suite(suites, "linear features=2^20").ToString());
        Assert.Contains("--budget 20m", Suite(suites, "prefix").Descendants("skipped").Single().Attribute("message")!.Value);
    }

    [Fact]
    public void Write_NothingReleased_FailsTheReleaseWithTheObstacle()
    {
        var suites = Validated(Samples.Unreleased());

        AssertCounts(suites);
        var message = Suite(suites, "release").Descendants("failure").Single().Attribute("message")!.Value;
        Assert.StartsWith("The obstacle is in-scope-accuracy on test at least 0.9. nearest came nearest with 0.862: missed. 31 of 83 errors", message);
        Assert.Single(Suite(suites, "broken").Descendants("error"));
    }

    [Fact]
    public void Write_Twice_IsTheSame() => Assert.Equal(Write(Samples.Released()), Write(Samples.Released()));

    private static void AssertCounts(XElement suites)
    {
        foreach (var suite in suites.Elements("testsuite"))
        {
            Assert.Equal(suite.Elements("testcase").Count(), Number(suite, "tests"));
            Assert.Equal(suite.Descendants("failure").Count(), Number(suite, "failures"));
            Assert.Equal(suite.Descendants("error").Count(), Number(suite, "errors"));
            Assert.Equal(suite.Descendants("skipped").Count(), Number(suite, "skipped"));
        }

        Assert.All(new[] { "tests", "failures", "errors" }, name => Assert.Equal(suites.Elements("testsuite").Sum(s => Number(s, name)), Number(suites, name)));
    }

    private static int Number(XElement element, string name) => int.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);

    private static XElement Suite(XElement suites, string name) => suites.Elements("testsuite").Single(s => s.Attribute("name")!.Value == name);

    private static XElement Validated(Report report)
    {
        var schemas = new XmlSchemaSet();
        using var schema = XmlReader.Create(new StringReader(Schema));
        schemas.Add(null, schema);
        using var stream = new MemoryStream(Write(report));
        var document = XDocument.Load(stream);
        document.Validate(schemas, (_, e) => Assert.Fail(e.Message));
        return document.Root!;
    }

    private static byte[] Write(Report report)
    {
        using var stream = new MemoryStream();
        JUnitReport.Write(report, stream);
        return stream.ToArray();
    }
}
