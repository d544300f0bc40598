namespace Landfall.Inference.Templates;

/// <summary>A statement of a template.</summary>
internal abstract class TemplateStatement(TemplatePosition at)
{
    /// <summary>Where it stands.</summary>
    public TemplatePosition At { get; } = at;

    /// <summary>Runs it.</summary>
    public TemplateFlow Run(TemplateRendering rendering)
    {
        rendering.Step(At);
        return Do(rendering);
    }

    protected abstract TemplateFlow Do(TemplateRendering rendering);
}

/// <summary>Text as it stands.</summary>
internal sealed class DataStatement(TemplatePosition at, string text) : TemplateStatement(at)
{
    protected override TemplateFlow Do(TemplateRendering rendering)
    {
        rendering.Write(text);
        return TemplateFlow.Next;
    }
}

/// <summary>A value to print.</summary>
internal sealed class PrintStatement(TemplatePosition at, TemplateExpression value) : TemplateStatement(at)
{
    protected override TemplateFlow Do(TemplateRendering rendering)
    {
        rendering.Write(TemplateValue.Print(rendering, value.Evaluate(rendering)));
        return TemplateFlow.Next;
    }
}

/// <summary>if, elif, else; the last has no condition.</summary>
internal sealed class IfStatement(TemplatePosition at, IReadOnlyList<(TemplateExpression? Condition, IReadOnlyList<TemplateStatement> Body)> branches) : TemplateStatement(at)
{
    protected override TemplateFlow Do(TemplateRendering rendering)
    {
        foreach (var (condition, body) in branches)
        {
            if (condition is null || TemplateValue.IsTrue(condition.Evaluate(rendering)))
            {
                return rendering.Run(body);
            }
        }

        return TemplateFlow.Next;
    }
}

/// <summary>What a value is assigned to: a name, several, or an attribute of a namespace.</summary>
internal sealed record TemplateTarget(IReadOnlyList<string> Names, bool Several, string? Attribute = null)
{
    public void Assign(TemplateRendering rendering, TemplateScope scope, object? value)
    {
        if (Attribute is not null)
        {
            var space = rendering.Find(Names[0]) as TemplateNamespace
                ?? throw rendering.Fail($"'{Names[0]}' is no namespace: its attribute '{Attribute}' cannot be set.");
            space.Values[Attribute] = value;
            return;
        }

        if (!Several)
        {
            scope.Set(Names[0], value);
            return;
        }

        var values = TemplateValue.Iterate(rendering, value);
        if (values.Count != Names.Count)
        {
            throw rendering.Fail($"{values.Count} values for the {Names.Count} names {string.Join(", ", Names)}.");
        }

        for (var i = 0; i < Names.Count; i++)
        {
            scope.Set(Names[i], values[i]);
        }
    }
}

/// <summary>set, with a value or with what a body writes.</summary>
internal sealed class SetStatement(TemplatePosition at, TemplateTarget target, TemplateExpression? value, IReadOnlyList<TemplateStatement> body, IReadOnlyList<FilterExpression> filters)
    : TemplateStatement(at)
{
    protected override TemplateFlow Do(TemplateRendering rendering)
    {
        var result = value is not null ? value.Evaluate(rendering) : rendering.Within(rendering.Scope, () => rendering.Capture(body));
        foreach (var filter in filters)
        {
            result = filter.Apply(rendering, result);
        }

        rendering.At = At;
        target.Assign(rendering, rendering.Scope, result);
        return TemplateFlow.Next;
    }
}

/// <summary>for ... in ... if ..., with else for no element.</summary>
internal sealed class ForStatement(
    TemplatePosition at, TemplateTarget target, TemplateExpression items, TemplateExpression? condition, IReadOnlyList<TemplateStatement> body, IReadOnlyList<TemplateStatement> otherwise)
    : TemplateStatement(at)
{
    protected override TemplateFlow Do(TemplateRendering rendering)
    {
        var values = Filtered(rendering, TemplateValue.Iterate(rendering, items.Evaluate(rendering)));
        var loop = new TemplateLoop(values);
        for (var index = 0; index < values.Count; index++)
        {
            loop.Index = index;
            rendering.Charge(4);
            var flow = rendering.Within(rendering.Scope, () =>
            {
                target.Assign(rendering, rendering.Scope, values[index]);
                rendering.Scope.Set("loop", loop);
                return rendering.Run(body);
            });
            if (flow == TemplateFlow.Break)
            {
                break;
            }
        }

        return values.Count == 0 ? rendering.Within(rendering.Scope, () => rendering.Run(otherwise)) : TemplateFlow.Next;
    }

    private IReadOnlyList<object?> Filtered(TemplateRendering rendering, IReadOnlyList<object?> values)
    {
        // A copy: the body may append to what is gone through.
        var kept = new List<object?>(values.Count);
        foreach (var value in values.ToArray())
        {
            rendering.Charge(condition is null ? 0 : 4);
            if (condition is null || rendering.Within(rendering.Scope, () =>
                {
                    target.Assign(rendering, rendering.Scope, value);
                    return TemplateValue.IsTrue(condition.Evaluate(rendering));
                }))
            {
                kept.Add(value);
            }
        }

        return kept;
    }
}

