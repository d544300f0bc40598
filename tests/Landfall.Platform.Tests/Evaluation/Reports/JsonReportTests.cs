using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Landfall.Platform.Evaluation.Reports;
using Landfall.Protocol;
using Landfall.Protocol.Reports;

namespace Landfall.Platform.Tests.Evaluation.Reports;

public sealed class JsonReportTests
{
    public static TheoryData<string> Kinds => ["released", "unreleased"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Write_ThenRead_GivesTheSame(string kind)
    {
        var written = Write(Named(kind));
        var read = JsonSerializer.Deserialize(written, LandfallJsonContext.Default.Report)!;

        Assert.Equal(written, Write(read));
        Assert.Equivalent(Named(kind), read, strict: true);
    }

    [Fact]
    public void Write_AnyText_ReadsBackAsWritten() =>
        PageReading.Hostile.Sample(
            text =>
            {
                var report = Samples.Filled(text).Report;
                var read = JsonSerializer.Deserialize(Write(report), LandfallJsonContext.Default.Report)!;

                // JSON is UTF-8 and holds no lone surrogates: they become U+FFFD.
                Assert.Equal(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)), read.Scenario);
            },
            iter: 300);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Write_Lists_AreNeverNull(string kind)
    {
        var report = JsonNode.Parse(Write(Named(kind)))!.AsObject();

        Assert.All(new[] { "candidates", "comparisons", "warnings" }, list => Assert.IsType<JsonArray>(report[list]));
        Assert.All(new[] { "release", "obstacle" }, part => Assert.True(report.ContainsKey(part)));
        foreach (var candidate in report["candidates"]!.AsArray())
        {
            Assert.All(new[] { "targets", "errors", "notes" }, list => Assert.IsType<JsonArray>(candidate![list]));
            Assert.IsType<JsonObject>(candidate!["metrics"]);
            Assert.IsType<JsonObject>(candidate["settings"]);
            Assert.All(candidate["errors"]!.AsArray(), e => Assert.IsType<JsonArray>(e!["examples"]));
        }
    }

    [Fact]
    public void Write_Report_IsIndentedWithLineFeedsAndPlainText()
    {
        var text = Encoding.UTF8.GetString(Write(Samples.Filled("船 <b>").Report));

        Assert.StartsWith("{\n  \"app\": \"船 <b>\"", text);
        Assert.EndsWith("}\n", text);
        Assert.DoesNotContain('\r', text);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Write_FigureThatJsonCannotHold_NamesIt(double high)
    {
        var report = Samples.Released();
        var candidate = report.Candidates[0];
        var broken = report with { Candidates = [candidate with { Targets = [candidate.Targets[0] with { High = high }] }] };

        var error = Assert.Throws<ArgumentException>(() => Write(broken));
        Assert.Contains("high of target 'in-scope-accuracy' on 'test' of candidate 'nearest'", error.Message);
    }

    private static Report Named(string kind) => kind == "released" ? Samples.Released() : Samples.Unreleased();

    private static byte[] Write(Report report)
    {
        using var stream = new MemoryStream();
        JsonReport.Write(report, stream);
        return stream.ToArray();
    }
}
