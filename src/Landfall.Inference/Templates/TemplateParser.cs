namespace Landfall.Inference.Templates;

/// <summary>Reads a template's statements.</summary>
internal sealed class TemplateParser
{
    private readonly TemplateTokens _tokens;
    private readonly TemplateExpressionParser _expressions;
    private int _loops;

    private TemplateParser(List<TemplateToken> tokens)
    {
        _tokens = new(tokens);
        _expressions = new(_tokens);
    }

    /// <summary>The statements of a template.</summary>
    /// <exception cref="ChatTemplateException">It is not a template.</exception>
    public static IReadOnlyList<TemplateStatement> Parse(string source)
    {
        var parser = new TemplateParser(TemplateLexer.Read(source));
        var body = parser.Body();
        return parser._tokens.Current.Kind == TokenKind.Finish ? body
            : throw parser._tokens.Fail($"'{parser._tokens.Peek(1).Text}' closes or continues nothing that was opened.");
    }

    /// <summary>Statements up to the block that closes or continues this one, which is left to be read, or to the template's end.</summary>
    private List<TemplateStatement> Body(params string[] ends)
    {
        _tokens.EnterLevel();
        var body = new List<TemplateStatement>();
        while (true)
        {
            var token = _tokens.Current;
            switch (token.Kind)
            {
                case TokenKind.Data:
                    body.Add(new DataStatement(token.At, token.Text));
                    _tokens.Next();
                    break;
                case TokenKind.VariableBegin:
                    _tokens.Next();
                    body.Add(new PrintStatement(token.At, _expressions.Tuple()));
                    _tokens.Expect(TokenKind.VariableEnd, "}}");
                    break;
                case TokenKind.Begin when !IsEnd():
                    _tokens.Next();
                    body.Add(Statement());
                    break;
                default:
                    if (ends.Length > 0 && token.Kind == TokenKind.Finish)
                    {
                        throw _tokens.Fail($"the template ends before {{% {ends[^1]} %}}.");
                    }

                    return body;
            }
        }
    }

    private bool IsEnd() => _tokens.Peek(1) is { Kind: TokenKind.Name } word
        && (word.Text is "else" or "elif" || word.Text.StartsWith("end", StringComparison.Ordinal));

    /// <summary>Reads past a block's word; it must be one of those.</summary>
    private string End(params string[] words)
    {
        _tokens.Expect(TokenKind.Begin, "{%");
        var word = _tokens.Current;
        if (word.Kind != TokenKind.Name || !words.Contains(word.Text))
        {
            throw _tokens.Fail($"'{word.Text}' was found, where {string.Join(" or ", words)} is expected.");
        }

        _tokens.Next();
        return word.Text;
    }

    private List<TemplateStatement> BodyUntil(string end)
    {
        _tokens.Expect(TokenKind.End, "%}");
        var body = Body(end);
        End(end);
        _tokens.Expect(TokenKind.End, "%}");
        return body;
    }

    private TemplateStatement Statement()
    {
        var word = _tokens.Current;
        if (word.Kind != TokenKind.Name)
        {
            throw _tokens.Fail("a block begins with the name of a statement.");
        }

        _tokens.Next();
        return word.Text switch
        {
            "if" => If(word.At),
            "for" => For(word.At),
            "set" => Set(word.At),
            "macro" => Macro(word.At),
            "call" => Call(word.At),
            "filter" => new FilterStatement(word.At, _expressions.Filters(first: true), BodyUntil("endfilter")),
            "with" => With(word.At),
            "generation" => new ScopeStatement(word.At, [], BodyUntil("endgeneration")),
            "break" or "continue" => Leave(word),
            _ => throw _tokens.FailAt(word.At, $"the statement '{word.Text}' is not supported."),
        };
    }

    private LeaveStatement Leave(TemplateToken word)
    {
        if (_loops == 0)
        {
            throw _tokens.FailAt(word.At, $"{word.Text} stands outside a loop.");
        }

        _tokens.Expect(TokenKind.End, "%}");
        return new(word.At, word.Text == "break" ? TemplateFlow.Break : TemplateFlow.Continue);
    }

    private IfStatement If(TemplatePosition at)
    {
        var branches = new List<(TemplateExpression?, IReadOnlyList<TemplateStatement>)>();
        var condition = _expressions.Tuple();
        while (true)
        {
            _tokens.Expect(TokenKind.End, "%}");
            branches.Add((condition, condition is null ? Body("endif") : Body("elif", "else", "endif")));
            var word = condition is null ? End("endif") : End("elif", "else", "endif");
            if (word == "endif")
            {
                _tokens.Expect(TokenKind.End, "%}");
                return new(at, branches);
            }

            condition = word == "elif" ? _expressions.Tuple() : null;
        }
    }

    private ForStatement For(TemplatePosition at)
    {
        var target = _expressions.Target();
        _tokens.ExpectName("in");
        var items = _expressions.Tuple(withChoice: false);
        var condition = _tokens.SkipName("if") ? _expressions.Expression() : null;
        if (_tokens.Current is { Kind: TokenKind.Name, Text: "recursive" })
        {
            throw _tokens.Fail("recursive loops are not supported.");
        }

        _tokens.Expect(TokenKind.End, "%}");
        _loops++;
        var body = Body("else", "endfor");
        _loops--;
        List<TemplateStatement> otherwise = [];
        if (End("else", "endfor") == "else")
        {
            _tokens.Expect(TokenKind.End, "%}");
            otherwise = Body("endfor");
            End("endfor");
        }

        _tokens.Expect(TokenKind.End, "%}");
        return new(at, target, items, condition, body, otherwise);
    }

    private SetStatement Set(TemplatePosition at)
    {
        var target = _expressions.Target(attributes: true);
        if (_tokens.SkipOperator("="))
        {
            var value = _expressions.Tuple();
            _tokens.Expect(TokenKind.End, "%}");
            return new(at, target, value, [], []);
        }

        var filters = _expressions.Filters(first: false);
        return new(at, target, null, BodyUntil("endset"), filters);
    }

    private MacroStatement Macro(TemplatePosition at)
    {
        var name = _tokens.ExpectName();
        return new(at, name, _expressions.Parameters(), MacroBody("endmacro"));
    }

    /// <summary>A macro's body, which no break leaves.</summary>
    private List<TemplateStatement> MacroBody(string end)
    {
        var loops = _loops;
        _loops = 0;
        var body = BodyUntil(end);
        _loops = loops;
        return body;
    }

    private CallStatement Call(TemplatePosition at)
    {
        var parameters = _tokens.Current is { Kind: TokenKind.Operator, Text: "(" } ? _expressions.Parameters() : [];
        var (macro, arguments) = _expressions.Call();
        return new(at, macro, arguments, new(at, "caller", parameters, MacroBody("endcall")));
    }

    private ScopeStatement With(TemplatePosition at)
    {
        var variables = new List<(TemplateTarget, TemplateExpression)>();
        while (_tokens.Current.Kind != TokenKind.End)
        {
            if (variables.Count > 0)
            {
                _tokens.ExpectOperator(",");
            }

            var target = _expressions.Target();
            _tokens.ExpectOperator("=");
            variables.Add((target, _expressions.Expression()));
        }

        return new(at, variables, BodyUntil("endwith"));
    }
}
