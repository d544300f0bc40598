using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Landfall.ExampleData.Text;

/// <summary>One text written from a grammar; what a slot remembers lasts as long as the text.</summary>
internal sealed partial class Expansion(Grammar grammar, SplitMix random)
{
    private const int DeepestNesting = 40;

    private readonly Dictionary<string, string> _remembered = new(StringComparer.Ordinal);

    /// <summary>Writes a text from one of a rule's alternatives.</summary>
    public string Write(string rule) => Finish(Expand(random.Of(grammar.Alternatives(rule)), 0));

    private string Expand(string template, int depth)
    {
        if (depth > DeepestNesting)
        {
            throw new InvalidOperationException($"The grammar does not end in: {template}");
        }

        if (template == Grammar.Nothing)
        {
            return "";
        }

        var chosen = Choice().Replace(template, match => random.Of(match.Groups["all"].Value.Split('|')));
        if (Choice().IsMatch(chosen))
        {
            return Expand(chosen, depth + 1);
        }

        return Grammar.Reference().Replace(chosen, match => Slot(match, depth));
    }

    private string Slot(Match match, int depth)
    {
        string bind = match.Groups["bind"].Value, rule = match.Groups["rule"].Value;
        string value;
        if (bind.Length == 0 && _remembered.TryGetValue(rule, out var known))
        {
            value = known;
        }
        else if (Grammar.Range().Match(rule) is { Success: true } range)
        {
            value = random.Between(Number(range, "least"), Number(range, "most")).ToString(CultureInfo.InvariantCulture);
        }
        else
        {
            value = Expand(random.Of(grammar.Alternatives(rule)), depth + 1);
        }

        if (bind.Length > 0)
        {
            _remembered[bind] = value;
        }

        var parts = value.Split('=');
        value = parts[match.Groups["part"].Success ? int.Parse(match.Groups["part"].Value, CultureInfo.InvariantCulture) : 0];
        return match.Groups["form"].Success ? EnglishForms.Of(value, match.Groups["form"].Value) : value;
    }

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    private static string Finish(string text)
    {
        var withArticles = Article().Replace(text, match => match.Groups["a"].Value + (IsVowel(match.Groups["next"].Value) ? "n " : " ") + match.Groups["next"].Value);
        var lines = withArticles.Replace("\\n", "\n", StringComparison.Ordinal);
        return Capitals(Spaces().Replace(lines, " "));
    }

    private static bool IsVowel(string word) =>
        "aeiouAEIOU".Contains(word[0], StringComparison.Ordinal)
            ? !Consonantal().IsMatch(word)
            : word.StartsWith("hour", StringComparison.OrdinalIgnoreCase) || word.StartsWith("honest", StringComparison.OrdinalIgnoreCase) || word is ['8', ..] or "11" or "18";

    /// <summary>Writes the first letter of each sentence as a capital.</summary>
    private static string Capitals(string text)
    {
        var result = new StringBuilder(text);
        foreach (Match match in SentenceStart().Matches(text))
        {
            result[match.Index + match.Length - 1] = char.ToUpperInvariant(match.Value[^1]);
        }

        return result.ToString().Trim();
    }

    [GeneratedRegex(@"<(?<all>[^<>]*)>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Choice();

    [GeneratedRegex(@"\b(?<a>[aA])~ (?<next>[\w]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Article();

    [GeneratedRegex("^(uni|use|usu|eu|one|once)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Consonantal();

    [GeneratedRegex(@"(^|[.!?]\s+)[a-z]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SentenceStart();

    [GeneratedRegex(" {2,}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Spaces();
}
