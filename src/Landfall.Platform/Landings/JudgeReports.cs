using Landfall.Platform.Briefs;
using Landfall.Platform.Evaluation;
using Landfall.Platform.Evaluation.Judging;
using Landfall.Platform.Evaluation.Statistics;
using Landfall.Platform.Evaluation.Statistics.Agreement;
using Landfall.Protocol.Reports;

namespace Landfall.Platform.Landings;

/// <summary>A candidate's judged answers.</summary>
internal sealed record JudgedCandidate(string Name, IReadOnlyList<Observation> Observations);

/// <summary>What a report says of the judges themselves.</summary>
internal static class JudgeReports
{
    public static IReadOnlyList<JudgeReport> Of(JudgedBrief judged, IReadOnlyList<JudgedCandidate> candidates) =>
        [.. judged.Brief.Judges.Select(judge => Of(judged.Panels[judge.Name], candidates))];

    private static JudgeReport Of(JudgePanel panel, IReadOnlyList<JudgedCandidate> candidates)
    {
        var judge = panel.Judge;
        var judgements = candidates
            .SelectMany(candidate => candidate.Observations.Where(o => o.Judgements.ContainsKey(judge.Name))
                .Select(o => (Item: $"{candidate.Name}/{o.Row.Id}", Judgement: o.Judgements[judge.Name])))
            .DistinctBy(judged => judged.Item, StringComparer.Ordinal).ToList();
        var table = judge is { Scale: JudgeScale.PassFail, Evidence: { } evidence } ? evidence.Table() : null;
        return new JudgeReport
        {
            Name = judge.Name,
            Key = panel.Key,
            Scale = BriefKeys.WordOf(judge.Scale),
            Endpoints = [.. panel.Members.Select(member => member.Name)],
            Votes = judge.Votes,
            Judged = judgements.Count,
            Unjudged = judgements.Count(judged => judged.Judgement.Score is null),
            CalibrationRows = judge.Evidence is { } known ? known.Pairs.Count + known.Unjudged : 0,
            Sensitivity = table is { HumanPass: > 0 } ? Share(table.BothPass, table.HumanPass) : null,
            Specificity = table is { HumanFail: > 0 } ? Share(table.BothFail, table.HumanFail) : null,
            AgreementWithHumans = judge.Evidence is { } pairs ? WithHumans(judge.Scale, pairs) : null,
            AgreementAmongJudges = panel.Members.Count > 1 ? AmongJudges(panel, judgements) : null,
            FirstPreferred = judge.Scale == JudgeScale.Pairwise ? FirstPreferred(judgements.Select(judged => judged.Judgement)) : null,
            Warning = judge.Evidence is null
                ? "It was not held against human labels: figures are its opinion, and their bounds do not carry its error."
                : table?.WhyUseless is { } useless ? $"It proves nothing: {useless}." : null,
        };
    }

    private static MetricValue Share(long count, long of)
    {
        var (low, high) = Wilson.Interval(count, of);
        return new MetricValue((double)count / of, low, high, of);
    }

    private static AgreementReport WithHumans(JudgeScale scale, JudgeEvidence evidence)
    {
        var ratings = evidence.Pairs.SelectMany((pair, i) => new[] { new Rating($"{i}", "human", Label(pair.Human)), new Rating($"{i}", "judge", Label(pair.Judge)) }).ToList();
        var table = RatingTable.Of(ratings, annotators: ["human", "judge"]);
        return scale == JudgeScale.PassFail
            ? Report("cohen-kappa", CohenKappa.Of(table, 0, 1))
            : Report("krippendorff-alpha-interval", KrippendorffAlpha.Of(table, MeasurementLevel.Interval));
    }

    private static AgreementReport AmongJudges(JudgePanel panel, IEnumerable<(string Item, Judgement Judgement)> judgements)
    {
        var ratings = judgements.SelectMany(judged => panel.Members.DistinctBy(member => member.Name, StringComparer.Ordinal)
            .Select(member => (Member: member, Score: judged.Judgement.ScoreOf(panel.Judge.Scale, member.Name)))
            .Where(vote => vote.Score is not null)
            .Select(vote => new Rating(judged.Item, vote.Member.Name, Label(vote.Score!.Value)))).ToList();
        var level = panel.Judge.Scale == JudgeScale.PassFail ? MeasurementLevel.Nominal : MeasurementLevel.Interval;
        return Report($"krippendorff-alpha-{BriefKeys.WordOf(level)}", KrippendorffAlpha.Of(RatingTable.Of(ratings), level));
    }

    /// <summary>Of the verdicts that prefer one: how often the one shown first. One half is no bias.</summary>
    private static MetricValue? FirstPreferred(IEnumerable<Judgement> judgements)
    {
        var decided = judgements.SelectMany(judgement => judgement.Votes).Where(vote => vote.Score is 0 or 1).ToList();
        return decided.Count == 0 ? null : Share(decided.Count(vote => vote.Score == 1 != vote.IsSwapped), decided.Count);
    }

    private static AgreementReport Report(string coefficient, AgreementValue value) =>
        new(coefficient, value.Value, value.Low, value.High, value.Items, value.WhyUndefined);

    private static string Label(double score) => score.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
}
