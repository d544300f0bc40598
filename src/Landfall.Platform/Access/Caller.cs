namespace Landfall.Platform.Access;

/// <summary>On whose behalf the present work is done. It flows with asynchronous calls.</summary>
/// <param name="Team">The team whose things are seen and made.</param>
/// <param name="Name">The user or the key, for the audit log.</param>
/// <param name="Role">What the caller may do in the team.</param>
public sealed record Caller(string Team, string Name, Role Role)
{
    private static readonly AsyncLocal<Caller?> Ambient = new();

    /// <summary>Whoever works on this machine as long as there are no users: the admin of the team <c>default</c>.</summary>
    public static Caller Local { get; } = new("default", "local", Role.Admin);

    /// <summary>The present caller.</summary>
    public static Caller Current => Ambient.Value ?? Local;

    /// <summary>Works on behalf of a caller until the result is disposed.</summary>
    public static IDisposable Act(Caller caller)
    {
        var before = Ambient.Value;
        Ambient.Value = caller;
        return new Restoration(before);
    }

    private sealed class Restoration(Caller? before) : IDisposable
    {
        public void Dispose() => Ambient.Value = before;
    }
}
