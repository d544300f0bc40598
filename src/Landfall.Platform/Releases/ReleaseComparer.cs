using Landfall.Platform.Briefs;
using Landfall.Platform.Datasets;
using Landfall.Platform.Evaluation;
using Landfall.Protocol.Apps;
using Landfall.Protocol.Reports;

namespace Landfall.Platform.Releases;

/// <summary>A candidate of a landing.</summary>
public sealed record LandedCandidate(PastLanding Landing, CandidateReport Candidate);

/// <summary>Which changed answers are wanted.</summary>
public sealed record ChangeFilter(AnswerChange? Change, long Offset, int Limit);

/// <summary>
/// Compares two candidates by their stored answers to the test rows of the second one's landing: nothing is asked again, and
/// so nothing is paid for again.
/// </summary>
public sealed class ReleaseComparer(DatasetReader reader, MeasurementStore measurements, MetricRegistry metrics)
{
    /// <summary>The comparison; null when no row was answered by both.</summary>
    public async Task<ReleaseComparison?> CompareAsync(LandedCandidate a, LandedCandidate b, PastLanding? live, ChangeFilter filter, CancellationToken cancellation)
    {
        var brief = BriefParser.Parse(b.Landing.Entity.Brief).Brief
            ?? throw new InvalidOperationException($"The stored brief of landing {b.Landing.Entity.Number} of '{b.Landing.Entity.App}' cannot be read any more.");
        var rows = await reader.ReadAsync(b.Landing.Report.Data.TestVersion, cancellation).ToListAsync(cancellation).ConfigureAwait(false);

        var first = await measurements.LoadAnswersAsync(a.Candidate.Hash, rows, cancellation).ConfigureAwait(false);
        var second = await measurements.LoadAnswersAsync(b.Candidate.Hash, rows, cancellation).ConfigureAwait(false);
        var pairs = rows.Where(r => first.ContainsKey(r.Id) && second.ContainsKey(r.Id)).Select(r => (A: first[r.Id] with { Row = r }, B: second[r.Id] with { Row = r })).ToList();
        if (pairs.Count == 0)
        {
            return null;
        }

        var context = MetricContext.Of(brief);

        // A metric of a part of the rows would call nothing better or worse outside of it.
        var by = Comparisons.MetricsOf(brief, metrics).FirstOrDefault(m => m.Kind is MetricKind.Proportion or MetricKind.Mean && pairs.TrueForAll(p => m.Score(p.B, context) is { Length: 1 }))
            ?? metrics.Main(brief.Output);
        var changes = pairs.Where(p => p.A.Got != p.B.Got).Select(p => Change(p.A, p.B, by, context)).OrderBy(c => c.Change).ToList();
        var wanted = changes.Where(c => filter.Change is null || c.Change == filter.Change).ToList();
        return new ReleaseComparison
        {
            A = SideOf(a, live),
            B = SideOf(b, live),
            Rows = pairs.Count,
            TestRows = rows.Count,
            AnswersBy = by.Name,
            Metrics = MetricsOf(brief, context, pairs),
            Broken = changes.LongCount(c => c.Change == AnswerChange.Broken),
            Fixed = changes.LongCount(c => c.Change == AnswerChange.Fixed),
            Other = changes.LongCount(c => c.Change == AnswerChange.Other),
            Total = wanted.Count,
            Changes = [.. wanted.Skip((int)Math.Min(filter.Offset, int.MaxValue)).Take(filter.Limit)],
        };
    }

    private List<ComparedMetric> MetricsOf(Brief brief, MetricContext context, List<(Observation A, Observation B)> pairs)
    {
        var compared = new List<ComparedMetric>();
        foreach (var metric in metrics.For(brief))
        {
            double[]?[] a = [.. pairs.Select(p => metric.Score(p.A, context))], b = [.. pairs.Select(p => metric.Score(p.B, context))];
            if (Array.TrueForAll(a, s => s is null) || Array.TrueForAll(b, s => s is null))
            {
                continue;
            }

            var (left, right) = (Estimator.Estimate(metric, a), Estimator.Estimate(metric, b));
            compared.Add(new ComparedMetric
            {
                Metric = metric.Name,
                HigherIsBetter = metric.HigherIsBetter,
                A = left,
                B = right,
                Difference = right.Value - left.Value,
                P = metric.IsQuality ? Comparisons.PValue(metric, a, b) : null,
            });
        }

        var adjusted = Evaluation.Statistics.Holm.Adjust([.. compared.Where(c => c.P is not null).Select(c => c.P!.Value)]);
        var next = 0;
        return [.. compared.Select(c => c.P is null ? c : c with { P = adjusted[next++] })];
    }

    private static ChangedAnswer Change(Observation a, Observation b, IMetric by, MetricContext context)
    {
        var (before, after) = (ScoreOf(a), ScoreOf(b));
        var better = by.HigherIsBetter ? after.CompareTo(before) : before.CompareTo(after);
        var change = better > 0 ? AnswerChange.Fixed : better < 0 ? AnswerChange.Broken : AnswerChange.Other;
        return new ChangedAnswer(a.Row.Id, change, a.Row.Text, a.Row.Expected, a.Got, b.Got);

        double ScoreOf(Observation observation) => by.Score(observation, context) is { Length: 1 } score ? score[0] : 0;
    }

    private static ComparedSide SideOf(LandedCandidate side, PastLanding? live) => new(
        side.Landing.Entity.Number,
        side.Candidate.Name,
        side.Candidate.Technique,
        side.Candidate.Hash,
        side.Landing.Entity.LandedAt,
        live is not null && live.Entity.Number == side.Landing.Entity.Number && live.Report.Release?.Hash == side.Candidate.Hash);
}
