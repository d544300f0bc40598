namespace Landfall.Inference.Constraints.Patterns;

/// <summary>
/// The code points, parted into symbols: those that no class of a pattern tells apart share one. Surrogates have the symbol
/// that stands for nothing.
/// </summary>
internal sealed class Alphabet
{
    public const int NoSymbol = -1;
    private readonly int[] _starts;
    private readonly int[] _symbols;
    private readonly int[] _ascii = new int[128];

    private Alphabet(List<int> starts, List<int> symbols, int count)
    {
        (_starts, _symbols, Count) = ([.. starts], [.. symbols], count);
        for (var codePoint = 0; codePoint < _ascii.Length; codePoint++)
        {
            _ascii[codePoint] = Find(codePoint);
        }
    }

    /// <summary>Symbols are below it.</summary>
    public int Count { get; }

    /// <summary>Parts the code points by classes.</summary>
    /// <returns>The alphabet, and by symbol which classes hold it.</returns>
    public static (Alphabet Alphabet, List<bool[]> Members) Of(IReadOnlyList<CharacterClass> classes)
    {
        var edges = new List<(int CodePoint, int Class, bool Enters)>();
        for (var index = 0; index < classes.Count; index++)
        {
            foreach (var range in classes[index].Ranges)
            {
                edges.Add((range.First, index, true));
                edges.Add((range.Last + 1, index, false));
            }
        }

        edges.Sort();
        var (starts, symbols, members) = (new List<int>(), new List<int>(), new List<bool[]>());
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var active = new char[classes.Count];
        Array.Fill(active, '0');
        Begin(0);
        for (var index = 0; index < edges.Count;)
        {
            var codePoint = edges[index].CodePoint;
            for (; index < edges.Count && edges[index].CodePoint == codePoint; index++)
            {
                active[edges[index].Class] = edges[index].Enters ? '1' : '0';
            }

            Begin(codePoint);
        }

        return (new Alphabet(starts, symbols, members.Count), members);

        void Begin(int codePoint)
        {
            if (starts.Count > 0 && starts[^1] == codePoint)
            {
                starts.RemoveAt(starts.Count - 1);
                symbols.RemoveAt(symbols.Count - 1);
            }

            var signature = new string(active);
            var symbol = NoSymbol;
            if (signature.Contains('1', StringComparison.Ordinal) && !numbers.TryGetValue(signature, out symbol))
            {
                symbol = members.Count;
                numbers.Add(signature, symbol);
                members.Add([.. active.Select(mark => mark == '1')]);
            }

            starts.Add(codePoint);
            symbols.Add(symbol);
        }
    }

    /// <summary>Parts the code points as finely as two alphabets together; by symbol its symbols in both.</summary>
    public static (Alphabet Alphabet, List<(int Left, int Right)> Pairs) Refine(Alphabet left, Alphabet right)
    {
        var (starts, symbols, pairs) = (new List<int>(), new List<int>(), new List<(int, int)>());
        var numbers = new Dictionary<(int, int), int>();
        foreach (var start in left._starts.Union(right._starts).Order())
        {
            var pair = (left.Find(start), right.Find(start));
            var symbol = NoSymbol;
            if (pair != (NoSymbol, NoSymbol) && !numbers.TryGetValue(pair, out symbol))
            {
                symbol = pairs.Count;
                numbers.Add(pair, symbol);
                pairs.Add(pair);
            }

            starts.Add(start);
            symbols.Add(symbol);
        }

        return (new Alphabet(starts, symbols, pairs.Count), pairs);
    }

    public int SymbolOf(int codePoint) => codePoint < _ascii.Length ? _ascii[codePoint] : Find(codePoint);

    /// <summary>The symbols of the code points from <paramref name="first"/> to <paramref name="last"/>, in order, neighbours apart.</summary>
    public ReadOnlySpan<int> SymbolsBetween(int first, int last)
    {
        var from = Interval(first);
        return _symbols.AsSpan(from, Interval(last) - from + 1);
    }

    private int Find(int codePoint) => _symbols[Interval(codePoint)];

    private int Interval(int codePoint)
    {
        var found = Array.BinarySearch(_starts, codePoint);
        return found >= 0 ? found : ~found - 1;
    }
}
