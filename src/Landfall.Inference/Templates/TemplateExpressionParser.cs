using System.Globalization;
using System.Numerics;
using System.Text;

namespace Landfall.Inference.Templates;

/// <summary>Reads expressions, by Jinja's grammar and precedence.</summary>
internal sealed class TemplateExpressionParser(TemplateTokens tokens)
{
    private static readonly string[][] Levels = [["+", "-"], ["~"], ["*", "/", "//", "%"], ["**"]];
    private static readonly string[] NoArgument = ["else", "or", "and", "is", "in", "not", "if"];

    /// <summary>An expression, or several with commas, which are a list.</summary>
    public TemplateExpression Tuple(bool withChoice = true)
    {
        var at = tokens.Current.At;
        var first = withChoice ? Expression() : Or();
        if (tokens.Current is not { Kind: TokenKind.Operator, Text: "," })
        {
            return first;
        }

        var items = new List<TemplateExpression> { first };
        while (tokens.SkipOperator(",") && !IsEndOfTuple())
        {
            items.Add(withChoice ? Expression() : Or());
        }

        return new ListExpression(at, items, tuple: true);
    }

    /// <summary>An expression.</summary>
    public TemplateExpression Expression()
    {
        tokens.EnterLevel();
        var at = tokens.Current.At;
        var value = Or();
        while (tokens.SkipName("if"))
        {
            var condition = Or();
            value = new ChoiceExpression(at, condition, value, tokens.SkipName("else") ? Expression() : null);
        }

        return value;
    }

    /// <summary>What a value is assigned to.</summary>
    public TemplateTarget Target(bool attributes = false)
    {
        var parenthesis = tokens.SkipOperator("(");
        var names = new List<string> { tokens.ExpectName() };
        if (attributes && tokens.SkipOperator("."))
        {
            return new(names, Several: false, tokens.ExpectName());
        }

        var several = false;
        while (tokens.SkipOperator(","))
        {
            several = true;
            if (tokens.Current.Kind == TokenKind.Name && tokens.Current.Text != "in")
            {
                names.Add(tokens.ExpectName());
            }
        }

        if (parenthesis)
        {
            tokens.ExpectOperator(")");
        }

        return new(names, several);
    }

    /// <summary>The parameters of a macro, in parentheses.</summary>
    public List<(string Name, TemplateExpression? Otherwise)> Parameters()
    {
        var parameters = new List<(string, TemplateExpression?)>();
        tokens.ExpectOperator("(");
        while (!tokens.SkipOperator(")"))
        {
            if (parameters.Count > 0)
            {
                tokens.ExpectOperator(",");
            }

            parameters.Add((tokens.ExpectName(), tokens.SkipOperator("=") ? Expression() : null));
        }

        return parameters;
    }

    /// <summary>A call, as the parts of it.</summary>
    public (TemplateExpression Target, ArgumentExpressions Arguments) Call()
    {
        var target = Primary();
        while (tokens.Current is { Kind: TokenKind.Operator, Text: "." or "[" })
        {
            target = Subscript(target);
        }

        return (target, Arguments());
    }

    /// <summary>Filters; the first of a filter block comes without a bar.</summary>
    public List<FilterExpression> Filters(bool first)
    {
        var filters = new List<FilterExpression>();
        while (first || tokens.SkipOperator("|"))
        {
            filters.Add(Filter(null));
            first = false;
        }

        return filters;
    }

    private bool IsEndOfTuple() => tokens.Current.Kind is TokenKind.End or TokenKind.VariableEnd or TokenKind.Finish
        || tokens.Current is { Kind: TokenKind.Operator, Text: ")" or "=" } or { Kind: TokenKind.Name, Text: "if" };

    private TemplateExpression Or()
    {
        var left = And();
        while (tokens.Current is { Kind: TokenKind.Name, Text: "or" })
        {
            left = new LogicExpression(tokens.Next().At, and: false, left, And());
        }

        return left;
    }

    private TemplateExpression And()
    {
        var left = Not();
        while (tokens.Current is { Kind: TokenKind.Name, Text: "and" })
        {
            left = new LogicExpression(tokens.Next().At, and: true, left, Not());
        }

        return left;
    }

    private TemplateExpression Not()
    {
        tokens.EnterLevel();
        return tokens.Current is { Kind: TokenKind.Name, Text: "not" } ? new UnaryExpression(tokens.Next().At, "not", Not()) : Compare();
    }

