using System.Runtime.CompilerServices;

namespace Landfall.Inference.Templates;

/// <summary>The tokens of a template, and how far they are read.</summary>
internal sealed class TemplateTokens(List<TemplateToken> tokens)
{
    private int _at;

    /// <summary>The next token.</summary>
    public TemplateToken Current => tokens[_at];

    /// <summary>A later token.</summary>
    public TemplateToken Peek(int ahead) => tokens[Math.Min(_at + ahead, tokens.Count - 1)];

    /// <summary>Goes on by one, but not beyond the end.</summary>
    public TemplateToken Next()
    {
        var token = tokens[_at];
        _at += _at < tokens.Count - 1 ? 1 : 0;
        return token;
    }

    /// <summary>Goes past a kind of token, which must come.</summary>
    public void Expect(TokenKind kind, string written)
    {
        if (Current.Kind != kind)
        {
            throw Unexpected(written);
        }

        Next();
    }

    /// <summary>Goes past an operator, which must come.</summary>
    public void ExpectOperator(string sign)
    {
        if (!SkipOperator(sign))
        {
            throw Unexpected(sign);
        }
    }

    /// <summary>Goes past a word, which must come.</summary>
    public void ExpectName(string word)
    {
        if (!SkipName(word))
        {
            throw Unexpected(word);
        }
    }

    /// <summary>A name, which must come.</summary>
    public string ExpectName() => Current.Kind == TokenKind.Name ? Next().Text : throw Unexpected("a name");

    /// <summary>Goes past an operator where it comes.</summary>
    public bool SkipOperator(string sign) => Skip(TokenKind.Operator, sign);

    /// <summary>Goes past a word where it comes.</summary>
    public bool SkipName(string word) => Skip(TokenKind.Name, word);

    /// <summary>Refuses what is nested so deeply that reading it would end the process.</summary>
    public void EnterLevel()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw Fail("it is nested too deeply.");
        }
    }

    /// <summary>The complaint about the next token.</summary>
    public ChatTemplateException Fail(string problem) => FailAt(Current.At, problem);

    /// <summary>The complaint about a place.</summary>
    public ChatTemplateException FailAt(TemplatePosition at, string problem) => new(problem, at.Line, at.Column);

    private bool Skip(TokenKind kind, string text)
    {
        if (Current.Kind != kind || Current.Text != text)
        {
            return false;
        }

        Next();
        return true;
    }

    private ChatTemplateException Unexpected(string wanted) => Fail(Current.Kind switch
    {
        TokenKind.Finish => $"the template ends where {wanted} is expected.",
        TokenKind.End => $"the block ends where {wanted} is expected.",
        TokenKind.VariableEnd => $"the expression ends where {wanted} is expected.",
        _ => $"'{(Current.Text.Length > 40 ? Current.Text[..40] + "..." : Current.Text)}' was found, where {wanted} is expected.",
    });
}
