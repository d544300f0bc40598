using System.Globalization;

namespace Landfall.Platform.Endpoints.Calls;

/// <summary>Money that may be spent, and has been. Room for a call is taken before it and settled after it. Safe for concurrent use.</summary>
/// <param name="limitUsd">US dollars; null: no limit.</param>
public sealed class Spending(decimal? limitUsd)
{
    private readonly Lock _gate = new();
    private decimal _spent;
    private decimal _reserved;

    public decimal? LimitUsd => limitUsd;

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
            if (limitUsd is { } limit && _spent + _reserved + estimate > limit)
            {
                throw new EndpointException(
                    EndpointFailure.BudgetSpent,
                    string.Create(CultureInfo.InvariantCulture, $"the money budget of ${limit:0.####} is spent (${_spent:0.####}; the next call may cost ${estimate:0.######}). Raise budget.money in the brief."));
            }

            _reserved += estimate;
        }
    }

    /// <summary>Gives the room back and notes what the call did cost.</summary>
    public void Settle(decimal estimate, decimal actual)
    {
        lock (_gate)
        {
            _reserved -= estimate;
            _spent += actual;
        }
    }
}
