using System.Globalization;

namespace Landfall.Platform.Endpoints.Calls;

/// <summary>Money that may be spent, and has been. Room for a call is taken before it and settled after it. Safe for concurrent use.</summary>
/// <param name="limitUsd">US dollars; null: no limit.</param>
/// <param name="alreadySpentUsd">What the same run spent before it was interrupted: it counts against the limit.</param>
public sealed class Spending(decimal? limitUsd, decimal alreadySpentUsd = 0)
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _replayed = new(StringComparer.Ordinal);
    private decimal _new;
    private decimal _spent;
    private decimal _reserved;

    public decimal? LimitUsd => limitUsd;

    /// <summary>What the work so far has cost, whenever it was paid: a resumed run that repeats its steps sees what it saw then.</summary>
    public decimal SpentUsd
    {
        get
        {
            lock (_gate)
            {
                return _spent;
            }
        }
    }

    /// <summary>Takes room for a call that may cost this much.</summary>
    /// <exception cref="EndpointException">There is none.</exception>
    public void Reserve(decimal estimate)
    {
        lock (_gate)
        {
            if (limitUsd is { } limit && alreadySpentUsd + _new + _reserved + estimate > limit)
            {
                throw new EndpointException(
                    EndpointFailure.BudgetSpent,
                    string.Create(CultureInfo.InvariantCulture, $"the money budget of ${limit:0.####} is spent (${alreadySpentUsd + _new:0.####}; the next call may cost ${estimate:0.######}). Raise budget.money in the brief."));
            }

            _reserved += estimate;
        }
    }

    /// <summary>Gives the room back and notes what the call did cost.</summary>
    public void Settle(string identity, decimal estimate, decimal actual)
    {
        lock (_gate)
        {
            _replayed.Add(identity);
            _reserved -= estimate;
            _spent += actual;
            _new += actual;
        }
    }

    /// <summary>Notes that the work uses a call which it paid for before; once, however often it uses it.</summary>
    public void Replay(string identity, decimal cost)
    {
        lock (_gate)
        {
            _spent += _replayed.Add(identity) ? cost : 0;
        }
    }
}
