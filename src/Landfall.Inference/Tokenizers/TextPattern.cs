using System.Text;
using System.Text.RegularExpressions;

namespace Landfall.Inference.Tokenizers;

/// <summary>
/// What a Split or Replace looks for: a fixed text, or a regular expression. Tokenizer files mean expressions on code
/// points, .NET matches UTF-16 units: characters beyond the basic plane are therefore matched as one stand-in of the same
/// category each.
/// </summary>
internal sealed class TextPattern
{
    private static readonly TimeSpan LongestMatch = TimeSpan.FromMilliseconds(500);

    /// <summary>A rare character of each category, by <see cref="System.Globalization.UnicodeCategory"/>.</summary>
    private static readonly char[] StandIns = FindStandIns();

    private readonly string? _literal;
    private readonly Regex? _expression;

    private TextPattern(string? literal, Regex? expression) => (_literal, _expression) = (literal, expression);

    /// <summary>A fixed text.</summary>
    public static TextPattern Literal(string text) => new(text, null);

    /// <summary>A regular expression in Oniguruma's syntax, as far as .NET's has the same.</summary>
    /// <exception cref="ArgumentException">It is not an expression that .NET reads.</exception>
    public static TextPattern Expression(string pattern)
    {
        if (pattern.Any(char.IsSurrogate))
        {
            throw new ArgumentException("characters beyond U+FFFF in a pattern are not supported", nameof(pattern));
        }

        return new(null, new Regex(Translate(pattern), RegexOptions.CultureInvariant, LongestMatch));
    }

    /// <summary>The ranges that match, in order.</summary>
    public void Matches(string text, int start, int end, List<(int Start, int End)> matches)
    {
        if (_literal is not null)
        {
            FindLiteral(text, start, end, matches);
            return;
        }

        var span = text.AsSpan(start, end - start);
        var positions = StandIn(ref span);
        try
        {
            foreach (var match in _expression!.EnumerateMatches(span))
            {
                if (TextDeadline.IsPast)
                {
                    throw TooSlow(null);
                }

                var (first, last) = (match.Index, match.Index + match.Length);
                matches.Add(positions is null ? (start + first, start + last) : (start + positions[first], start + positions[last]));
            }
        }
        catch (RegexMatchTimeoutException exception)
        {
            throw TooSlow(exception);
        }

        if (TextDeadline.IsPast)
        {
            throw TooSlow(null);
        }
    }

    /// <summary>The text with each match replaced.</summary>
    public string Replace(string text, string content)
    {
        if (_literal is not null)
        {
            if (_literal.Length == 0)
            {
                return text;
            }

            if (content.Length > _literal.Length)
            {
                TextGrowth.Require(text.Length + ((long)text.AsSpan().Count(_literal) * (content.Length - _literal.Length)), text.Length);
            }

            return text.Replace(_literal, content, StringComparison.Ordinal);
        }

        var matches = new List<(int Start, int End)>();
        Matches(text, 0, text.Length, matches);
        TextGrowth.Require((long)matches.Count * content.Length, text.Length);
        var builder = new StringBuilder(text.Length);
        var at = 0;
        foreach (var (start, end) in matches)
        {
            builder.Append(text, at, start - at).Append(content);
            at = end;
        }

        return builder.Append(text, at, text.Length - at).ToString();
    }

    private InferenceException TooSlow(Exception? exception) =>
        new($"The tokenizer's pattern '{_expression}' takes too long on this text: it backtracks without bound.", exception);

    private void FindLiteral(string text, int start, int end, List<(int Start, int End)> matches)
    {
        while (_literal!.Length > 0 && text.AsSpan(start, end - start).IndexOf(_literal, StringComparison.Ordinal) is var at and >= 0)
        {
            matches.Add((start + at, start + at + _literal.Length));
            start += at + _literal.Length;
        }
    }

    /// <summary>Replaces surrogate pairs by stand-ins; gives the position of each char in the original, or null where nothing changed.</summary>
    private static int[]? StandIn(ref ReadOnlySpan<char> span)
    {
        if (span.IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
        {
            return null;
        }

        var text = new char[span.Length];
        var positions = new int[span.Length + 1];
        var (count, at) = (0, 0);
        foreach (var rune in span.EnumerateRunes())
        {
            positions[count] = at;
            text[count++] = rune.IsBmp ? (char)rune.Value : StandIns[(int)Rune.GetUnicodeCategory(rune)];
            at += rune.Utf16SequenceLength;
        }

        positions[count] = at;
        span = text.AsSpan(0, count);
        return positions;
    }

    /// <summary>Gives \w and \h Oniguruma's meaning.</summary>
    private static string Translate(string pattern)
    {
        var builder = new StringBuilder(pattern.Length + 16);
        var inClass = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            var escaped = pattern[i] == '\\' && i + 1 < pattern.Length;
            var replacement = !escaped ? null : pattern[i + 1] switch
            {
                'w' => @"\p{L}\p{M}\p{Nd}\p{Nl}\p{Pc}",
                'h' => "0-9a-fA-F",
                _ => null,
            };
            if (replacement is not null)
            {
                builder.Append(inClass ? replacement : $"[{replacement}]");
                i++;
                continue;
            }

            builder.Append(pattern[i]);
            if (escaped)
            {
                builder.Append(pattern[++i]);
            }
            else
            {
                inClass = pattern[i] == '[' || (inClass && pattern[i] != ']');
            }
        }

        return builder.ToString();
    }

    private static char[] FindStandIns()
    {
        var standIns = new char[30];
        Array.Fill(standIns, '\u2FFF');
        for (var character = '\uFFFC'; character > '\u0590'; character--)
        {
            var category = (int)char.GetUnicodeCategory(character);
            if (standIns[category] == '\u2FFF' && character is < '\uF900' or > '\uFAFF' && !char.IsSurrogate(character))
            {
                standIns[category] = character;
            }
        }

        return standIns;
    }
}