/// <summary>The variable <c>loop</c>.</summary>
internal sealed class TemplateLoop(IReadOnlyList<object?> values)
{
    private object? _last = new TemplateUndefined("nothing yet");

    /// <summary>The position, from 0.</summary>
    public int Index { get; set; }

    /// <summary>What a template can ask of it, or null.</summary>
    public object? Find(string name) => name switch
    {
        "index" => Index + 1L,
        "index0" => (long)Index,
        "revindex" => (long)(values.Count - Index),
        "revindex0" => values.Count - Index - 1L,
        "first" => Index == 0,
        "last" => Index == values.Count - 1,
        "length" => (long)values.Count,
        "previtem" => Index > 0 ? values[Index - 1] : new TemplateUndefined("there is no previous item"),
        "nextitem" => Index + 1 < values.Count ? values[Index + 1] : new TemplateUndefined("there is no next item"),
        "cycle" => (TemplateFunction)((rendering, arguments) => arguments.Positional.Count == 0
            ? throw rendering.Fail("loop.cycle needs values.") : arguments.Positional[Index % arguments.Positional.Count]),
        "changed" => (TemplateFunction)((rendering, arguments) =>
        {
            var (before, now) = (_last, arguments.Positional);
            _last = now;
            return !TemplateValue.AreEqual(rendering, before, now);
        }),
        _ => new TemplateUndefined($"loop has no '{name}'"),
    };
}

/// <summary>break and continue.</summary>
internal sealed class LeaveStatement(TemplatePosition at, TemplateFlow flow) : TemplateStatement(at)
{
    protected override TemplateFlow Do(TemplateRendering rendering) => flow;
}

/// <summary>with, generation: a body with variables of its own.</summary>
internal sealed class ScopeStatement(TemplatePosition at, IReadOnlyList<(TemplateTarget Target, TemplateExpression Value)> variables, IReadOnlyList<TemplateStatement> body)
    : TemplateStatement(at)
{
    protected override TemplateFlow Do(TemplateRendering rendering)
    {
        var values = variables.Select(variable => variable.Value.Evaluate(rendering)).ToArray();
        return rendering.Within(rendering.Scope, () =>
        {
            for (var i = 0; i < values.Length; i++)
            {
                variables[i].Target.Assign(rendering, rendering.Scope, values[i]);
            }

            return rendering.Run(body);
        });
    }
}

/// <summary>filter: a body whose output is filtered.</summary>
internal sealed class FilterStatement(TemplatePosition at, IReadOnlyList<FilterExpression> filters, IReadOnlyList<TemplateStatement> body) : TemplateStatement(at)
{
    protected override TemplateFlow Do(TemplateRendering rendering)
    {
        object? value = rendering.Within(rendering.Scope, () => rendering.Capture(body));
        foreach (var filter in filters)
        {
            value = filter.Apply(rendering, value);
        }

        rendering.Write(TemplateValue.Print(rendering, value));
        return TemplateFlow.Next;
    }
}

/// <summary>macro, and the body of call.</summary>
internal sealed class MacroStatement(TemplatePosition at, string name, IReadOnlyList<(string Name, TemplateExpression? Otherwise)> parameters, IReadOnlyList<TemplateStatement> body)
    : TemplateStatement(at)
{
    /// <summary>The macro as a function that sees what is visible here.</summary>
    public TemplateFunction Close(TemplateScope scope) => (rendering, arguments) => rendering.Within(scope, () =>
    {
        rendering.Step(At);
        Bind(rendering, arguments);
        return rendering.Capture(body);
    });

    protected override TemplateFlow Do(TemplateRendering rendering)
    {
        rendering.Scope.Set(name, Close(rendering.Scope));
        return TemplateFlow.Next;
    }

    private void Bind(TemplateRendering rendering, TemplateArguments arguments)
    {
        for (var i = 0; i < parameters.Count; i++)
        {
            var (parameter, otherwise) = parameters[i];
            rendering.Scope.Set(parameter, arguments.Has(i, parameter) ? arguments.Get(i, parameter)
                : otherwise is null ? new TemplateUndefined($"the parameter '{parameter}' was not given") : otherwise.Evaluate(rendering));
        }

        rendering.Scope.Set("varargs", new TemplateTuple(arguments.Skip(parameters.Count).Positional));
        var rest = new TemplateMap();
        foreach (var (argument, value) in arguments.Named)
        {
            if (argument == "caller")
            {
                rendering.Scope.Set(argument, value);
            }
            else if (!parameters.Any(parameter => parameter.Name == argument))
            {
                rest.Set(argument, value);
            }
        }

        rendering.Scope.Set("kwargs", rest);
    }
}

/// <summary>call: a macro that is given a body as <c>caller</c>.</summary>
internal sealed class CallStatement(TemplatePosition at, TemplateExpression macro, ArgumentExpressions arguments, MacroStatement caller) : TemplateStatement(at)
{
    protected override TemplateFlow Do(TemplateRendering rendering)
    {
        var function = macro.Evaluate(rendering) as TemplateFunction ?? throw rendering.Fail("call needs a macro.");
        var values = arguments.Evaluate(rendering);
        values.Named["caller"] = caller.Close(rendering.Scope);
        rendering.Write(TemplateValue.Print(rendering, function(rendering, values)));
        return TemplateFlow.Next;
    }
}
