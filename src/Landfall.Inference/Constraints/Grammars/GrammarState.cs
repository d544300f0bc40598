namespace Landfall.Inference.Constraints.Grammars;

/// <summary>How far one answer has come in a grammar.</summary>
internal sealed class GrammarState(Grammar grammar) : ConstraintState
{
    private readonly ulong[] _allowed = new ulong[grammar.Vocabulary.Words];
    private readonly List<byte> _sinceQuote = [];
    private Configuration _configuration = grammar.Start;
    private bool _current;
    private bool _escaped;

    public override bool CanEnd => _configuration.Ends;

    public override bool MustEnd => _configuration is { Ends: true, Leaves.Length: 0 };

    public override ReadOnlySpan<ulong> Allowed()
    {
        if (!_current)
        {
            grammar.Allow(_configuration, _allowed);
            _current = true;
            if (!CanEnd && !_allowed.AsSpan().ContainsAnyExcept(0UL))
            {
                throw new InferenceException(
                    "The vocabulary has no token for what the constraint demands next. Use a model whose tokens cover all bytes, or other texts in the constraint.");
            }
        }

        return _allowed;
    }

    public override void Accept(int token)
    {
        var vocabulary = grammar.Vocabulary.Vocabulary;
        if (vocabulary.Bytes(token).IsEmpty || !Follow(vocabulary.Bytes(token)))
        {
            throw new ArgumentException($"Token {token} ('{vocabulary.Text(token)}') was not among those that the constraint allows here.", nameof(token));
        }
    }

    /// <summary>Moves on by bytes; false where the constraint does not allow them.</summary>
    public bool Follow(ReadOnlySpan<byte> bytes)
    {
        _current = false;
        foreach (var value in bytes)
        {
            _configuration = Note(grammar.Step(_configuration, value), value);
        }

        return _configuration != Configuration.Dead;
    }

    // A further key's text is what stands since the last quote that no backslash precedes.
    private Configuration Note(Configuration configuration, byte value)
    {
        _sinceQuote.Add(value);
        if (_escaped || value != '"')
        {
            _escaped = !_escaped && value == '\\';
            return configuration;
        }

        var key = _sinceQuote.ToArray();
        _sinceQuote.Clear();
        return grammar.Record(configuration, key);
    }
}
