namespace Landfall.Inference.Constraints.Automata;

/// <summary>An automaton whose states were all worked out beforehand, less those from which nothing is accepted.</summary>
internal sealed class TableAutomaton : ByteAutomaton
{
    private readonly byte[] _alphabet;
    private readonly sbyte[] _symbols;
    private readonly int[] _next;
    private readonly bool[] _accepts;

    private TableAutomaton(byte[] alphabet, int[] next, bool[] accepts)
    {
        (_alphabet, _next, _accepts) = (alphabet, next, accepts);
        _symbols = new sbyte[256];
        Array.Fill(_symbols, (sbyte)-1);
        for (var symbol = 0; symbol < alphabet.Length; symbol++)
        {
            _symbols[alphabet[symbol]] = (sbyte)symbol;
        }
    }

    public override int Start => 0;

    /// <summary>Whether there is nothing that it accepts. Such an automaton is not to be used.</summary>
    public bool Empty { get; private init; }

    /// <summary>Entries of its table.</summary>
    public int Entries => _next.Length;

    /// <summary>Follows <paramref name="step"/> from <paramref name="start"/> to all states that can be reached.</summary>
    /// <param name="alphabet">The bytes that may occur.</param>
    /// <param name="start">The first state.</param>
    /// <param name="step">The state after a byte; null: none.</param>
    /// <param name="accepts">Whether a text may end in a state.</param>
    /// <param name="limit">How many states there may be.</param>
    /// <returns>Null where there are more states than the limit.</returns>
    public static TableAutomaton? Explore<TState>(
        ReadOnlySpan<byte> alphabet, TState start, Func<TState, byte, TState?> step, Func<TState, bool> accepts, int limit)
        where TState : struct
    {
        var numbers = new Dictionary<TState, int> { [start] = 0 };
        var states = new List<TState> { start };
        var next = new List<int>();
        for (var index = 0; index < states.Count; index++)
        {
            foreach (var value in alphabet)
            {
                next.Add(step(states[index], value) is { } target ? Number(target) : Dead);
            }

            if (states.Count > limit)
            {
                return null;
            }
        }

        return Trim(alphabet.ToArray(), [.. next], [.. states.Select(accepts)]);

        int Number(TState state)
        {
            if (!numbers.TryGetValue(state, out var number))
            {
                number = states.Count;
                numbers.Add(state, number);
                states.Add(state);
            }

            return number;
        }
    }

    public override int Next(int state, byte value) => _symbols[value] < 0 ? Dead : _next[(state * _alphabet.Length) + _symbols[value]];

    public override bool Accepts(int state) => _accepts[state];

    public override bool Continues(int state) => _next.AsSpan(state * _alphabet.Length, _alphabet.Length).ContainsAnyExcept(Dead);

    private static TableAutomaton Trim(byte[] alphabet, int[] next, bool[] accepts)
    {
        var live = LiveStates.Find(next, accepts, alphabet.Length);
        for (var index = 0; index < next.Length; index++)
        {
            next[index] = next[index] >= 0 && live[next[index]] ? next[index] : Dead;
        }

        return new TableAutomaton(alphabet, next, accepts) { Empty = !live[0] };
    }
}
