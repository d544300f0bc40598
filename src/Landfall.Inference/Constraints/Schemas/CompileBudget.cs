namespace Landfall.Inference.Constraints.Schemas;

/// <summary>
/// The work that one schema may take as a whole, whatever its parts: entries of automata, alternatives, pairs of branches. Each
/// part has a limit of its own too; this one holds where there are many.
/// </summary>
internal sealed class CompileBudget
{
    private const long Limit = 8_000_000;
    private long _spent;

    /// <summary>Counts work that is done, or is about to be.</summary>
    /// <exception cref="ConstraintException">The schema takes too much.</exception>
    public void Spend(long work, string place)
    {
        _spent += work;
        if (_spent > Limit)
        {
            throw new ConstraintException(place, $"the schema as a whole takes more than {Limit} steps to prepare, of which the last were here. Use fewer or simpler parts.");
        }
    }
}
