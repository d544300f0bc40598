using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Landfall.Platform.Briefs;
using Landfall.Platform.Datasets;
using Landfall.Platform.Storage;
using Landfall.Protocol.Briefs;

namespace Landfall.Platform.Tests.Briefs;

/// <summary>An app's folder as the server sees it: data files in a blob store of its own.</summary>
public sealed class BriefFolder : IDisposable
{
    private readonly string _root = Path.Combine(Path.GetTempPath(), "landfall-briefs-" + Guid.NewGuid().ToString("n"));
    private readonly Dictionary<string, FileReference> _files = [];

    public BriefFolder()
    {
        Blobs = new BlobStore(_root);
        Add("data/train.jsonl", Rows(400, i => ($"message {i} about {Label(i)}", Label(i), "en")));
        Add("data/test.jsonl", Rows(1000, i => ($"question {i} on {Label(i)}", Label(i), i % 10 == 0 ? "zh" : "en")));
        Add("data/test-58.jsonl", Rows(58, i => ($"question {i}", Label(i), "en")));
        Add("data/test-59.jsonl", Rows(59, i => ($"question {i}", Label(i), "en")));
        Add("data/train-oos.jsonl", Rows(400, i => ($"message {i}", i % 8 == 0 ? "other" : Label(i), "en")));
        Add("data/test-oos.jsonl", Rows(1000, i => ($"question {i}", i % 50 == 0 ? "other" : Label(i), "en")));
        Add("data/empty.jsonl", "");
        Add("data/one-class.jsonl", Rows(50, i => ($"message {i}", "billing", "en")));
        Add("data/copies.jsonl", Rows(400, i => (i % 100 == 7 ? $"  QUESTION {i}  on {Label(i)}!" : $"message {i}", Label(i), "en")));
        Add("data/few-labels.jsonl", Rows(100, i => ($"message {i}", i % 2 == 0 ? "billing" : "refund", "en")));
        Add("data/broken.jsonl", Rows(3, i => ($"message {i}", "billing", "en")) + "{\"text\": \n");
        Add("data/test-again.jsonl", Rows(1000, i => ($"question {i} on {Label(i)}", Label(i), i % 10 == 0 ? "zh" : "en")));
        Add("data/judged.jsonl", Judged(120, i => i % 2 == 0 ? "pass" : "fail"));
        Add("data/judged-few.jsonl", Judged(20, i => i % 2 == 0 ? "pass" : "fail"));
        Add("data/judged-alike.jsonl", Judged(120, _ => "pass"));
        Add("schema.json", "{\"type\": \"object\"}");
        Add("list.json", "[1, 2]");
        Add("broken.json", "{\n  \"type\": \n}");
        _files["link/outside.jsonl"] = new FileReference(FileState.Outside, Sha256: null, 0);
        _files["data/secret.jsonl"] = new FileReference(FileState.Unreadable, Sha256: null, 0);
        _files["data/gone.jsonl"] = new FileReference(FileState.Missing, Sha256: null, 0);
        _files["data/lost.jsonl"] = new FileReference(FileState.Present, new string('a', 64), 10);
    }

    public BlobStore Blobs { get; }

    public IReadOnlyDictionary<string, FileReference> Files => _files;

    internal BriefChecker Checker => new(new TestMetrics(), new TestTechniques(), new TestRowReader(), Blobs, TextNormalizer.Normalize);

    internal BriefDrafter Drafter => new(new TestMetrics(), new TestTechniques(), new TestRowReader(), Blobs, TextNormalizer.Normalize);

    public static string Label(int i) => new[] { "billing", "refund", "delivery", "password" }[i % 4];

    private static string Judged(int count, Func<int, string> human) => string.Concat(Enumerable.Range(0, count).Select(i =>
        JsonSerializer.Serialize(new { text = $"question {i}", answer = $"answer {i}", human = human(i) }) + "\n"));

    public static string Rows(int count, Func<int, (string Text, string Label, string Language)> row) =>
        string.Concat(Enumerable.Range(0, count).Select(row).Select(r => JsonSerializer.Serialize(new { text = r.Text, label = r.Label, language = r.Language }) + "\n"));

    public FileReference Add(string path, string content)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        var hash = Blobs.WriteAsync(bytes, CancellationToken.None).GetAwaiter().GetResult();
        return _files[path] = new FileReference(FileState.Present, hash, bytes.Length);
    }

    public Task<BriefCheckResponse> CheckAsync(string yaml) =>
        Checker.CheckAsync(new BriefSource { Text = yaml, Files = _files }, TestContext.Current.CancellationToken);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>Reads <c>{"text", "label" or "answer", ...}</c>, one object per line.</summary>
    internal sealed class TestRowReader : IRowReader
    {
        public async IAsyncEnumerable<Row> ReadAsync(Stream content, string fileName, [EnumeratorCancellation] CancellationToken cancellation)
        {
            using var reader = new StreamReader(content);
            for (var number = 1; await reader.ReadLineAsync(cancellation) is { } line; number++)
            {
                yield return Parse(line, fileName, number);
            }
        }

        public IAsyncEnumerable<Row> ReadAsync(Stream content, string fileName, RowReading reading, CancellationToken cancellation) => ReadAsync(content, fileName, cancellation);

        private static Row Parse(string line, string fileName, int number)
        {
            try
            {
                var fields = JsonSerializer.Deserialize<Dictionary<string, string>>(line)!;
                var answer = fields.ContainsKey("label") ? "label" : "answer";
                return new Row($"{number:x32}", fields["text"], fields[answer], fields.Where(f => f.Key != "text" && f.Key != answer).ToDictionary());
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException)
            {
                throw new DataFormatException(fileName, number, "this is not a JSON object with text and label. Correct the line.");
            }
        }
    }
}
