namespace Landfall.Inference.Templates;

/// <summary>An expression of a template.</summary>
internal abstract class TemplateExpression(TemplatePosition at)
{
    /// <summary>Where it stands.</summary>
    public TemplatePosition At { get; } = at;

    /// <summary>Its value now.</summary>
    public object? Evaluate(TemplateRendering rendering)
    {
        rendering.Step(At);
        return Compute(rendering);
    }

    protected abstract object? Compute(TemplateRendering rendering);
}

/// <summary>A literal.</summary>
internal sealed class LiteralExpression(TemplatePosition at, object? value) : TemplateExpression(at)
{
    protected override object? Compute(TemplateRendering rendering) => value;
}

/// <summary>A variable.</summary>
internal sealed class NameExpression(TemplatePosition at, string name) : TemplateExpression(at)
{
    public string Name => name;

    protected override object? Compute(TemplateRendering rendering) => rendering.Find(name);
}

/// <summary>A list or a tuple.</summary>
internal sealed class ListExpression(TemplatePosition at, IReadOnlyList<TemplateExpression> items, bool tuple) : TemplateExpression(at)
{
    protected override object? Compute(TemplateRendering rendering)
    {
        var list = new List<object?>(items.Count);
        foreach (var item in items)
        {
            list.Add(item.Evaluate(rendering));
        }

        return tuple ? new TemplateTuple(list) : list;
    }
}

/// <summary>A dictionary.</summary>
internal sealed class MapExpression(TemplatePosition at, IReadOnlyList<(TemplateExpression Key, TemplateExpression Value)> items) : TemplateExpression(at)
{
    protected override object? Compute(TemplateRendering rendering)
    {
        var map = new TemplateMap();
        foreach (var (key, value) in items)
        {
            var name = key.Evaluate(rendering);
            rendering.ChargeGlance(name);
            map.Set(name is List<object?> or TemplateMap ? throw rendering.Fail($"{TemplateValue.Kind(name)} cannot be a key.") : name, value.Evaluate(rendering));
        }

        return map;
    }
}

/// <summary>An attribute: <c>value.name</c>.</summary>
internal sealed class AttributeExpression(TemplatePosition at, TemplateExpression target, string name) : TemplateExpression(at)
{
    public TemplateExpression Target => target;

    public string Name => name;

    protected override object? Compute(TemplateRendering rendering)
    {
        var value = target.Evaluate(rendering);
        rendering.At = At;
        return TemplateAccess.Attribute(rendering, value, name);
    }
}

/// <summary>An element: <c>value[key]</c>.</summary>
internal sealed class ItemExpression(TemplatePosition at, TemplateExpression target, TemplateExpression key) : TemplateExpression(at)
{
    protected override object? Compute(TemplateRendering rendering)
    {
        var (value, name) = (target.Evaluate(rendering), key.Evaluate(rendering));
        rendering.At = At;
        return TemplateAccess.Item(rendering, value, name);
    }
}

/// <summary>A part: <c>value[start:stop:step]</c>.</summary>
internal sealed class SliceExpression(TemplatePosition at, TemplateExpression target, TemplateExpression? start, TemplateExpression? stop, TemplateExpression? step)
    : TemplateExpression(at)
{
    protected override object? Compute(TemplateRendering rendering)
    {
        var value = target.Evaluate(rendering);
        var (from, to, by) = (start?.Evaluate(rendering), stop?.Evaluate(rendering), step?.Evaluate(rendering));
        rendering.At = At;
        return TemplateAccess.Slice(rendering, value, from, to, by);
    }
}

/// <summary>Arguments as they stand in a call.</summary>
internal sealed record ArgumentExpressions(IReadOnlyList<TemplateExpression> Positional, IReadOnlyList<(string Name, TemplateExpression Value)> Named)
{
    public TemplateArguments Evaluate(TemplateRendering rendering)
    {
        var positional = new List<object?>(Positional.Count);
        foreach (var argument in Positional)
        {
            positional.Add(argument.Evaluate(rendering));
        }

        var named = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in Named)
        {
            named[name] = value.Evaluate(rendering);
        }

        return new(positional, named);
    }
}

/// <summary>A call of a function, method or macro.</summary>
internal sealed class CallExpression(TemplatePosition at, TemplateExpression target, ArgumentExpressions arguments) : TemplateExpression(at)
{
    protected override object? Compute(TemplateRendering rendering)
    {
        var function = target.Evaluate(rendering);
        var values = arguments.Evaluate(rendering);
        rendering.At = At;
        return function is TemplateFunction callable ? callable(rendering, values)
            : throw rendering.Fail($"{TemplateValue.Kind(function)} is called as if it were a function.");
    }
}

