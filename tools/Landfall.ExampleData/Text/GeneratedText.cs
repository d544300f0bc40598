using System.Text;
using System.Text.RegularExpressions;

namespace Landfall.ExampleData.Text;

/// <summary>Writes different texts from a grammar's rules of one kind until they reach a size.</summary>
internal sealed partial class GeneratedText(Grammar grammar, SplitMix random, ISet<string> forbidden)
{
    /// <summary>After so many repetitions in a row a rule has said what it has to say.</summary>
    private const int LastRepetition = 60;

    /// <summary>How often a rule is taken; those not named, once.</summary>
    private static readonly Dictionary<string, int> s_weights = new(StringComparer.Ordinal)
    {
        ["doc-message"] = 6,
        ["doc-paragraph"] = 4,
        ["doc-order"] = 2,
        ["chat-json"] = 6,
        ["chat-copy"] = 4,
        ["chat-extract"] = 3,
        ["chat-dialogue"] = 3,
        ["chat-label"] = 2,
        ["chat-translate"] = 2,
        ["chat-list"] = 4,
        ["chat-normalise"] = 2,
        ["doc-fact"] = 4,
    };

    /// <summary>Rules of which some texts are written without capitals and the last full stop, as in haste.</summary>
    private static readonly HashSet<string> s_hasty = new(StringComparer.Ordinal) { "doc-message", "doc-order" };

    /// <summary>The texts of the rules whose name begins with <paramref name="prefix"/>, in the order written.</summary>
    /// <param name="prefix">The kind of rule, such as <c>doc-</c>.</param>
    /// <param name="bytes">How many bytes of UTF-8 to stop after.</param>
    public IEnumerable<string> Write(string prefix, long bytes)
    {
        var rules = grammar.Names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .SelectMany(name => Enumerable.Repeat(name, s_weights.GetValueOrDefault(name, 1))).ToList();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var repetitions = new Dictionary<string, int>(StringComparer.Ordinal);
        long written = 0;
        while (written < bytes && rules.Count > 0)
        {
            var rule = random.Of(rules);
            var text = new Expansion(grammar, random).Write(rule);
            if (s_hasty.Contains(rule) && random.Chance(0.15))
            {
                text = text.ToLowerInvariant().TrimEnd('.', '。');
            }

            if (!seen.Add(text) || IsForbidden(text))
            {
                repetitions[rule] = repetitions.GetValueOrDefault(rule) + 1;
                if (repetitions[rule] >= LastRepetition)
                {
                    rules.RemoveAll(name => name == rule);
                }

                continue;
            }

            repetitions[rule] = 0;
            written += Encoding.UTF8.GetByteCount(text);
            yield return text;
        }
    }

    /// <summary>Letters and digits of a text: two that differ in nothing else are the same message.</summary>
    public static string Plain(string text) => NotLetters().Replace(text, "").ToLowerInvariant();

    private bool IsForbidden(string text) => Chat.Turns(text).Any(turn => forbidden.Contains(Plain(turn)));

    [GeneratedRegex(@"[^\p{L}\p{Nd}]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NotLetters();
}
