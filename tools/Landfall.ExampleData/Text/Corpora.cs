using System.Text.Json;
using System.Text.RegularExpressions;

namespace Landfall.ExampleData.Text;

/// <summary>A document and where it comes from.</summary>
internal sealed record SourceDocument(string Source, string Text);

/// <summary>
/// The texts that landfall-nano may read: passages, documents and policies of the data folder, and the repository's own
/// pages. No query, answer or judgement is read, but for the questions of CMRC 2018's trial part, which is free for training.
/// </summary>
internal static partial class Corpora
{
    public static IEnumerable<SourceDocument> Of(string data, string repository) =>
        Passages(Path.Combine(data, "retrieval", "cmrc2018"), "cmrc2018-passages")
            .Concat(TrialPassages(Path.Combine(data, "retrieval", "cmrc2018_trial")))
            .Concat(Passages(Path.Combine(data, "retrieval", "banking_knowledge"), "banking-documents"))
            .Concat(Policies(Path.Combine(data, "agents", "tau2")))
            .Concat(Pages(repository));

    private static IEnumerable<SourceDocument> Passages(string folder, string source) =>
        Rows(Path.Combine(folder, "corpus.jsonl")).Select(row => new SourceDocument(source, Titled(row)));

    /// <summary>Each passage with its questions after it, without their answers.</summary>
    private static IEnumerable<SourceDocument> TrialPassages(string folder)
    {
        var questions = Rows(Path.Combine(folder, "queries.jsonl")).ToDictionary(row => row.GetProperty("_id").GetString()!, row => row.GetProperty("text").GetString()!, StringComparer.Ordinal);
        var ofPassage = File.ReadLines(Path.Combine(folder, "qrels.tsv")).Skip(1).Select(line => line.Split('\t'))
            .ToLookup(fields => fields[1], fields => questions[fields[0]], StringComparer.Ordinal);
        return Rows(Path.Combine(folder, "corpus.jsonl")).Select(row =>
            new SourceDocument("cmrc2018-trial", string.Join('\n', [Titled(row), .. ofPassage[row.GetProperty("_id").GetString()!]])));
    }

    private static IEnumerable<SourceDocument> Policies(string folder) =>
        Directory.GetFiles(folder, "policy.md", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .SelectMany(file => Sections(file).Select(section => new SourceDocument("policies", section)));

    private static IEnumerable<SourceDocument> Pages(string repository) =>
        Directory.GetFiles(repository, "*.md", SearchOption.AllDirectories)
            .Where(page => !Path.GetRelativePath(repository, page).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "node_modules" or ".git" or "models"))
            .Order(StringComparer.Ordinal)
            .SelectMany(page => Sections(page).Select(section => new SourceDocument("documentation", section)));

    /// <summary>A page's parts under headings of the second rank.</summary>
    private static IEnumerable<string> Sections(string file) =>
        Heading().Split(File.ReadAllText(file)).Where(section => section.Trim().Length > 40);

    private static string Titled(JsonElement row) => $"{row.GetProperty("title").GetString()}\n{row.GetProperty("text").GetString()}";

    private static IEnumerable<JsonElement> Rows(string file) => File.ReadLines(file).Select(line => JsonElement.Parse(line));

    [GeneratedRegex("^(?=## )", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Heading();
}
