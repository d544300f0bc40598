using Landfall.Inference.Constraints.Automata;

namespace Landfall.Inference.Constraints.Patterns;

/// <summary>
/// A deterministic automaton over code points, worked out in full and trimmed: every state that is left leads to acceptance.
/// </summary>
internal sealed class CharacterDfa
{
    public const int Dead = -1;
    private const int MaxStates = 20_000;
    private const int MaxEntries = 4_000_000;
    private const int MaxWork = 4_000_000;
    private readonly int[] _next;
    private readonly bool[] _accepts;

    private CharacterDfa(Alphabet alphabet, int[] next, bool[] accepts)
    {
        var live = LiveStates.Find(next, accepts, Math.Max(1, alphabet.Count));
        for (var index = 0; index < next.Length; index++)
        {
            next[index] = next[index] >= 0 && live[next[index]] ? next[index] : Dead;
        }

        (Alphabet, _next, _accepts, Empty) = (alphabet, next, accepts, !live[0]);
    }

    /// <summary>Its symbols.</summary>
    public Alphabet Alphabet { get; }

    /// <summary>Whether no text is accepted.</summary>
    public bool Empty { get; }

    /// <summary>What making it took: entries of its table, and nodes of the pattern that were looked at.</summary>
    public long Work { get; private init; }

    /// <summary>The first state.</summary>
    public static int Start => 0;

    public int States => _accepts.Length;

    /// <summary>By the subset construction.</summary>
    public static CharacterDfa Of(PatternNode pattern, string place)
    {
        var nfa = PatternNfa.Build(pattern, place);
        var classes = nfa.Nodes.Select(node => node.Class).OfType<CharacterClass>().Distinct().Distinct(CharacterClass.SameCharacters.Instance).ToList();
        if (classes.Count * classes.Sum(read => 2L * read.Ranges.Length) > MaxEntries)
        {
            throw TooLarge(place);
        }

        var numbers = classes.Index().ToDictionary(pair => pair.Item, pair => pair.Index, CharacterClass.SameCharacters.Instance);
        var (alphabet, members) = Alphabet.Of(classes);
        var classOf = nfa.Nodes.Select(node => node.Class is { } read ? numbers[read] : -1).ToArray();
        var builder = new Builder<int[]>(alphabet, place, SameSet.Instance);
        var closure = new NodeClosure(nfa);
        var sets = new List<int[]>();
        var work = 0L;
        closure.Add(nfa.Start);
        Number();
        for (var state = 0; state < sets.Count; state++)
        {
            work += (long)sets[state].Length * alphabet.Count;
            for (var symbol = 0; symbol < alphabet.Count; symbol++)
            {
                if (work + closure.Work > MaxWork)
                {
                    throw TooLarge(place);
                }

                foreach (var node in sets[state])
                {
                    if (classOf[node] >= 0 && members[symbol][classOf[node]])
                    {
                        closure.Add(nfa.Nodes[node].First);
                    }
                }

                builder.Add(Number());
            }
        }

        return builder.Finish([.. sets.Select(set => set.Any(nfa.IsAccepting))], work + closure.Work);

        int Number()
        {
            var set = closure.Take();
            var state = set.Length == 0 ? Dead : builder.Number(set);
            if (state == sets.Count)
            {
                sets.Add(set);
            }

            return state;
        }
    }

    /// <summary>The texts of so many characters.</summary>
    public static CharacterDfa OfLength(int min, int? max, string place) =>
        Of(new PatternNode.Repeat(new PatternNode.Characters(CharacterClass.Any), min, max), place);

    /// <summary>The texts that both accept, or those that this one accepts and the other does not.</summary>
    public CharacterDfa With(CharacterDfa other, bool accepted, string place)
    {
        var (alphabet, pairs) = Alphabet.Refine(Alphabet, other.Alphabet);
        var builder = new Builder<(int, int)>(alphabet, place);
        var states = new List<(int Left, int Right)>();
        Number((Start, Start));
        for (var state = 0; state < states.Count; state++)
        {
            foreach (var (left, right) in pairs)
            {
                var target = (Next(states[state].Left, left), states[state].Right == Dead ? Dead : other.Next(states[state].Right, right));
                builder.Add(target.Item1 == Dead || (accepted && target.Item2 == Dead) ? Dead : Number(target));
            }
        }

        return builder.Finish([.. states.Select(pair => Accepts(pair.Left) && (pair.Right != Dead && other.Accepts(pair.Right)) == accepted)], work: 0);

        int Number((int, int) pair)
        {
            var state = builder.Number(pair);
            if (state == states.Count)
            {
                states.Add(pair);
            }

            return state;
        }
    }

    public int Next(int state, int symbol) => symbol < 0 ? Dead : _next[(state * Alphabet.Count) + symbol];

    public bool Accepts(int state) => _accepts[state];

    public bool Continues(int state) => _next.AsSpan(state * Alphabet.Count, Alphabet.Count).ContainsAnyExcept(Dead);

    /// <summary>Whether it accepts texts without end: whether a cycle can be reached.</summary>
    public bool IsEndless()
    {
        // Kahn: states on no cycle are taken away one after another, beginning with those that nothing leads to.
        var sources = new int[States];
        foreach (var target in _next)
        {
            if (target >= 0)
            {
                sources[target]++;
            }
        }

        var open = new Stack<int>(Enumerable.Range(0, States).Where(state => sources[state] == 0));
        var left = States;
        while (open.TryPop(out var state))
        {
            left--;
            foreach (var target in _next.AsSpan(state * Alphabet.Count, Alphabet.Count))
            {
                if (target >= 0 && --sources[target] == 0)
                {
                    open.Push(target);
                }
            }
        }

        return left > 0;
    }

    private static ConstraintException TooLarge(string place) =>
        new(place, $"the pattern (with its lengths) needs more than {MaxStates} states, or as much work. Use smaller numbers or a simpler pattern.");

    // Numbers states as they are met, and bounds what a pattern may take.
    private sealed class Builder<TKey>(Alphabet alphabet, string place, IEqualityComparer<TKey>? comparer = null)
        where TKey : notnull
    {
        private readonly Dictionary<TKey, int> _numbers = new(comparer);
        private readonly List<int> _next = [];

        public int Number(TKey key)
        {
            if (_numbers.TryGetValue(key, out var number))
            {
                return number;
            }

            if (_numbers.Count >= MaxStates || _next.Count > MaxEntries)
            {
                throw TooLarge(place);
            }

            _numbers.Add(key, _numbers.Count);
            return _numbers.Count - 1;
        }

        public void Add(int target) => _next.Add(target);

        public CharacterDfa Finish(bool[] accepts, long work) => new(alphabet, [.. _next], accepts) { Work = work + _next.Count };
    }

    private sealed class SameSet : IEqualityComparer<int[]>
    {
        public static SameSet Instance { get; } = new();

        public bool Equals(int[]? x, int[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(int[] obj)
        {
            var hash = default(HashCode);
            hash.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(obj.AsSpan()));
            return hash.ToHashCode();
        }
    }
}
