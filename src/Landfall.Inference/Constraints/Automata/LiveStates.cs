namespace Landfall.Inference.Constraints.Automata;

/// <summary>Which states of a table lead to acceptance.</summary>
internal static class LiveStates
{
    /// <summary>By state: whether an accepting state can be reached.</summary>
    /// <param name="next">[state, symbol] to state; negative: none.</param>
    /// <param name="accepts">By state.</param>
    /// <param name="symbols">Symbols per state.</param>
    public static bool[] Find(ReadOnlySpan<int> next, ReadOnlySpan<bool> accepts, int symbols)
    {
        var (first, sources) = Reverse(next, accepts.Length);
        var live = accepts.ToArray();
        var open = new Stack<int>();
        for (var state = 0; state < live.Length; state++)
        {
            if (live[state])
            {
                open.Push(state);
            }
        }

        while (open.TryPop(out var target))
        {
            for (var index = first[target]; index < first[target + 1]; index++)
            {
                var source = sources[index] / symbols;
                if (!live[source])
                {
                    live[source] = true;
                    open.Push(source);
                }
            }
        }

        return live;
    }

    // By target: the places in the table that lead to it.
    private static (int[] First, int[] Sources) Reverse(ReadOnlySpan<int> next, int states)
    {
        var first = new int[states + 2];
        foreach (var target in next)
        {
            if (target >= 0)
            {
                first[target + 2]++;
            }
        }

        for (var state = 2; state < first.Length; state++)
        {
            first[state] += first[state - 1];
        }

        var sources = new int[first[^1]];
        for (var place = 0; place < next.Length; place++)
        {
            if (next[place] >= 0)
            {
                sources[first[next[place] + 1]++] = place;
            }
        }

        return (first, sources);
    }
}
