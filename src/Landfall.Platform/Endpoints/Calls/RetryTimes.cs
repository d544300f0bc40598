using System.Net.Http.Headers;

namespace Landfall.Platform.Endpoints.Calls;

/// <summary>How long to wait before an attempt: what the endpoint asks for, else doubling from half a second with jitter.</summary>
internal static class RetryTimes
{
    public const int MaxAttempts = 8;

    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    /// <summary>The wait after a failed attempt.</summary>
    /// <param name="attempt">1 for the first.</param>
    /// <param name="identity">The call's, in hexadecimal: the jitter is its own, and the same whenever it is made.</param>
    /// <param name="asked">The answer's <c>retry-after</c>.</param>
    /// <param name="now">The present, for a <c>retry-after</c> that is a date.</param>
    public static TimeSpan After(int attempt, string identity, RetryConditionHeaderValue? asked, DateTimeOffset now)
    {
        var wait = First * Math.Pow(2, attempt - 1);
        wait = (wait < Longest ? wait : Longest) * (0.5 + (0.5 * Jitter(identity, attempt)));
        var wanted = asked?.Delta ?? (asked?.Date - now) ?? TimeSpan.Zero;

        // Not a moment before what was asked for, and not all at the same moment after it.
        return wanted > TimeSpan.Zero ? wanted + (wait / 10) : wait;
    }

    private static double Jitter(string identity, int attempt) => Convert.ToInt32(identity.Substring(4 * (attempt % 8), 4), 16) / 65536.0;
}