    private TemplateExpression Compare()
    {
        var at = tokens.Current.At;
        var first = Arithmetic(0);
        var rest = new List<(string, TemplateExpression)>();
        while (true)
        {
            if (tokens.Current is { Kind: TokenKind.Operator, Text: "==" or "!=" or "<" or "<=" or ">" or ">=" } or { Kind: TokenKind.Name, Text: "in" })
            {
                rest.Add((tokens.Next().Text, Arithmetic(0)));
            }
            else if (tokens.Current is { Kind: TokenKind.Name, Text: "not" } && tokens.Peek(1) is { Kind: TokenKind.Name, Text: "in" })
            {
                tokens.Next();
                tokens.Next();
                rest.Add(("not in", Arithmetic(0)));
            }
            else
            {
                return rest.Count == 0 ? first : new CompareExpression(at, first, rest);
            }
        }
    }

    private TemplateExpression Arithmetic(int level)
    {
        if (level == Levels.Length)
        {
            return Unary(filtered: true);
        }

        var left = Arithmetic(level + 1);
        while (tokens.Current.Kind == TokenKind.Operator && Levels[level].Contains(tokens.Current.Text))
        {
            var sign = tokens.Next();
            left = new BinaryExpression(sign.At, sign.Text, left, Arithmetic(level + 1));
        }

        return left;
    }

    private TemplateExpression Unary(bool filtered)
    {
        tokens.EnterLevel();
        var value = tokens.Current is { Kind: TokenKind.Operator, Text: "-" or "+" } sign
            ? new UnaryExpression(tokens.Next().At, sign.Text, Unary(filtered: false))
            : Primary();
        value = Postfix(value);
        return filtered ? FiltersAndTests(value) : value;
    }

    private TemplateExpression Primary()
    {
        var token = tokens.Current;
        switch (token.Kind)
        {
            case TokenKind.Name:
                tokens.Next();
                return token.Text switch
                {
                    "true" or "True" => new LiteralExpression(token.At, true),
                    "false" or "False" => new LiteralExpression(token.At, false),
                    "none" or "None" => new LiteralExpression(token.At, null),
                    _ => new NameExpression(token.At, token.Text),
                };
            case TokenKind.Text:
                var text = new StringBuilder();
                while (tokens.Current.Kind == TokenKind.Text)
                {
                    text.Append(tokens.Next().Text);
                }

                return new LiteralExpression(token.At, text.ToString());
            case TokenKind.Integer or TokenKind.Float:
                tokens.Next();
                return new LiteralExpression(token.At, Number(token));
            case TokenKind.Operator when token.Text is "(" or "[" or "{":
                tokens.Next();
                return token.Text == "(" ? Parenthesis(token.At) : token.Text == "[" ? new ListExpression(token.At, Items("]"), tuple: false) : Map(token.At);
            default:
                throw tokens.Fail(token.Kind == TokenKind.Finish ? "the template ends within an expression." : $"'{token.Text}' was found, where a value is expected.");
        }
    }

    private object Number(TemplateToken token)
    {
        if (token.Kind == TokenKind.Float)
        {
            return double.Parse(token.Text, CultureInfo.InvariantCulture);
        }

        if (token.Text.StartsWith("0x", StringComparison.Ordinal))
        {
            return long.TryParse(token.Text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex) ? hex
                : throw tokens.FailAt(token.At, "the number is beyond 64 bits.");
        }

        if (long.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole))
        {
            return whole;
        }

