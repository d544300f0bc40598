namespace Landfall.Inference.Tokenizers;

/// <summary>
/// How long the patterns of a foreign tokenizer may take altogether in one call, which runs on one thread. The limit for a
/// single match does not bound a pattern that takes almost as long at each of a thousand places.
/// </summary>
internal static class TextDeadline
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PerCharacter = TimeSpan.FromMicroseconds(10);

    [ThreadStatic]
    private static long _start;

    [ThreadStatic]
    private static TimeSpan _most;

    /// <summary>Whether the call that this thread is in has used its time up.</summary>
    public static bool IsPast => _most > TimeSpan.Zero && TimeProvider.System.GetElapsedTime(_start) > _most;

    /// <summary>Begins a call.</summary>
    /// <param name="characters">How many characters it is about.</param>
    public static void Begin(long characters) => (_start, _most) = (TimeProvider.System.GetTimestamp(), Least + (PerCharacter * characters));
}
