using System.Runtime.CompilerServices;
using System.Text;

namespace Landfall.Inference.Templates;

/// <summary>
/// One rendering: variables, output, and how much of what a foreign template may use is left. Steps count what is evaluated
/// and the characters and elements that are made, so no template runs or grows without bound.
/// </summary>
internal sealed class TemplateRendering
{
    private const long MostSteps = 4_000_000;
    private const int MostOutput = 8_000_000;
    private const int StepsBetweenLooks = 1024;
    private static readonly TimeSpan LongestTime = TimeSpan.FromSeconds(2);

    private readonly Stack<StringBuilder> _outputs = new([new StringBuilder()]);
    private readonly long _start = TimeProvider.System.GetTimestamp();
    private long _steps;

    public TemplateRendering(TemplateScope scope, TimeProvider time) => (Scope, Time) = (scope, time);

    /// <summary>The variables that are visible now.</summary>
    public TemplateScope Scope { get; private set; }

    /// <summary>The clock of strftime_now.</summary>
    public TimeProvider Time { get; }

    /// <summary>What is evaluated now, for messages.</summary>
    public TemplatePosition At { get; set; }

    /// <summary>Counts an evaluation.</summary>
    public void Step(TemplatePosition at)
    {
        At = at;
        Charge(1);
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw Fail("it is nested too deeply.");
        }
    }

    /// <summary>Counts characters or elements that are made.</summary>
    public void Charge(long amount)
    {
        var before = _steps;
        _steps += Math.Max(0, amount);
        var late = before / StepsBetweenLooks != _steps / StepsBetweenLooks && TimeProvider.System.GetElapsedTime(_start) > LongestTime;
        if (late || _steps > MostSteps)
        {
            throw Fail("rendering takes too long; it is stopped.");
        }
    }

    /// <summary>Counts a text that is made or gone through.</summary>
    public void ChargeText(string text) => Charge(text.Length / 4);

    /// <summary>Counts a text that is hashed or compared, which goes through many characters at once.</summary>
    public void ChargeGlance(object? value) => Charge(value is string text ? text.Length / 64 : 0);

    /// <summary>Counts the search for a part of a text, which in the worst case compares the part at each place.</summary>
    public void ChargeSearch(string text, string part) => Charge((text.Length / 8) + ((long)text.Length * part.Length / 1024));

    /// <summary>A variable; how far out it is found is counted.</summary>
    public object? Find(string name)
    {
        var value = Scope.Find(name, out var depth);
        Charge((long)depth * (16 + name.Length) / 64);
        return value;
    }

    /// <summary>A text that was made, its length counted.</summary>
    public string Made(string text)
    {
        ChargeText(text);
        return text;
    }

    /// <summary>Writes to the output.</summary>
    public void Write(string text)
    {
        if (_outputs.Peek().Length + text.Length > MostOutput)
        {
            throw Fail($"the rendered prompt is longer than {MostOutput} characters.");
        }

        ChargeText(text);
        _outputs.Peek().Append(text);
    }

    /// <summary>What a body writes, as a text.</summary>
    public string Capture(IReadOnlyList<TemplateStatement> body)
    {
        _outputs.Push(new());
        try
        {
            Run(body);
            return _outputs.Peek().ToString();
        }
        finally
        {
            _outputs.Pop();
        }
    }

    /// <summary>All that was written.</summary>
    public string Output() => _outputs.Peek().ToString();

    /// <summary>Runs statements, until one of them leaves the loop or the iteration.</summary>
    public TemplateFlow Run(IReadOnlyList<TemplateStatement> body)
    {
        foreach (var statement in body)
        {
            var flow = statement.Run(this);
            if (flow != TemplateFlow.Next)
            {
                return flow;
            }
        }

        return TemplateFlow.Next;
    }

    /// <summary>Does something with variables of its own, over those of a scope.</summary>
    public T Within<T>(TemplateScope parent, Func<T> action)
    {
        var outer = Scope;
        Scope = new(parent);
        try
        {
            return action();
        }
        finally
        {
            Scope = outer;
        }
    }

    /// <summary>The complaint about what is evaluated now.</summary>
    public ChatTemplateException Fail(string problem) => new(problem, At.Line, At.Column);
}

/// <summary>Variables, over those of an enclosing scope.</summary>
internal sealed class TemplateScope(TemplateScope? parent)
{
    private readonly Dictionary<string, object?> _values = new(StringComparer.Ordinal);

    /// <summary>Sets a variable of this scope.</summary>
    public void Set(string name, object? value) => _values[name] = value;

    /// <summary>A variable of this scope or of the nearest around it that has it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="depth">How many scopes were looked at.</param>
    public object? Find(string name, out int depth)
    {
        depth = 0;
        for (var scope = this; scope is not null; scope = scope.Parent)
        {
            depth++;
            if (scope._values.TryGetValue(name, out var value))
            {
                return value;
            }
        }

        return new TemplateUndefined($"'{name}' is undefined");
    }

    private TemplateScope? Parent { get; } = parent;
}

/// <summary>How a statement ends.</summary>
internal enum TemplateFlow
{
    Next,
    Break,
    Continue,
}
