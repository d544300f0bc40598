using System.Globalization;
using System.Text;

namespace Landfall.Inference.Constraints.Patterns;

/// <summary>
/// Reads regular expressions: literals, escapes, classes, <c>\d \w \s \D \W \S</c> as far as engines agree on them,
/// <c>\p{L}</c>, groups, alternation, quantifiers, and anchors at the ends of the outermost alternatives. What needs more
/// than a finite automaton (backreferences, lookaround, word boundaries) is refused.
/// </summary>
internal sealed class PatternParser
{
    private const int MaxDepth = 200;
    private const int MaxCount = 10_000;
    private const int MaxLength = 100_000;
    private const int MaxRanges = 200_000;
    private const int None = -1;
    private readonly string _pattern;
    private readonly string _place;
    private readonly PatternReading _reading;
    private readonly Dictionary<int, CharacterClass> _literals = [];
    private int _ranges;
    private int _position;
    private int _depth;

    private PatternParser(string pattern, string place, PatternReading reading) => (_pattern, _place, _reading) = (pattern, place, reading);

    private bool Widest => _reading == PatternReading.WidestSearch;

    private int Peek => _position < _pattern.Length ? _pattern[_position] : None;

    /// <summary>Reads a pattern.</summary>
    /// <param name="pattern">The regular expression.</param>
    /// <param name="place">What the pattern is called in error messages.</param>
    /// <param name="reading">What it says of a text.</param>
    public static PatternNode Parse(string pattern, string place, PatternReading reading)
    {
        if (pattern.Length > MaxLength)
        {
            throw new ConstraintException(place, $"the pattern has {pattern.Length} characters; at most {MaxLength} are supported.");
        }

        var parser = new PatternParser(pattern, place, reading);
        var node = parser.ReadOutermost();
        return parser.Peek == None ? node : throw parser.Refuse("')' closes no group; write it as '\\)'");
    }

    private PatternNode ReadOutermost()
    {
        var items = new List<PatternNode>();
        do
        {
            var fromStart = Take('^');
            var sequence = ReadSequence();
            var toEnd = Take('$');
            items.Add(_reading != PatternReading.Whole ? new PatternNode.Sequence([fromStart ? PatternNode.Empty : PatternNode.Anything, sequence, toEnd ? PatternNode.Empty : PatternNode.Anything]) : sequence);
        }
        while (Take('|'));
        return items.Count == 1 ? items[0] : new PatternNode.Alternatives(items);
    }

    private PatternNode ReadAlternatives()
    {
        if (++_depth > MaxDepth)
        {
            throw Refuse($"groups are nested more than {MaxDepth} deep; simplify the pattern");
        }

        var items = new List<PatternNode>();
        do
        {
            items.Add(ReadSequence());
        }
        while (Take('|'));
        _depth--;
        return items.Count == 1 ? items[0] : new PatternNode.Alternatives(items);
    }

    private PatternNode.Sequence ReadSequence()
    {
        var items = new List<PatternNode>();
        while (Peek is not (None or '|' or ')') && !(Peek == '$' && AtOutermostEnd()))
        {
            items.Add(ReadQuantified());
        }

        return new PatternNode.Sequence(items);
    }

    private bool AtOutermostEnd() => _depth == 0 && (_position + 1 == _pattern.Length || _pattern[_position + 1] == '|');

    private PatternNode ReadQuantified()
    {
        var item = ReadItem();
        return ReadQuantifier() is { } quantifier ? new PatternNode.Repeat(item, quantifier.Min, quantifier.Max) : item;
    }

    private (int Min, int? Max)? ReadQuantifier()
    {
        (int Min, int? Max)? quantifier = Peek switch
        {
            '*' => (0, null),
            '+' => (1, null),
            '?' => (0, 1),
            '{' => ReadCounts(),
            _ => null,
        };
        if (quantifier is null)
        {
            return null;
        }

        _position++;
        if (Peek == '+')
        {
            throw Refuse("possessive quantifiers are not supported; leave the second '+' out");
        }

        // A lazy quantifier matches the same texts.
        Take('?');
        return Peek is '*' or '+' or '?' or '{' ? throw Refuse("a quantifier follows a quantifier; put the first into a group") : quantifier;
    }

