namespace Landfall.Platform.Endpoints.Calls;

/// <summary>What calls of endpoints are made for. It flows with asynchronous calls.</summary>
/// <param name="Purpose">A word, such as <c>landing</c> or <c>playground</c>.</param>
/// <param name="Run">The run that asks, if it is one.</param>
/// <param name="Spending">What it may spend, if that is limited.</param>
public sealed record CallScope(string Purpose, string? Run, Spending? Spending)
{
    private static readonly AsyncLocal<CallScope?> Ambient = new();
    private static readonly CallScope Nobody = new("other", Run: null, Spending: null);

    /// <summary>Which asking of the same question it is: every call in the scope is one of its own, however deep it is made.</summary>
    public int Repeat { get; init; }

    public static CallScope Current => Ambient.Value ?? Nobody;

    /// <summary>Asks for this purpose until the result is disposed.</summary>
    public static IDisposable Enter(CallScope scope)
    {
        var before = Ambient.Value;
        Ambient.Value = scope;
        return new Restoration(before);
    }

    private sealed class Restoration(CallScope? before) : IDisposable
    {
        public void Dispose() => Ambient.Value = before;
    }
}
