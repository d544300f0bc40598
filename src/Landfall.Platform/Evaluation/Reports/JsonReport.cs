using System.Text.Encodings.Web;
using System.Text.Json;
using Landfall.Protocol;
using Landfall.Protocol.Reports;

namespace Landfall.Platform.Evaluation.Reports;

/// <summary>Writes <c>report.json</c>.</summary>
public static class JsonReport
{
    // LF on every system: the same report is the same bytes.
    private static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the report, indented, in UTF-8, with a line end at the end.</summary>
    /// <exception cref="ArgumentException">A figure is infinite or not a number; the message names it.</exception>
    public static void Write(Report report, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(stream);
        RequireFinite(report);
        using (var writer = new Utf8JsonWriter(stream, Options))
        {
            JsonSerializer.Serialize(writer, report, LandfallJsonContext.Indented.Report);
        }

        stream.WriteByte((byte)'\n');
    }

    private static void RequireFinite(Report report)
    {
        foreach (var candidate in report.Candidates)
        {
            Require(candidate.Seconds, $"seconds of candidate '{candidate.Name}'");
            foreach (var (name, figure) in candidate.Metrics)
            {
                Require(figure.Value, $"value of metric '{name}' of candidate '{candidate.Name}'");
                Require(figure.Low, $"low of metric '{name}' of candidate '{candidate.Name}'");
                Require(figure.High, $"high of metric '{name}' of candidate '{candidate.Name}'");
            }

            foreach (var target in candidate.Targets)
            {
                Require(target.Value, $"value of target '{target.Metric}' on '{target.On}' of candidate '{candidate.Name}'");
                Require(target.Low, $"low of target '{target.Metric}' on '{target.On}' of candidate '{candidate.Name}'");
                Require(target.High, $"high of target '{target.Metric}' on '{target.On}' of candidate '{candidate.Name}'");
            }
        }

        foreach (var comparison in report.Comparisons)
        {
            Require(comparison.Difference, $"difference of '{comparison.A}' and '{comparison.B}' in '{comparison.Metric}'");
            Require(comparison.P, $"p of '{comparison.A}' and '{comparison.B}' in '{comparison.Metric}'");
        }
    }

    private static void Require(double figure, string what)
    {
        if (!double.IsFinite(figure))
        {
            throw new ArgumentException($"report.json: the {what} is {Figures.Exact(figure)}, and JSON has no such number. Give a finite bound instead.", nameof(figure));
        }
    }
}