    // Leaves the position at the closing brace.
    private (int Min, int? Max) ReadCounts()
    {
        var close = _pattern.IndexOf('}', _position);
        var parts = close < 0 ? [] : _pattern[(_position + 1)..close].Split(',');
        if (parts.Length is 0 or > 2 || !Count(parts[0], out var min))
        {
            throw Refuse("'{' begins no quantifier such as {2,5}; write it as '\\{'");
        }

        int? max = parts.Length == 1 ? min : null;
        if (parts.Length == 2 && parts[1].Length > 0)
        {
            max = Count(parts[1], out var read) && read >= min ? read : throw Refuse("the quantifier's second number must be at least the first");
        }

        _position = close;
        return (min, max);
    }

    private bool Count(string digits, out int count)
    {
        var fits = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out count);
        return fits && count > MaxCount ? throw Refuse($"a quantifier above {MaxCount} is not supported") : fits;
    }

    private PatternNode ReadItem()
    {
        switch (Peek)
        {
            case '(':
                return ReadGroup();
            case '[':
                _position++;
                return new PatternNode.Characters(ReadClass());
            case '.':
                _position++;
                return new PatternNode.Characters(Widest ? CharacterClass.Any : CharacterClass.Dot);
            case '*' or '+' or '?' or '{':
                throw Refuse($"'{(char)Peek}' has nothing to repeat; write it as '\\{(char)Peek}'");
            case '^' or '$':
                throw Refuse($"'{(char)Peek}' is supported at the ends of the outermost alternatives only");
            case '\\':
                _position++;
                return new PatternNode.Characters(ReadEscape(inClass: false));
            default:
                return new PatternNode.Characters(ReadLiteral());
        }
    }

    private PatternNode ReadGroup()
    {
        _position++;
        if (Take('?'))
        {
            ReadGroupKind();
        }

        var node = ReadAlternatives();
        return Take(')') ? node : throw Refuse("a group is not closed; add ')'");
    }

    private void ReadGroupKind()
    {
        if (Take(':'))
        {
            return;
        }

        Take('P');
        var close = _pattern.IndexOf('>', _position);
        if (Peek != '<' || close < 0 || _pattern[_position + 1] is '=' or '!')
        {
            throw Refuse("only plain, (?:...) and named groups are supported; lookaround, flags and atomic groups are not");
        }

        _position = close + 1;
    }

    private CharacterClass ReadClass()
    {
        var negated = Take('^');
        var ranges = new List<CharacterClass.Range>();
        while (!Take(']'))
        {
            if (Peek == None)
            {
                throw Refuse("a class is not closed; add ']'");
            }

            var item = ReadClassItem();
            ranges.AddRange(item);
            _ranges += item.Length;
            if (_ranges > MaxRanges)
            {
                throw Refuse("the classes up to here list too many characters; name each kind of character once");
            }
        }

        var result = CharacterClass.Of(ranges);
        return negated ? result.Complement() : result;
    }

    private CharacterClass.Range[] ReadClassItem()
    {
        var first = ReadClassAtom();
        if (Peek != '-' || _position + 1 >= _pattern.Length || _pattern[_position + 1] == ']')
        {
            return first.Ranges;
        }

        _position++;
        var last = ReadClassAtom();
        if (Single(first) is not { } from || Single(last) is not { } to || from > to)
        {
            throw Refuse("a range's ends must be characters in order, as in a-z");
        }

        return [new CharacterClass.Range(from, to)];
    }

    private static int? Single(CharacterClass set) => set.Ranges is [var only] && only.First == only.Last ? only.First : null;

    private CharacterClass ReadClassAtom()
    {
        if (Take('\\'))
        {
            return ReadEscape(inClass: true);
        }

        return Peek == None ? throw Refuse("a class is not closed; add ']'") : ReadLiteral();
    }

    private CharacterClass ReadLiteral()
    {
        var codePoint = ReadCodePoint();
        if (!_literals.TryGetValue(codePoint, out var known))
        {
            known = CharacterClass.Of(codePoint);
            _literals.Add(codePoint, known);
        }

        return known;
    }

    private CharacterClass ReadEscape(bool inClass)
    {
        if (Peek == None)
        {
            throw Refuse("the pattern ends in '\\'; write '\\\\' for a backslash");
        }

        var letter = _pattern[_position++];
        return letter switch
        {
            'd' => Widest ? CharacterClass.WidestDigit : CharacterClass.Digit,
            'D' => Widest ? CharacterClass.WidestNotDigit : CharacterClass.NotDigit,
            'w' => Widest ? CharacterClass.WidestWord : CharacterClass.Word,
            'W' => Widest ? CharacterClass.WidestNotWord : CharacterClass.NotWord,
            's' => Widest ? CharacterClass.WidestSpace : CharacterClass.Space,
            'S' => Widest ? CharacterClass.WidestNotSpace : CharacterClass.NotSpace,
            'p' or 'P' => ReadCategory(complement: letter == 'P'),
            'n' => CharacterClass.Of('\n'),
            'r' => CharacterClass.Of('\r'),
            't' => CharacterClass.Of('\t'),
            'f' => CharacterClass.Of('\f'),
            'v' => CharacterClass.Of('\v'),
            'b' when inClass => CharacterClass.Of('\b'),
            '0' when Peek is < '0' or > '9' => CharacterClass.Of(0),
            'x' => CharacterClass.Of(ReadHex(2)),
            'u' when Peek == '{' => CharacterClass.Of(ReadBracedHex()),
            'u' => CharacterClass.Of(ReadHex(4)),
            >= '1' and <= '9' => throw Refuse("backreferences are not supported"),
            >= 'a' and <= 'z' or >= 'A' and <= 'Z' or '0' => throw Refuse($"'\\{letter}' is not supported"),
            _ => Literal(),
        };

        CharacterClass Literal()
        {
            _position--;
            return ReadLiteral();
        }
    }

    private CharacterClass ReadCategory(bool complement)
    {
        var close = _pattern.IndexOf('}', _position);
        var name = Peek == '{' && close > 0 ? _pattern[(_position + 1)..close] : "";
        var found = CharacterClass.OfCategory(name) ?? throw Refuse("\\p needs a general category such as \\p{L} or \\p{Nd}");
        _position = close + 1;
        return complement ? CharacterClass.NotOfCategory(name) : found;
    }

    private int ReadBracedHex()
    {
        var close = _pattern.IndexOf('}', _position);
        _position++;
        var value = close < 0 ? throw Refuse("'\\u{' is not closed") : ReadHex(Math.Clamp(close - _position, 1, 6));
        return Take('}') ? value : throw Refuse("'\\u{' holds at most six hexadecimal digits");
    }

    private int ReadHex(int digits)
    {
        if (_position + digits > _pattern.Length
            || !int.TryParse(_pattern.AsSpan(_position, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            || !Rune.IsValid(value))
        {
            throw Refuse($"{digits} hexadecimal digits of a character that is no surrogate were expected");
        }

        _position += digits;
        return value;
    }

    private int ReadCodePoint()
    {
        if (!Rune.TryGetRuneAt(_pattern, _position, out var rune))
        {
            throw Refuse("a lone surrogate is no character");
        }

        _position += rune.Utf16SequenceLength;
        return rune.Value;
    }

    private bool Take(char expected)
    {
        var found = Peek == expected;
        _position += found ? 1 : 0;
        return found;
    }

    private ConstraintException Refuse(string problem) => new($"{_place}, position {_position}", $"{problem}.");
}
