using System.Text.RegularExpressions;

namespace Landfall.ExampleData.Text;

/// <summary>A grammar file that cannot be read.</summary>
internal sealed class GrammarException(string file, int line, string problem) : Exception($"{file}, line {line}: {problem}");

/// <summary>
/// Rules and their alternatives, read from a folder of text files. A rule is a line <c>name:</c> followed by one
/// alternative per line up to an empty line, or one line <c>name: a | b | c</c>; <c>#</c> begins a comment.
/// Inside an alternative:
/// <c>&lt;a|b|&gt;</c> chooses; <c>{rule}</c> expands a rule; <c>{who:rule}</c> expands it and remembers it as
/// <c>{who}</c>; <c>{p.1}</c> is the second part of what was remembered, where parts are parted by <c>=</c>;
/// <c>{2-9}</c> is a whole number; <c>{noun+s}</c> inflects (English); <c>a~</c> becomes "a" or "an"; <c>\n</c> ends a line;
/// an alternative <c>^</c> is empty.
/// </summary>
internal sealed partial class Grammar
{
    /// <summary>An alternative that writes nothing.</summary>
    public const string Nothing = "^";

    private readonly Dictionary<string, List<string>> _rules = new(StringComparer.Ordinal);

    public IEnumerable<string> Names => _rules.Keys;

    public IReadOnlyList<string> Alternatives(string rule) => _rules[rule];

    public bool Has(string rule) => _rules.ContainsKey(rule);

    /// <summary>Reads every <c>.txt</c> file of a folder.</summary>
    /// <exception cref="GrammarException">A line belongs to no rule, or names a rule that does not exist.</exception>
    public static Grammar Read(string folder)
    {
        var grammar = new Grammar();
        foreach (var file in Directory.GetFiles(folder, "*.txt").Order(StringComparer.Ordinal))
        {
            grammar.ReadFile(file);
        }

        grammar.RequireRules(folder);
        return grammar;
    }

    private void ReadFile(string file)
    {
        List<string>? current = null;
        var number = 0;
        foreach (var line in File.ReadLines(file))
        {
            number++;
            if (line.StartsWith('#'))
            {
                continue;
            }

            if (string.IsNullOrWhiteSpace(line))
            {
                current = null;
                continue;
            }

            if (current is null)
            {
                var header = Header().Match(line);
                if (!header.Success)
                {
                    throw new GrammarException(file, number, $"'{line}' belongs to no rule; begin one with 'name:'.");
                }

                current = RuleOf(header.Groups["name"].Value);
                current.AddRange(header.Groups["rest"].Value.Split(" | ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
                continue;
            }

            current.Add(line.Trim());
        }
    }

    private List<string> RuleOf(string name)
    {
        if (!_rules.TryGetValue(name, out var rule))
        {
            _rules.Add(name, rule = []);
        }

        return rule;
    }

    private void RequireRules(string folder)
    {
        foreach (var (name, alternatives) in _rules)
        {
            foreach (var alternative in alternatives)
            {
                var bound = Reference().Matches(alternative).Select(m => m.Groups["bind"].Value).ToHashSet(StringComparer.Ordinal);
                var unknown = Reference().Matches(alternative).Select(m => m.Groups["rule"].Value)
                    .FirstOrDefault(rule => !_rules.ContainsKey(rule) && !bound.Contains(rule) && !Range().IsMatch(rule));
                if (unknown is not null)
                {
                    throw new GrammarException(folder, 0, $"rule '{name}' names '{unknown}', which does not exist, in: {alternative}");
                }
            }
        }
    }

    [GeneratedRegex("^(?<name>[a-z][a-z0-9-]*):(?: (?<rest>.*))?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Header();

    /// <summary>A slot of an alternative.</summary>
    [GeneratedRegex(@"\{(?:(?<bind>[a-z][a-z0-9-]*):)?(?<rule>[a-z0-9-]+)(?:\.(?<part>\d))?(?:\+(?<form>[a-z]+))?\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    internal static partial Regex Reference();

    [GeneratedRegex(@"^(?<least>\d+)-(?<most>\d+)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    internal static partial Regex Range();
}
