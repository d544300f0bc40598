using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Landfall.ExampleData.Text;

/// <summary>
/// Writes the text that landfall-nano is trained on: <c>train/{en,zh}/*.txt</c>, documents parted by empty lines;
/// <c>train/chats.jsonl</c>, OpenAI messages; <c>heldout/{en,zh}/*.txt</c>, one document in fifty of the corpora.
/// </summary>
internal sealed partial class NanoText(string output, ulong seed)
{
    private const ulong OneHeldOutIn = 50;

    private readonly SortedDictionary<(string Source, string Language, string Part), (int Documents, long Characters, long Bytes)> _sizes = [];

    /// <summary>Writes everything and returns a table of its sizes.</summary>
    /// <param name="data">The folder of the corpora.</param>
    /// <param name="repository">The repository, for its pages and its examples' rows (which the generated text must not repeat).</param>
    /// <param name="share">The size of the generated text in shares of about 9 MB.</param>
    public string Write(string data, string repository, double share)
    {
        var forbidden = ExampleRows(repository);
        var chats = new List<string>();
        foreach (var (language, documents, conversations) in new[] { ("en", 3.6e6, 2.4e6), ("zh", 2.2e6, 1.2e6) })
        {
            var random = new SplitMix(seed + (language == "zh" ? 1UL : 0));
            var grammar = Grammar.Read(Path.Combine(AppContext.BaseDirectory, "Grammars", language));
            var generated = new GeneratedText(grammar, random, forbidden);
            WriteDocuments("generated", language, "train", [.. generated.Write("doc-", (long)(documents * share))]);
            var written = generated.Write("chat-", (long)(conversations * share)).ToList();
            Count("chats", language, "train", written);
            chats.AddRange(written.Select(Chat.Line));
        }

        new SplitMix(seed + 2).Shuffle(chats);
        File.WriteAllLines(Path.Combine(output, "train", "chats.jsonl"), chats);
        WriteCorpora(Corpora.Of(data, repository));
        return Table();
    }

    private void WriteCorpora(IEnumerable<SourceDocument> documents)
    {
        var groups = documents.Select(document => document with { Text = WithoutEmptyLines(document.Text) })
            .DistinctBy(document => document.Text, StringComparer.Ordinal)
            .GroupBy(document => (document.Source, Language: LanguageOf(document.Text), Part: IsHeldOut(document.Text) ? "heldout" : "train"));
        foreach (var group in groups)
        {
            WriteDocuments(group.Key.Source, group.Key.Language, group.Key.Part, [.. group.Select(document => document.Text)]);
        }
    }

    private void WriteDocuments(string source, string language, string part, IReadOnlyList<string> documents)
    {
        var folder = Directory.CreateDirectory(Path.Combine(output, part, language)).FullName;
        File.WriteAllText(Path.Combine(folder, source + ".txt"), string.Join("\n\n", documents) + "\n");
        Count(source, language, part, documents);
    }

    private void Count(string source, string language, string part, IReadOnlyCollection<string> texts) =>
        _sizes[(source, language, part)] = (texts.Count, texts.Sum(text => (long)text.EnumerateRunes().Count()), texts.Sum(text => (long)Encoding.UTF8.GetByteCount(text)));

    private string Table()
    {
        var table = new StringBuilder("| Part | Language | Source | Documents | Characters | Bytes |\n| --- | --- | --- | --- | --- | --- |\n");
        foreach (var ((source, language, part), (documents, characters, bytes)) in _sizes.OrderBy(size => (size.Key.Part == "train" ? 0 : 1, size.Key.Language)))
        {
            table.Append(CultureInfo.InvariantCulture, $"| {part} | {language} | {source} | {documents:N0} | {characters:N0} | {bytes:N0} |\n");
        }

        foreach (var group in _sizes.GroupBy(size => (size.Key.Part, size.Key.Language)).OrderBy(group => (group.Key.Part == "train" ? 0 : 1, group.Key.Language)))
        {
            table.Append(CultureInfo.InvariantCulture, $"| {group.Key.Part} | {group.Key.Language} | all | {group.Sum(size => size.Value.Documents):N0} | {group.Sum(size => size.Value.Characters):N0} | {group.Sum(size => size.Value.Bytes):N0} |\n");
        }

        return table.ToString();
    }

    /// <summary>The messages of the examples' rows: their test rows must be new to the model, and their train rows are not its text.</summary>
    private static HashSet<string> ExampleRows(string repository) =>
        Directory.GetFiles(Path.Combine(repository, "examples"), "*.jsonl", SearchOption.AllDirectories)
            .SelectMany(File.ReadLines).Select(line => GeneratedText.Plain(JsonElement.Parse(line).GetProperty("text").GetString()!))
            .ToHashSet(StringComparer.Ordinal);

    private static string WithoutEmptyLines(string text) => EmptyLines().Replace(text.ReplaceLineEndings("\n"), "\n").Trim();

    private static bool IsHeldOut(string text) => BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text))) % OneHeldOutIn == 0;

    /// <summary>Chinese where more than a tenth of the characters are Han.</summary>
    private static string LanguageOf(string text) => text.Count(c => c is >= '\u4e00' and <= '\u9fff') * 10 > text.Length ? "zh" : "en";

    [GeneratedRegex(@"\n\s*\n", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex EmptyLines();
}
