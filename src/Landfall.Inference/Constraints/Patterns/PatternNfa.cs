namespace Landfall.Inference.Constraints.Patterns;

/// <summary>A pattern as a nondeterministic automaton (Thompson, CACM 1968): nodes that read a character or fork.</summary>
internal sealed class PatternNfa
{
    private const int MaxNodes = 100_000;
    private const int None = -1;
    private readonly string _place;
    private readonly List<Node> _nodes = [];

    private PatternNfa(string place) => _place = place;

    /// <summary>Forks have no class; the accepting node is the one without class and successor.</summary>
    public IReadOnlyList<Node> Nodes => _nodes;

    public int Start { get; private set; }

    public static PatternNfa Build(PatternNode pattern, string place)
    {
        var nfa = new PatternNfa(place);
        nfa.Start = nfa.Add(pattern, nfa.Add(new Node(null, None, None)));
        return nfa;
    }

    public bool IsAccepting(int node) => _nodes[node] is { Class: null, First: None };

    private int Add(PatternNode pattern, int next) => pattern switch
    {
        PatternNode.Characters characters => Add(new Node(characters.Class, next, None)),
        PatternNode.Sequence sequence => AddSequence(sequence, next),
        PatternNode.Alternatives alternatives => AddAlternatives(alternatives, next),
        PatternNode.Repeat repeat => AddRepeat(repeat, next),
        _ => throw new InvalidOperationException($"The pattern has a {pattern.GetType().Name}, which no automaton is made of."),
    };

    private int AddSequence(PatternNode.Sequence sequence, int next)
    {
        // A fork for the empty sequence too, so that repeating nothing counts towards the limit.
        next = sequence.Items.Count == 0 ? Add(new Node(null, next, None)) : next;
        for (var index = sequence.Items.Count - 1; index >= 0; index--)
        {
            next = Add(sequence.Items[index], next);
        }

        return next;
    }

    private int AddAlternatives(PatternNode.Alternatives alternatives, int next)
    {
        var fork = Add(alternatives.Items[^1], next);
        for (var index = alternatives.Items.Count - 2; index >= 0; index--)
        {
            fork = Add(new Node(null, Add(alternatives.Items[index], next), fork));
        }

        return fork;
    }

    private int AddRepeat(PatternNode.Repeat repeat, int next)
    {
        if (repeat.Max is not { } max)
        {
            var loop = Add(new Node(null, None, next));
            _nodes[loop] = new Node(null, Add(repeat.Item, loop), next);
            next = loop;
        }
        else
        {
            // Nested, x(x(x)?)?, so that a set of nodes holds one place and not all that may be skipped.
            var end = next;
            for (var count = repeat.Min; count < max; count++)
            {
                next = Add(new Node(null, Add(repeat.Item, next), end));
            }
        }

        for (var count = 0; count < repeat.Min; count++)
        {
            next = Add(repeat.Item, next);
        }

        return next;
    }

    private int Add(Node node)
    {
        if (_nodes.Count >= MaxNodes)
        {
            throw new ConstraintException(_place, $"the pattern is too large: with its quantifiers written out it has more than {MaxNodes} parts. Use smaller numbers.");
        }

        _nodes.Add(node);
        return _nodes.Count - 1;
    }

    /// <summary>Reads a character of the class and goes to <paramref name="First"/>; without a class, goes to both.</summary>
    internal sealed record Node(CharacterClass? Class, int First, int Second);
}
