using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Landfall.Inference.Templates;

/// <summary>What a stretch of a template is.</summary>
internal enum TokenKind
{
    Data,
    Begin,
    End,
    VariableBegin,
    VariableEnd,
    Name,
    Text,
    Integer,
    Float,
    Operator,
    Finish,
}

/// <summary>A stretch of a template.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text; a literal's without quotes and escapes.</param>
/// <param name="At">Where it begins.</param>
internal readonly record struct TemplateToken(TokenKind Kind, string Text, TemplatePosition At);

/// <summary>A place in a template, from 1.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TemplatePosition(int Line, int Column);

/// <summary>
/// Cuts a template as Jinja does with <c>trim_blocks</c> and <c>lstrip_blocks</c>, which is how chat templates are meant: the
/// line break after a block is dropped, as is the white space before a block that begins its line.
/// </summary>
internal sealed class TemplateLexer
{
    private static readonly string[] Operators =
        ["==", "!=", ">=", "<=", "//", "**", "+", "-", "*", "/", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=", ".", ":", "|", ",", ";"];

    private const string EscapeNames = "ntrbfva\\'\"";
    private const string EscapeValues = "\n\t\r\b\f\v\a\\'\"";

    private readonly string _source;
    private readonly List<TemplateToken> _tokens = [];
    private readonly List<int> _lines = [0];
    private int _at;
    private bool _lineStarts = true;

    private TemplateLexer(string source)
    {
        _source = source;
        for (var i = 0; i < source.Length; i++)
        {
            if (source[i] == '\n')
            {
                _lines.Add(i + 1);
            }
        }
    }

    /// <summary>The tokens of a template.</summary>
    /// <exception cref="ChatTemplateException">A block is not closed, or holds what is not an expression.</exception>
    public static List<TemplateToken> Read(string source)
    {
        source = source.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        var lexer = new TemplateLexer(source.EndsWith('\n') ? source[..^1] : source);
        while (lexer._at < lexer._source.Length)
        {
            lexer.ReadDataAndTag();
        }

        lexer.Add(TokenKind.Finish, "", lexer._at);
        return lexer._tokens;
    }

    /// <summary>White space as Python's str has it.</summary>
    public static bool IsSpace(char character) => char.IsWhiteSpace(character) || character is >= '\x1c' and <= '\x1f';

    private void ReadDataAndTag()
    {
        var start = _at;
        var tag = FindTag(start);
        if (tag < 0)
        {
            Add(TokenKind.Data, _source[start..], start);
            _at = _source.Length;
            return;
        }

        var kind = _source[tag + 1];
        var sign = tag + 2 < _source.Length && _source[tag + 2] is '-' or '+' ? _source[tag + 2] : '\0';
        AddData(start, tag, sign, strips: kind != '{');
        _at = tag + 2 + (sign == '\0' ? 0 : 1);
        switch (kind)
        {
            case '#':
                SkipComment(tag);
                break;
            case '%' when TryReadRaw(tag):
                break;
            case '%':
                Add(TokenKind.Begin, "{%", tag);
                ReadExpression('%', TokenKind.End, tag);
                break;
            default:
                Add(TokenKind.VariableBegin, "{{", tag);
                ReadExpression('}', TokenKind.VariableEnd, tag);
                break;
        }
    }

    private int FindTag(int from)
    {
        for (var at = _source.IndexOf('{', from); at >= 0 && at + 1 < _source.Length; at = _source.IndexOf('{', at + 1))
        {
            if (_source[at + 1] is '{' or '%' or '#')
            {
                return at;
            }
        }

        return -1;
    }

    private void AddData(int start, int end, char sign, bool strips)
    {
        if (sign == '-')
        {
            while (end > start && IsSpace(_source[end - 1]))
            {
                end--;
            }
        }
        else if (sign != '+' && strips)
        {
            var line = end > start ? _source.LastIndexOf('\n', end - 1, end - start) + 1 : 0;
            var begins = line > 0 ? line : _lineStarts ? start : end;
            if (_source.AsSpan(begins, end - begins).ToString().All(IsSpace))
            {
                end = begins;
            }
        }

        if (end > start)
        {
            Add(TokenKind.Data, _source[start..end], start);
        }
    }

    private void SkipComment(int tag)
    {
        var end = _source.IndexOf("#}", _at, StringComparison.Ordinal);
        if (end < 0)
        {
            throw Fail("the comment is not closed by #}.", tag);
        }

        AfterTag(end, end > _at ? _source[end - 1] : '\0', trims: true);
    }

    /// <summary>Goes past an end of a tag, and past what its sign or the trimming of blocks takes after it.</summary>
    private void AfterTag(int end, char sign, bool trims)
    {
        _at = end + 2;
        if (sign == '-')
        {
            while (_at < _source.Length && IsSpace(_source[_at]))
            {
                _at++;
            }
        }
        else if (trims && sign != '+' && _at < _source.Length && _source[_at] == '\n')
        {
            _at++;
        }

        _lineStarts = _source[_at - 1] == '\n';
    }

    private bool TryReadRaw(int tag)
    {
        var word = SkipSpaces(_at);
        if (string.CompareOrdinal(_source, word, "raw", 0, 3) != 0)
        {
            return false;
        }

        var close = SkipSpaces(word + 3);
        var sign = close < _source.Length && _source[close] == '-' ? '-' : '\0';
        close += sign == '-' ? 1 : 0;
        if (string.CompareOrdinal(_source, close, "%}", 0, 2) != 0)
        {
            return false;
        }

        AfterTag(close, sign, trims: false);
        var start = _at;
        for (var end = _source.IndexOf("{%", start, StringComparison.Ordinal); end >= 0; end = _source.IndexOf("{%", end + 2, StringComparison.Ordinal))
        {
            if (TryEndRaw(start, end))
            {
                return true;
            }
        }

        throw Fail("the raw block is not closed by {% endraw %}.", tag);
    }

    private bool TryEndRaw(int start, int end)
    {
        var sign = end + 2 < _source.Length && _source[end + 2] is '-' or '+' ? _source[end + 2] : '\0';
        var word = SkipSpaces(end + 2 + (sign == '\0' ? 0 : 1));
        if (string.CompareOrdinal(_source, word, "endraw", 0, 6) != 0)
        {
            return false;
        }

        var close = SkipSpaces(word + 6);
        var closing = close < _source.Length && _source[close] is '-' or '+' ? _source[close] : '\0';
        close += closing == '\0' ? 0 : 1;
        if (string.CompareOrdinal(_source, close, "%}", 0, 2) != 0)
        {
            return false;
        }

        AddData(start, end, sign, strips: true);
        AfterTag(close, closing, trims: true);
        return true;
    }

    private int SkipSpaces(int at)
    {
        while (at < _source.Length && IsSpace(_source[at]))
        {
            at++;
        }

        return at;
    }

    private void ReadExpression(char close, TokenKind end, int tag)
    {
        var open = 0;
        while (true)
        {
            _at = SkipSpaces(_at);
            if (_at >= _source.Length)
            {
                throw Fail(close == '%' ? "the block is not closed by %}." : "the expression is not closed by }}.", tag);
            }

            var signed = _source[_at] == '-' || (_source[_at] == '+' && close == '%') ? 1 : 0;
            if (open == 0 && string.CompareOrdinal(_source, _at + signed, close + "}", 0, 2) == 0)
            {
                Add(end, "", _at);
                AfterTag(_at + signed, signed == 1 ? _source[_at] : '\0', trims: close == '%');
                return;
            }

            open += ReadToken();
        }
    }

    /// <summary>Reads a token; gives how many brackets it opens or closes.</summary>
    private int ReadToken()
    {
        var (start, first) = (_at, _source[_at]);
        if (first is '\'' or '"')
        {
            ReadText(first);
            return 0;
        }

        if (char.IsAsciiDigit(first))
        {
            ReadNumber();
            return 0;
        }

        if (char.IsLetter(first) || first == '_')
        {
            while (_at < _source.Length && (char.IsLetterOrDigit(_source[_at]) || _source[_at] == '_'))
            {
                _at++;
            }

            Add(TokenKind.Name, _source[start.._at], start);
            return 0;
        }

        var found = Array.Find(Operators, sign => string.CompareOrdinal(_source, start, sign, 0, sign.Length) == 0)
            ?? throw Fail($"the character '{first}' has no meaning here.", start);
        Add(TokenKind.Operator, found, start);
        _at += found.Length;
        return found is "(" or "[" or "{" ? 1 : found is ")" or "]" or "}" ? -1 : 0;
    }

    private void ReadNumber()
    {
        var start = _at;
        var radix = string.CompareOrdinal(_source, start, "0x", 0, 2) == 0;
        _at += radix ? 2 : 0;
        while (_at < _source.Length && (char.IsAsciiDigit(_source[_at]) || _source[_at] == '_' || (radix && char.IsAsciiHexDigit(_source[_at]))))
        {
            _at++;
        }

        var fraction = !radix && _at + 1 < _source.Length && _source[_at] == '.' && char.IsAsciiDigit(_source[_at + 1]);
        if (fraction)
        {
            _at++;
            SkipDigits();
        }

        var exponent = !radix && _at + 1 < _source.Length && _source[_at] is 'e' or 'E'
            && (char.IsAsciiDigit(_source[_at + 1]) || (_source[_at + 1] is '+' or '-' && _at + 2 < _source.Length && char.IsAsciiDigit(_source[_at + 2])));
        if (exponent)
        {
            _at += 2;
            SkipDigits();
        }

        Add(fraction || exponent ? TokenKind.Float : TokenKind.Integer, _source[start.._at].Replace("_", "", StringComparison.Ordinal), start);
    }

    private void SkipDigits()
    {
        while (_at < _source.Length && (char.IsAsciiDigit(_source[_at]) || _source[_at] == '_'))
        {
            _at++;
        }
    }

    private void ReadText(char quote)
    {
        var start = _at++;
        var builder = new StringBuilder();
        while (_at < _source.Length && _source[_at] != quote)
        {
            if (_source[_at] == '\\' && _at + 1 < _source.Length)
            {
                ReadEscape(builder);
            }
            else
            {
                builder.Append(_source[_at++]);
            }
        }

        if (_at >= _source.Length)
        {
            throw Fail($"the text is not closed by {quote}.", start);
        }

        _at++;
        Add(TokenKind.Text, builder.ToString(), start);
    }

    private void ReadEscape(StringBuilder builder)
    {
        var escape = _source[_at + 1];
        var digits = escape switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits > 0)
        {
            if (_at + 2 + digits > _source.Length
                || !int.TryParse(_source.AsSpan(_at + 2, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) || code is < 0 or > 0x10FFFF)
            {
                throw Fail($"\\{escape} needs {digits} hexadecimal digits of a character.", _at);
            }

            builder.Append(code is <= 0xFFFF ? ((char)code).ToString() : char.ConvertFromUtf32(code));
            _at += 2 + digits;
            return;
        }

        if (escape is >= '0' and <= '7')
        {
            var (code, at) = (0, _at + 1);
            while (at < _source.Length && at < _at + 4 && _source[at] is >= '0' and <= '7')
            {
                code = (code * 8) + (_source[at++] - '0');
            }

            builder.Append((char)code);
            _at = at;
            return;
        }

        // A backslash before a line break joins the lines; before what is no escape it stands for itself.
        var known = EscapeNames.IndexOf(escape, StringComparison.Ordinal);
        builder.Append(known >= 0 ? EscapeValues[known].ToString() : escape == '\n' ? "" : "\\" + escape);
        _at += 2;
    }

    private void Add(TokenKind kind, string text, int at) => _tokens.Add(new(kind, text, Position(at)));

    private TemplatePosition Position(int at)
    {
        var line = _lines.BinarySearch(at);
        line = line < 0 ? ~line - 1 : line;
        return new(line + 1, at - _lines[line] + 1);
    }

    private ChatTemplateException Fail(string problem, int at)
    {
        var (line, column) = Position(at);
        return new(problem, line, column);
    }
}
