using System.Text;
using Landfall.Platform.Briefs;
using Landfall.Platform.Datasets;
using Landfall.Retrieval.Text;

namespace Landfall.Platform.Candidates.Techniques.Prompting;

/// <summary>An instruction, and where it comes from.</summary>
internal sealed record Instruction(string Name, string Text);

/// <summary>Instructions written from a brief and its training rows: the first is what one would write first.</summary>
internal static class InstructionDrafts
{
    private const int WordsPerLabel = 8;

    /// <summary>The instructions that a search begins with.</summary>
    public static IReadOnlyList<Instruction> Of(Brief brief, IReadOnlyList<Row> train) => brief.Output switch
    {
        OutputKind.Label => ForLabels(brief, train),
        OutputKind.Json => ForJson(brief),
        _ => ForText(brief),
    };

    /// <summary>What a prompt's variables stand for.</summary>
    public static IReadOnlyDictionary<string, string> Values(Brief brief, IReadOnlyList<Row> train) => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["scenario"] = brief.Scenario.Trim(),
        ["scope"] = string.Join('\n', (brief.Scope?.In ?? []).Select(topic => $"- {topic}")),
        ["labels"] = string.Join('\n', LabelsOf(train).Select(label => $"- {label}")),
        ["described-labels"] = Described(train),
        ["schema"] = brief.OutputSchema ?? "",
        ["out-of-scope"] = brief.Scope?.Out?.Label ?? "",
    };

    public static IReadOnlyList<string> LabelsOf(IReadOnlyList<Row> train) =>
        [.. train.Select(r => r.Expected).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static List<Instruction> ForLabels(Brief brief, IReadOnlyList<Row> train)
    {
        var values = Values(brief, train);
        var rest = brief.Scope?.Out is { } scope ? $"\nIf the message fits none of them, answer \"{scope.Label}\"." : "";
        const string strict = "\nAnswer with exactly one of these labels and nothing else: no explanation, no punctuation.";
        return
        [
            new Instruction("plain", $"{values["scenario"]}\nSay which of these labels the message has:\n{values["labels"]}"),
            new Instruction("strict", $"{values["scenario"]}\nSay which of these labels the message has:\n{values["labels"]}{rest}{strict}"),
            new Instruction("described", $"{values["scenario"]}\nSay which of these labels the message has. After each label stand words of typical messages:\n{values["described-labels"]}{rest}{strict}"),
        ];
    }

    private static List<Instruction> ForJson(Brief brief)
    {
        var schema = brief.OutputSchema is { } text ? $"\nThe answer must fit this JSON schema:\n{text}" : "";
        return
        [
            new Instruction("plain", $"{brief.Scenario.Trim()}\nAnswer in JSON.{schema}"),
            new Instruction("strict", $"{brief.Scenario.Trim()}\nAnswer with one JSON value and nothing else: no explanation, no code fence.{schema}"),
        ];
    }

    private static List<Instruction> ForText(Brief brief)
    {
        var scope = brief.Scope is { In.Count: > 0 } given ? $"\nYour topics are:\n{string.Join('\n', given.In.Select(t => $"- {t}"))}" : "";
        var rest = brief.Scope?.Out is { } other ? $"\nIf the message is about something else, answer \"{other.Reply ?? other.Label}\"." : "";
        return
        [
            new Instruction("plain", $"{brief.Scenario.Trim()}\nAnswer the message."),
            new Instruction("scoped", $"{brief.Scenario.Trim()}{scope}{rest}\nAnswer the message."),
            new Instruction("brief", $"{brief.Scenario.Trim()}{scope}{rest}\nAnswer as briefly as the examples do, in the language of the message, with the answer and nothing else."),
        ];
    }

    /// <summary>Each label with the words that set its rows apart from the others' (frequency in the label times inverse label frequency).</summary>
    private static string Described(IReadOnlyList<Row> train)
    {
        var analyzer = new WordAnalyzer();
        var counts = new SortedDictionary<string, Dictionary<string, int>>(StringComparer.Ordinal);
        foreach (var row in train)
        {
            if (!counts.TryGetValue(row.Expected, out var words))
            {
                counts[row.Expected] = words = new Dictionary<string, int>(StringComparer.Ordinal);
            }

            foreach (var word in WordsOf(analyzer, row.Text))
            {
                words[word] = words.GetValueOrDefault(word) + 1;
            }
        }

        var labelsWith = counts.Values.SelectMany(words => words.Keys).CountBy(w => w, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var text = new StringBuilder();
        foreach (var (label, words) in counts)
        {
            var telling = words.Where(w => w.Value > 1)
                .OrderByDescending(w => w.Value * Math.Log(1.0 + ((double)counts.Count / labelsWith[w.Key]))).ThenBy(w => w.Key, StringComparer.Ordinal)
                .Take(WordsPerLabel).Select(w => w.Key);
            text.Append(text.Length == 0 ? "" : "\n").Append("- ").Append(label).Append(": ").AppendJoin(", ", telling);
        }

        return text.ToString();
    }

    private static HashSet<string> WordsOf(WordAnalyzer analyzer, string text)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        analyzer.Analyze(text, token =>
        {
            if (token.Length > 1)
            {
                words.Add(token.ToString());
            }
        });
        return words;
    }
}
