namespace Landfall.Inference.Serving;

/// <summary>
/// Who comes next: the owner who was served least (the virtual token counter of Sheng et al., "Fairness in Serving Large
/// Language Models", arXiv 2401.00588). An owner who comes back after a pause begins level with the least served of those
/// who are there, so that nobody saves up service.
/// </summary>
internal sealed class FairShares
{
    /// <summary>A token of an answer takes a whole step, one of a prompt a part of one.</summary>
    private const int AnswerWeight = 4;

    private readonly Dictionary<string, long> _served = new(StringComparer.Ordinal);

    /// <summary>What an owner was served.</summary>
    public long Of(string owner) => _served.GetValueOrDefault(owner);

    /// <summary>An owner's request came in.</summary>
    /// <param name="owner">Whose.</param>
    /// <param name="present">Owners who have requests already.</param>
    public void Arrive(string owner, IEnumerable<string> present)
    {
        var here = present.ToList();
        if (here.Contains(owner, StringComparer.Ordinal))
        {
            return;
        }

        var least = here.Select(o => (long?)Of(o)).Min();
        if (least is { } level)
        {
            _served[owner] = Math.Max(Of(owner), level);
        }
    }

    /// <summary>Counts tokens that were computed for an owner.</summary>
    public void Serve(string owner, int promptTokens, int answerTokens) => _served[owner] = Of(owner) + promptTokens + (AnswerWeight * answerTokens);

    /// <summary>Forgets all owners: nobody has requests.</summary>
    public void Clear() => _served.Clear();
}
