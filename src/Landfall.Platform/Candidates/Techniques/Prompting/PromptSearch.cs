using System.Globalization;
using Landfall.Platform.Datasets;
using Landfall.Platform.Endpoints;
using Landfall.Platform.Endpoints.Calls;

namespace Landfall.Platform.Candidates.Techniques.Prompting;

/// <summary>An instruction with a number of examples that takes part in a search.</summary>
internal sealed record Arm(Instruction Instruction, int Examples)
{
    public PromptForm Form => new(Instruction.Text, Examples);

    public override string ToString() => Examples == 0 ? $"'{Instruction.Name}'" : $"'{Instruction.Name}' with {Examples} examples";
}

/// <summary>How an arm did.</summary>
/// <param name="Arm">Which.</param>
/// <param name="Rows">Validation rows asked.</param>
/// <param name="Score">The mean score on them.</param>
internal sealed record Trial(Arm Arm, int Rows, double Score)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Arm}: {Score:0.000} on {Rows} rows");
}

/// <summary>What a search found.</summary>
/// <param name="Best">The arm with the highest score; among equals the one with fewer examples, then the earlier.</param>
/// <param name="First">How the first arm did, on the same rows as far as it went.</param>
/// <param name="Trials">Every arm, best first.</param>
/// <param name="CostUsd">Money.</param>
/// <param name="Remarks">What else happened, one sentence each.</param>
internal sealed record SearchOutcome(Trial Best, Trial First, IReadOnlyList<Trial> Trials, decimal CostUsd, IReadOnlyList<string> Remarks);

/// <summary>
/// Successive halving (Jamieson and Talwalkar 2016): all arms answer a few validation rows, the best third of them more, and
/// the best two, with the first arm for comparison, the most. Rows that were answered in an earlier round are not asked again.
/// </summary>
internal sealed class PromptSearch(PromptAsker asker, IReadOnlyList<Row> validation, Func<Row, string, double> score, int parallel, IProgress<double> progress)
{
    public const int MostRows = 120;
    private static readonly int[] RoundRows = [15, 45, MostRows];

    // A row's id is a hash: its order is random, and always the same.
    private readonly IReadOnlyList<Row> _rows = [.. validation.OrderBy(r => r.Id, StringComparer.Ordinal).Take(MostRows)];
    private readonly Dictionary<Arm, List<Scored>> _scored = [];
    private readonly List<string> _remarks = [];
    private decimal _cost;

    /// <summary>Searches among the arms; the first is what the result is compared with.</summary>
    /// <param name="arms">At least one.</param>
    /// <param name="rewrite">Writes a further instruction from an arm and its mistakes; null: none.</param>
    /// <param name="cancellation">Ends the search.</param>
    public async Task<SearchOutcome> RunAsync(
        IReadOnlyList<Arm> arms, Func<Arm, IReadOnlyList<(Row Row, string Got)>, Task<(Instruction? Written, decimal CostUsd, string Remark)>>? rewrite, CancellationToken cancellation)
    {
        IReadOnlyList<Arm> left = arms;
        for (var round = 0; round < RoundRows.Length && !IsHalfSpent(); round++)
        {
            var asked = round == 0 ? left : [.. left.Append(arms[0]).Distinct()];
            for (var i = 0; i < asked.Count && !(round == 0 && i > 0 && IsHalfSpent()); i++)
            {
                await AskAsync(asked[i], RoundRows[round], cancellation).ConfigureAwait(false);
                progress.Report((round + ((i + 1.0) / asked.Count)) / RoundRows.Length);
            }

            left = [.. Ranked(asked).Take(round == 0 ? Math.Max(3, (left.Count + 2) / 3) : 2)];
            if (round == 1 && rewrite is not null && await RewriteAsync(left[0], rewrite).ConfigureAwait(false) is { } written)
            {
                arms = [.. arms, written];
                await AskAsync(written, RoundRows[1], cancellation).ConfigureAwait(false);
                left = [.. Ranked([.. asked, written]).Take(2)];
            }
        }

        // Only arms that went as far as the farthest are compared: a lucky few rows prove nothing.
        var farthest = _scored.Values.Max(s => s.Count);
        var best = Ranked(arms).First(a => _scored[a].Count == farthest);
        return new SearchOutcome(TrialOf(best), TrialOf(arms[0]), [.. Ranked(arms).Select(TrialOf)], _cost, _remarks);
    }

    private async Task AskAsync(Arm arm, int rows, CancellationToken cancellation)
    {
        if (!_scored.TryGetValue(arm, out var done))
        {
            _scored[arm] = done = [];
        }

        var from = done.Count;
        var fresh = new Scored[Math.Max(0, Math.Min(rows, _rows.Count) - from)];
        var options = new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancellation };
        await Parallel.ForAsync(0, fresh.Length, options, async (i, token) =>
        {
            var row = _rows[from + i];
            var answer = await asker.AskAsync(arm.Form, Question.Of(row), token).ConfigureAwait(false);
            fresh[i] = new Scored(row, answer.Text, score(row, answer.Text), answer.CostUsd);
        }).ConfigureAwait(false);
        done.AddRange(fresh);
        _cost += fresh.Sum(s => s.CostUsd);
    }

    private async Task<Arm?> RewriteAsync(Arm best, Func<Arm, IReadOnlyList<(Row Row, string Got)>, Task<(Instruction? Written, decimal CostUsd, string Remark)>> rewrite)
    {
        var mistakes = _scored[best].Where(s => s.Score < 1).Select(s => (s.Row, s.Got)).Take(8).ToList();
        if (mistakes.Count == 0)
        {
            return null;
        }

        var (written, cost, remark) = await rewrite(best, mistakes).ConfigureAwait(false);
        _cost += cost;
        _remarks.Add(remark);
        return written is null ? null : new Arm(written, best.Examples);
    }

    private IEnumerable<Arm> Ranked(IReadOnlyList<Arm> arms) => arms.Where(_scored.ContainsKey)
        .Select((arm, order) => (Arm: arm, Order: order, Score: Mean(arm)))
        .OrderByDescending(a => a.Score).ThenBy(a => a.Arm.Examples).ThenBy(a => a.Order).Select(a => a.Arm);

    private Trial TrialOf(Arm arm) => new(arm, _scored[arm].Count, Mean(arm));

    private double Mean(Arm arm) => _scored[arm].Count == 0 ? 0 : _scored[arm].Average(s => s.Score);

    /// <summary>The other half of the money is for the test rows.</summary>
    private bool IsHalfSpent()
    {
        var spending = CallScope.Current.Spending;
        if (_scored.Count == 0 || spending?.LimitUsd is not { } limit || spending.SpentUsd <= limit / 2)
        {
            return false;
        }

        const string remark = "The search ended early: half of the money budget was spent.";
        if (!_remarks.Contains(remark))
        {
            _remarks.Add(remark);
        }

        return true;
    }

    private sealed record Scored(Row Row, string Got, double Score, decimal CostUsd);
}
