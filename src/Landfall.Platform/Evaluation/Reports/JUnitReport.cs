using System.Globalization;
using System.Text;
using System.Xml;
using Landfall.Protocol.Reports;

namespace Landfall.Platform.Evaluation.Reports;

/// <summary>
/// Writes a report as JUnit XML, for build servers: a suite per candidate with a case per target, and first a suite for the
/// release. Met passes, missed fails, undecided is skipped; a candidate that failed is an error.
/// </summary>
public static class JUnitReport
{
    private static readonly XmlWriterSettings Settings = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        Indent = true,
        NewLineChars = "\n",
        CloseOutput = false,
    };

    /// <summary>Writes the report in UTF-8. Characters that XML cannot hold are removed.</summary>
    public static void Write(Report report, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(stream);
        var suites = new List<Suite> { ReleaseSuite(report) };
        suites.AddRange(report.Candidates.Select(candidate => CandidateSuite(report.App, candidate)));
        using var xml = XmlWriter.Create(stream, Settings);
        xml.WriteStartElement("testsuites");
        Attribute(xml, "name", report.App);
        Counts(xml, [.. suites.SelectMany(suite => suite.Cases)], suites.Sum(suite => suite.Seconds), skipped: false);
        foreach (var suite in suites)
        {
            WriteSuite(xml, suite);
        }

        xml.WriteEndElement();
    }

    private static Suite ReleaseSuite(Report report)
    {
        var name = "a release meets every target";
        var className = $"{report.App}.release";
        if (report.Release is { MeetsTargets: true } release)
        {
            return new("release", 0, [("candidate", release.Candidate), ("hash", release.Hash)], [new(className, name, Outcome.Passed, "", "")]);
        }

        var message = report.Obstacle is { } obstacle ? Describe(obstacle) : "No candidate meets every target.";
        return new("release", 0, [], [new(className, name, Outcome.Failed, "not-met", message)]);
    }

    private static string Describe(Obstacle obstacle)
    {
        var reached = obstacle is { Candidate: { } candidate, Value: { } value }
            ? $"{candidate} came nearest with {Figures.Beside(obstacle.Metric, value, obstacle.Bound)}: {Word(obstacle.Verdict)}."
            : "No candidate could be measured on it.";
        return $"The obstacle is {Name(obstacle.Metric, obstacle.On, obstacle.Direction, obstacle.Bound)}. {reached} {obstacle.Action}";
    }

    private static Suite CandidateSuite(string app, CandidateReport candidate)
    {
        var className = $"{app}.{candidate.Name}";
        List<Case> cases = candidate.Status switch
        {
            CandidateStatus.Skipped => [new(className, "measured", Outcome.Skipped, "", candidate.Reason ?? "skipped")],
            CandidateStatus.Failed => [new(className, "measured", Outcome.Error, "failed", candidate.Reason ?? "failed")],
            _ => [.. candidate.Targets.Select(target => TargetCase(className, target))],
        };
        return new(candidate.Name, candidate.Seconds, [("technique", candidate.Technique), ("hash", candidate.Hash)], cases);
    }

    private static Case TargetCase(string className, TargetReport target)
    {
        var name = $"{Name(target.Metric, target.On, target.Direction, target.Bound)} with {Figures.Percent(target.Confidence)} confidence";
        var found = $"{Figures.Beside(target.Metric, target.Value, target.Bound)} {Figures.IntervalBeside(target.Metric, target.Low, target.High, target.Bound)} on {Figures.Count(target.N)} examples";
        var more = target.MoreExamples is { } count
            ? $"about {Figures.Count(count)} more examples would decide"
            : "it cannot be said how many more examples would decide";
        return target.Verdict switch
        {
            Verdict.Met => new(className, name, Outcome.Passed, "", ""),
            Verdict.Missed => new(className, name, Outcome.Failed, "missed", $"missed: {found}"),
            _ => new(className, name, Outcome.Skipped, "", $"undecided: {found}; {more}"),
        };
    }

    private static string Name(string metric, string on, Direction direction, double bound) =>
        $"{metric} on {on} {(direction == Direction.AtLeast ? "at least" : "at most")} {Figures.Bound(metric, bound)}";

    private static string Word(Verdict verdict) => verdict switch { Verdict.Met => "met", Verdict.Missed => "missed", _ => "undecided" };

    private static void WriteSuite(XmlWriter xml, Suite suite)
    {
        xml.WriteStartElement("testsuite");
        Attribute(xml, "name", suite.Name);
        Counts(xml, suite.Cases, suite.Seconds, skipped: true);
        if (suite.Properties.Count > 0)
        {
            xml.WriteStartElement("properties");
            foreach (var (name, value) in suite.Properties)
            {
                xml.WriteStartElement("property");
                Attribute(xml, "name", name);
                Attribute(xml, "value", value);
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }

        foreach (var testCase in suite.Cases)
        {
            WriteCase(xml, testCase);
        }

        xml.WriteEndElement();
    }

    private static void WriteCase(XmlWriter xml, Case testCase)
    {
        xml.WriteStartElement("testcase");
        Attribute(xml, "classname", testCase.ClassName);
        Attribute(xml, "name", testCase.Name);
        // The report knows a candidate's time only as a whole; it stands on the suite.
        Attribute(xml, "time", "0");
        if (testCase.Outcome != Outcome.Passed)
        {
            xml.WriteStartElement(testCase.Outcome switch { Outcome.Failed => "failure", Outcome.Error => "error", _ => "skipped" });
            Attribute(xml, "message", testCase.Message);
            if (testCase.Outcome != Outcome.Skipped)
            {
                Attribute(xml, "type", testCase.Type);
            }

            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void Counts(XmlWriter xml, IReadOnlyList<Case> cases, double seconds, bool skipped)
    {
        Number("tests", cases.Count);
        Number("failures", cases.Count(c => c.Outcome == Outcome.Failed));
        Number("errors", cases.Count(c => c.Outcome == Outcome.Error));
        if (skipped)
        {
            // The common schema knows this attribute on testsuite only.
            Number("skipped", cases.Count(c => c.Outcome == Outcome.Skipped));
        }

        Attribute(xml, "time", double.IsFinite(seconds) ? seconds.ToString("0.###", CultureInfo.InvariantCulture) : "0");

        void Number(string name, int value) => Attribute(xml, name, value.ToString(CultureInfo.InvariantCulture));
    }

    private static void Attribute(XmlWriter xml, string name, string value) =>
        xml.WriteAttributeString(name, PlainText.Clean(value, replacement: null));

    private enum Outcome
    {
        Passed,
        Failed,
        Skipped,
        Error,
    }

    private sealed record Suite(string Name, double Seconds, IReadOnlyList<(string Name, string Value)> Properties, IReadOnlyList<Case> Cases);

    private sealed record Case(string ClassName, string Name, Outcome Outcome, string Type, string Message);
}