/// <summary>A filter: <c>value | name(arguments)</c>. Without a target it is applied to a body's output.</summary>
internal sealed class FilterExpression(TemplatePosition at, TemplateExpression? target, TemplateFilter filter, ArgumentExpressions arguments) : TemplateExpression(at)
{
    public object? Apply(TemplateRendering rendering, object? value)
    {
        var values = arguments.Evaluate(rendering);
        rendering.At = At;
        if (value is string text)
        {
            rendering.ChargeText(text);
        }

        return filter(rendering, value, values);
    }

    protected override object? Compute(TemplateRendering rendering) => Apply(rendering, target!.Evaluate(rendering));
}

/// <summary>A test: <c>value is name(arguments)</c>.</summary>
internal sealed class TestExpression(TemplatePosition at, TemplateExpression target, TemplateTest test, ArgumentExpressions arguments, bool negated) : TemplateExpression(at)
{
    protected override object? Compute(TemplateRendering rendering)
    {
        var (value, values) = (target.Evaluate(rendering), arguments.Evaluate(rendering));
        rendering.At = At;
        return test(rendering, value, values) != negated;
    }
}

/// <summary>not, -, +.</summary>
internal sealed class UnaryExpression(TemplatePosition at, string sign, TemplateExpression operand) : TemplateExpression(at)
{
    protected override object? Compute(TemplateRendering rendering)
    {
        var value = operand.Evaluate(rendering);
        rendering.At = At;
        return sign == "not" ? !TemplateValue.IsTrue(value) : TemplateArithmetic.Unary(rendering, sign, value);
    }
}

/// <summary>Arithmetic and concatenation.</summary>
internal sealed class BinaryExpression(TemplatePosition at, string sign, TemplateExpression left, TemplateExpression right) : TemplateExpression(at)
{
    protected override object? Compute(TemplateRendering rendering)
    {
        var (first, second) = (left.Evaluate(rendering), right.Evaluate(rendering));
        rendering.At = At;
        return TemplateArithmetic.Binary(rendering, sign, first, second);
    }
}

/// <summary>and, or: the value that decides.</summary>
internal sealed class LogicExpression(TemplatePosition at, bool and, TemplateExpression left, TemplateExpression right) : TemplateExpression(at)
{
    protected override object? Compute(TemplateRendering rendering)
    {
        var value = left.Evaluate(rendering);
        return TemplateValue.IsTrue(value) == and ? right.Evaluate(rendering) : value;
    }
}

/// <summary>A chain of comparisons: each holds between neighbours.</summary>
internal sealed class CompareExpression(TemplatePosition at, TemplateExpression first, IReadOnlyList<(string Sign, TemplateExpression Operand)> rest) : TemplateExpression(at)
{
    protected override object? Compute(TemplateRendering rendering)
    {
        var left = first.Evaluate(rendering);
        foreach (var (sign, operand) in rest)
        {
            var right = operand.Evaluate(rendering);
            rendering.At = At;
            if (!Holds(rendering, sign, left, right))
            {
                return false;
            }

            left = right;
        }

        return true;
    }

    private static bool Holds(TemplateRendering rendering, string sign, object? left, object? right) => sign switch
    {
        "==" => TemplateValue.AreEqual(rendering, left, right),
        "!=" => !TemplateValue.AreEqual(rendering, left, right),
        "in" => TemplateAccess.Contains(rendering, right, left),
        "not in" => !TemplateAccess.Contains(rendering, right, left),
        "<" => TemplateValue.Compare(rendering, left, right) < 0,
        "<=" => TemplateValue.Compare(rendering, left, right) <= 0,
        ">" => TemplateValue.Compare(rendering, left, right) > 0,
        _ => TemplateValue.Compare(rendering, left, right) >= 0,
    };
}

/// <summary>One of two values: <c>a if condition else b</c>.</summary>
internal sealed class ChoiceExpression(TemplatePosition at, TemplateExpression condition, TemplateExpression chosen, TemplateExpression? otherwise) : TemplateExpression(at)
{
    protected override object? Compute(TemplateRendering rendering) =>
        TemplateValue.IsTrue(condition.Evaluate(rendering)) ? chosen.Evaluate(rendering)
        : otherwise is null ? new TemplateUndefined("the condition of the inline if is false, and it has no else") : otherwise.Evaluate(rendering);
}