        return token.Text.Length < 400 ? BigInteger.Parse(token.Text, CultureInfo.InvariantCulture) : throw tokens.FailAt(token.At, "the number is too long.");
    }

    private TemplateExpression Parenthesis(TemplatePosition at)
    {
        if (tokens.SkipOperator(")"))
        {
            return new ListExpression(at, [], tuple: true);
        }

        var value = Tuple();
        tokens.ExpectOperator(")");
        return value;
    }

    private List<TemplateExpression> Items(string close)
    {
        var items = new List<TemplateExpression>();
        while (!tokens.SkipOperator(close))
        {
            if (items.Count > 0)
            {
                tokens.ExpectOperator(",");
                if (tokens.SkipOperator(close))
                {
                    break;
                }
            }

            items.Add(Expression());
        }

        return items;
    }

    private MapExpression Map(TemplatePosition at)
    {
        var items = new List<(TemplateExpression, TemplateExpression)>();
        while (!tokens.SkipOperator("}"))
        {
            if (items.Count > 0)
            {
                tokens.ExpectOperator(",");
                if (tokens.SkipOperator("}"))
                {
                    break;
                }
            }

            var key = Expression();
            tokens.ExpectOperator(":");
            items.Add((key, Expression()));
        }

        return new(at, items);
    }

    private TemplateExpression Postfix(TemplateExpression value)
    {
        while (tokens.Current is { Kind: TokenKind.Operator, Text: "." or "[" or "(" } sign)
        {
            value = sign.Text == "(" ? new CallExpression(sign.At, value, Arguments()) : Subscript(value);
        }

        return value;
    }

    private TemplateExpression FiltersAndTests(TemplateExpression value)
    {
        while (true)
        {
            if (tokens.SkipOperator("|"))
            {
                value = Filter(value);
            }
            else if (tokens.Current is { Kind: TokenKind.Name, Text: "is" })
            {
                value = Test(value, tokens.Next().At);
            }
            else if (tokens.Current is { Kind: TokenKind.Operator, Text: "(" } sign)
            {
                value = new CallExpression(sign.At, value, Arguments());
            }
            else
            {
                return value;
            }
        }
    }

    private TemplateExpression Subscript(TemplateExpression value)
    {
        var sign = tokens.Next();
        if (sign.Text == ".")
        {
            return tokens.Current.Kind == TokenKind.Integer
                ? new ItemExpression(sign.At, value, Primary())
                : new AttributeExpression(sign.At, value, tokens.ExpectName());
        }

        var bounds = new TemplateExpression?[3];
        var colons = 0;
        while (!tokens.SkipOperator("]"))
        {
            if (tokens.SkipOperator(":"))
            {
                colons = colons < 2 ? colons + 1 : throw tokens.Fail("a slice has at most two colons.");
            }
            else
            {
                bounds[colons] = bounds[colons] is null ? Expression() : throw tokens.Fail($"'{tokens.Current.Text}' was found, where ] is expected.");
            }
        }

        return colons > 0 ? new SliceExpression(sign.At, value, bounds[0], bounds[1], bounds[2])
            : new ItemExpression(sign.At, value, bounds[0] ?? throw tokens.FailAt(sign.At, "the brackets are empty."));
    }

    private ArgumentExpressions Arguments()
    {
        var (positional, named) = (new List<TemplateExpression>(), new List<(string, TemplateExpression)>());
        tokens.ExpectOperator("(");
        while (!tokens.SkipOperator(")"))
        {
            if (positional.Count + named.Count > 0)
            {
                tokens.ExpectOperator(",");
                if (tokens.SkipOperator(")"))
                {
                    break;
                }
            }

            if (tokens.Current.Kind == TokenKind.Name && tokens.Peek(1) is { Kind: TokenKind.Operator, Text: "=" })
            {
                var name = tokens.ExpectName();
                tokens.Next();
                named.Add((name, Expression()));
            }
            else
            {
                positional.Add(named.Count == 0 ? Expression() : throw tokens.Fail("an argument without a name stands after one with a name."));
            }
        }

        return new(positional, named);
    }

    private FilterExpression Filter(TemplateExpression? value)
    {
        var at = tokens.Current.At;
        var name = DottedName();
        var filter = TemplateFilters.Find(name) ?? throw tokens.FailAt(at, $"the filter '{name}' is not supported.");
        return new(at, value, filter, tokens.Current is { Kind: TokenKind.Operator, Text: "(" } ? Arguments() : new([], []));
    }

    private string DottedName()
    {
        var name = new StringBuilder(tokens.ExpectName());
        while (tokens.SkipOperator("."))
        {
            name.Append('.').Append(tokens.ExpectName());
        }

        return name.ToString();
    }

    private TestExpression Test(TemplateExpression value, TemplatePosition at)
    {
        var negated = tokens.SkipName("not");
        var nameAt = tokens.Current.At;
        var name = DottedName();
        var test = TemplateTests.Find(name) ?? throw tokens.FailAt(nameAt, $"the test '{name}' is not supported.");
        var token = tokens.Current;
        if (token is { Kind: TokenKind.Operator, Text: "(" })
        {
            return new(at, value, test, Arguments(), negated);
        }

        var follows = token.Kind is TokenKind.Text or TokenKind.Integer or TokenKind.Float
            || token is { Kind: TokenKind.Operator, Text: "[" or "{" }
            || (token.Kind == TokenKind.Name && !NoArgument.Contains(token.Text));
        return new(at, value, test, follows ? new([Postfix(Primary())], []) : new([], []), negated);
    }
}
