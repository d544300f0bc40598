using Landfall.Platform.Briefs;
using Landfall.Platform.Evaluation.Statistics;

namespace Landfall.Platform.Evaluation.Judging;

/// <summary>One vote.</summary>
/// <param name="Judge">The endpoint asked.</param>
/// <param name="Vote">Which of its votes, from 0.</param>
/// <param name="IsSwapped">With pairs: whether the expected answer stood first.</param>
/// <param name="Score">What it says of the answer; null: nonsense, twice.</param>
/// <param name="Reason">Why.</param>
/// <param name="Problem">What was wrong with what it answered; null when nothing was.</param>
/// <param name="Call">The paid call, by which the exact request can be opened.</param>
public sealed record JudgeVote(string Judge, int Vote, bool IsSwapped, double? Score, string? Reason, string? Problem, string? Call);

/// <summary>What a panel says of one answer.</summary>
/// <param name="Score">1 or 0, 1 to 5, or with pairs 0 to 1; null: unjudged.</param>
/// <param name="Votes">All votes.</param>
/// <param name="CostUsd">Money spent on them.</param>
public sealed record Judgement(double? Score, IReadOnlyList<JudgeVote> Votes, decimal CostUsd)
{
    /// <summary>
    /// Combines votes: the majority of pass and fail (a tie fails), else the mean. When fewer than half of the votes can be
    /// read, the answer is unjudged.
    /// </summary>
    public static Judgement Of(JudgeScale scale, IReadOnlyList<JudgeVote> votes, decimal costUsd)
    {
        double[] scores = [.. votes.Select(vote => vote.Score).OfType<double>()];
        double? combined = 2 * scores.Length < votes.Count || scores.Length == 0 ? null
            : scale == JudgeScale.PassFail ? (2 * scores.Sum() > scores.Length ? 1 : 0)
            : scores.Average();
        return new Judgement(combined, votes, costUsd);
    }

    /// <summary>What one endpoint alone says; null when its votes cannot be read.</summary>
    public double? ScoreOf(JudgeScale scale, string judge) => Of(scale, [.. Votes.Where(vote => vote.Judge == judge)], 0).Score;
}

/// <summary>A judge against human labels of the same answers.</summary>
/// <param name="Pairs">Human and judge score of each calibration row that the judge could judge.</param>
/// <param name="Unjudged">Calibration rows that it could not.</param>
public sealed record JudgeEvidence(IReadOnlyList<HumanAndJudge> Pairs, int Unjudged)
{
    /// <summary>With pass and fail: the table of agreement.</summary>
    public JudgeCalibration Table()
    {
        int pass = Pairs.Count(pair => pair.Human > 0.5), fail = Pairs.Count - pass;
        return new JudgeCalibration(pass, Pairs.Count(pair => pair.Human > 0.5 && pair.Judge > 0.5), fail, Pairs.Count(pair => pair.Human <= 0.5 && pair.Judge <= 0.5));
    }

    /// <summary>Human less judge, row by row.</summary>
    public double[] Differences() => [.. Pairs.Select(pair => pair.Human - pair.Judge)];
}

/// <summary>What a human and the judge say of one answer.</summary>
public sealed record HumanAndJudge(double Human, double Judge);
