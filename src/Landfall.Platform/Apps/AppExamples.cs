using Landfall.Platform.Briefs;
using Landfall.Platform.Datasets;
using Landfall.Platform.Evaluation;
using Landfall.Platform.Storage;
using Landfall.Protocol.Apps;
using Landfall.Protocol.Reports;

namespace Landfall.Platform.Apps;

/// <summary>The test rows of an app's last report with a candidate's stored answers.</summary>
public sealed class AppExamples(DatasetReader reader, MeasurementStore measurements, MetricRegistry metrics)
{
    /// <summary>All examples in the order of the test data.</summary>
    public async Task<IReadOnlyList<ExampleResult>> ListAsync(AppEntity app, Report report, CandidateReport candidate, CancellationToken cancellation)
    {
        var brief = BriefParser.Parse(app.Brief).Brief
            ?? throw new InvalidOperationException($"The stored brief of '{app.Name}' cannot be read any more.");
        var rows = new List<Row>();
        await foreach (var row in reader.ReadAsync(report.Data.TestVersion, cancellation).ConfigureAwait(false))
        {
            rows.Add(row);
        }

        var answers = await measurements.LoadAnswersAsync(candidate.Hash, rows, cancellation).ConfigureAwait(false);
        var context = MetricContext.Of(brief);
        var perExample = metrics.For(brief).Where(m => m.IsQuality && m.Kind is MetricKind.Proportion or MetricKind.Mean).ToList();
        return [.. rows.Where(r => answers.ContainsKey(r.Id)).Select(r => ToResult(brief, context, perExample, answers[r.Id] with { Row = r }))];
    }

    private static ExampleResult ToResult(Brief brief, MetricContext context, List<IMetric> metrics, Observation observation)
    {
        var scores = metrics.Select(m => (m.Name, Score: m.Score(observation, context)))
            .Where(s => s.Score is { Length: 1 })
            .ToDictionary(s => s.Name, s => s.Score![0], StringComparer.Ordinal);
        return new ExampleResult
        {
            Id = observation.Row.Id,
            Text = observation.Row.Text,
            Expected = observation.Row.Expected,
            Got = observation.Got,
            Confidence = observation.Confidence,
            Correct = brief.Output == OutputKind.Label ? context.SameLabel(observation.Row.Expected, observation.Got) : null,
            Scores = scores,
            Fields = observation.Row.Fields,
            Call = observation.Call,
        };
    }
}
