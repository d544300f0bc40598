namespace Landfall.Inference.Templates;

/// <summary>The functions that chat templates find.</summary>
internal static class TemplateGlobals
{
    private const long LongestRange = 100_000;

    /// <summary>The scope of all templates.</summary>
    public static TemplateScope Scope()
    {
        var scope = new TemplateScope(null);
        scope.Set("raise_exception", (TemplateFunction)Raise);
        scope.Set("strftime_now", (TemplateFunction)((rendering, arguments) =>
            TemplateFormat.Time(rendering, arguments.Text(rendering, 0, "format") ?? throw rendering.Fail("strftime_now needs a format."), rendering.Time.GetLocalNow())));
        scope.Set("range", (TemplateFunction)Range);
        scope.Set("dict", (TemplateFunction)Map);
        scope.Set("namespace", (TemplateFunction)Namespace);
        return scope;
    }

    /// <summary>A dictionary from another, from pairs, and from named arguments.</summary>
    public static TemplateMap Map(TemplateRendering rendering, TemplateArguments arguments)
    {
        var map = new TemplateMap();
        foreach (var item in arguments.Positional)
        {
            foreach (var pair in item is TemplateMap other ? TemplateMethods.Items(rendering, other) : TemplateValue.Iterate(rendering, item))
            {
                rendering.ChargeGlance((pair as List<object?>)?.FirstOrDefault());
                map.Set(
                    pair is List<object?> and [not (List<object?> or TemplateMap), _] ? ((List<object?>)pair)[0] : throw rendering.Fail("a dictionary is made of pairs."),
                    ((List<object?>)pair)[1]);
            }
        }

        foreach (var (name, value) in arguments.Named)
        {
            map.Set(name, value);
        }

        return map;
    }

    private static object Raise(TemplateRendering rendering, TemplateArguments arguments)
    {
        var message = TemplateValue.Print(rendering, arguments.Get(0, "message"));
        throw new ChatTemplateException($"the template does not take this conversation: {message}", rendering.At.Line, rendering.At.Column) { Raised = message };
    }

    private static List<object?> Range(TemplateRendering rendering, TemplateArguments arguments)
    {
        var (first, second) = (arguments.Whole(rendering, 0, "start", 0), arguments.Whole(rendering, 1, "stop", 0));
        var (start, stop) = arguments.Positional.Count > 1 ? (first, second) : (0, first);
        var step = arguments.Whole(rendering, 2, "step", 1);
        if (step == 0)
        {
            throw rendering.Fail("range's step is zero.");
        }

        var span = step > 0 ? (Int128)stop - start : (Int128)start - stop;
        var size = span <= 0 ? 0 : (span - 1) / Int128.Abs(step) + 1;
        if (size > LongestRange)
        {
            throw rendering.Fail($"range of more than {LongestRange} numbers.");
        }

        var list = new List<object?>((int)size);
        for (var i = 0; i < (int)size; i++)
        {
            list.Add(start + (i * step));
        }

        rendering.Charge(list.Count);
        return list;
    }

    private static TemplateNamespace Namespace(TemplateRendering rendering, TemplateArguments arguments)
    {
        var space = new TemplateNamespace();
        foreach (var (key, value) in Map(rendering, arguments).Items)
        {
            space.Values[key as string ?? throw rendering.Fail("a namespace's names are texts.")] = value;
        }

        return space;
    }
}
