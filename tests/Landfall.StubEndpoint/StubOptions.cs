namespace Landfall.StubEndpoint;

/// <summary>How the stub behaves.</summary>
public sealed record StubOptions
{
    /// <summary>The one model that it has.</summary>
    public string Model { get; init; } = "stub-1";

    /// <summary>The key that requests must carry; null: any.</summary>
    public string? Key { get; init; }

    /// <summary>How long an answer takes.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>Whether it knows idempotency keys: the same key is answered with the stored answer, and is not billed again.</summary>
    public bool HonoursIdempotency { get; init; } = true;

    /// <summary>Seconds in the <c>retry-after</c> of a 429.</summary>
    public int RetryAfterSeconds { get; init; } = 1;

    /// <summary>What goes wrong, by request.</summary>
    public Func<StubRequest, StubFault> Faults { get; init; } = _ => StubFault.None;

    /// <summary>What it answers; by default what <see cref="StubSkill"/> reads from the prompt.</summary>
    public Func<StubRequest, StubAnswer> Skill { get; init; } = StubSkill.Answer;

    /// <summary>Faults for the first requests, in turn; then none.</summary>
    public static Func<StubRequest, StubFault> InTurn(params StubFault[] faults) =>
        request => request.Number <= faults.Length ? faults[request.Number - 1] : StubFault.None;

    /// <summary>Seeded faults at a rate, never for the third attempt of a call.</summary>
    public static Func<StubRequest, StubFault> Sometimes(int seed, double rate, params StubFault[] faults) => request =>
    {
        var draw = new Random(HashOf($"{seed}/{request.Number}/{request.Attempt}"));
        return request.Attempt < 3 && draw.NextDouble() < rate ? faults[draw.Next(faults.Length)] : StubFault.None;
    };

    internal static int HashOf(string text)
    {
        // FNV-1a: the same in every process.
        var hash = 2166136261;
        foreach (var c in text)
        {
            hash = (hash ^ c) * 16777619;
        }

        return (int)(hash & 0x7FFFFFFF);
    }
}
