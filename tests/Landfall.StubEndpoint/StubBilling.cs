using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Landfall.StubEndpoint;

/// <summary>Work that the stub did and billed.</summary>
/// <param name="Key">The idempotency key, or the body's hash without one.</param>
/// <param name="PromptTokens">Tokens read.</param>
/// <param name="CompletionTokens">Tokens written.</param>
public sealed record BilledCall(string Key, int PromptTokens, int CompletionTokens);

/// <summary>What the stub would bill, and what it answered by key.</summary>
public sealed class StubBilling
{
    private readonly ConcurrentQueue<BilledCall> _billed = new();
    private readonly ConcurrentDictionary<string, Lazy<StubAnswer>> _answers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _attempts = new(StringComparer.Ordinal);
    private int _requests;

    /// <summary>Requests that arrived, also those that were refused.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Answers that were worked out, each of which costs money.</summary>
    public IReadOnlyList<BilledCall> Billed => [.. _billed];

    /// <summary>Answers that were worked out more than once for the same key (or body, without keys).</summary>
    public int BilledTwice => _billed.GroupBy(b => b.Key).Sum(g => g.Count() - 1);

    internal (int Number, int Attempt) Arrive(string key) => (Interlocked.Increment(ref _requests), _attempts.AddOrUpdate(key, 1, (_, n) => n + 1));

    /// <summary>Works the answer out and bills it, or returns the one that was billed under the key.</summary>
    internal StubAnswer WorkOut(StubRequest request, string key, StubOptions options)
    {
        if (!options.HonoursIdempotency || request.IdempotencyKey is null)
        {
            return Work(request, key, options);
        }

        return _answers.GetOrAdd(key, _ => new Lazy<StubAnswer>(() => Work(request, key, options))).Value;
    }

    internal static string HashOf(string body) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));

    private StubAnswer Work(StubRequest request, string key, StubOptions options)
    {
        var answer = options.Skill(request);
        _billed.Enqueue(new BilledCall(key, StubTokens.OfRequest(request), StubTokens.Of(answer.Text)));
        return answer;
    }
}

/// <summary>The stub's tokens: words, punctuation marks and Chinese characters, long words in pieces.</summary>
internal static class StubTokens
{
    public static int Of(string text)
    {
        var tokens = 0;
        var run = 0;
        foreach (var c in text)
        {
            run = char.IsAsciiLetterOrDigit(c) ? run + 1 : 0;
            tokens += run switch
            {
                0 => char.IsWhiteSpace(c) ? 0 : 1,
                _ => run % 6 == 1 ? 1 : 0,
            };
        }

        return Math.Max(1, tokens);
    }

    public static int OfRequest(StubRequest request) => request.Messages.Sum(m => 4 + Of(m.Text));
}
