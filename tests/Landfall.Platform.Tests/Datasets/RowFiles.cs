using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CsCheck;
using Landfall.Platform.Datasets;

namespace Landfall.Platform.Tests.Datasets;

/// <summary>Generates rows, writes them as files by code that shares nothing with the reader, and reads them.</summary>
internal static class RowFiles
{
    private static readonly Gen<string> Piece = Gen.OneOf(
        Gen.String[Gen.Char[' ', '~'], 1, 12],
        Gen.OneOf("\"", "\"\"", ",", ";", "\t", "\n", "\r\n", "\\", "{", "}", "[", "卡在哪里？", "é", "\u200B", "𠮷", "😀", "\u0001", "\u007F", "a", " "));

    /// <summary>Any text that is not blank.</summary>
    public static Gen<string> Text { get; } = Piece.Array[1, 6].Select(string.Concat).Select(t => string.IsNullOrWhiteSpace(t) ? "x" : t);

    public static Gen<Row> AnyRow { get; } = Gen.Select(Text, Text, Text.Array[0, 3])
        .Select((text, expected, values) => CanonicalRow.Create(text, expected, values.Select((v, i) => ($"field {i}", v)).ToDictionary(p => p.Item1, p => p.v, StringComparer.Ordinal)));

    public static Gen<Row[]> Rows { get; } = AnyRow.Array[1, 20];

    public static string Json(IEnumerable<Row> rows, JavaScriptEncoder encoder, string lineEnd = "\n") =>
        string.Concat(rows.Select(r => JsonOf(r, encoder) + lineEnd));

    public static string JsonArray(IEnumerable<Row> rows) =>
        "[\n  " + string.Join(" ,\n  ", rows.Select(r => JsonOf(r, JavaScriptEncoder.Default))) + "\n]\n";

    public static string Csv(IReadOnlyList<Row> rows, char delimiter, string lineEnd)
    {
        var columns = rows.SelectMany(r => r.Fields.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var lines = new List<IEnumerable<string>> { columns.Prepend("label").Prepend("text") };
        lines.AddRange(rows.Select(r => columns.Select(c => r.Fields.GetValueOrDefault(c, "")).Prepend(r.Expected).Prepend(r.Text)));
        return string.Concat(lines.Select(cells => string.Join(delimiter, cells.Select(c => Cell(c, delimiter))) + lineEnd));
    }

    public static async Task<List<Row>> ReadAsync(byte[] content, string name, int maxRowBytes = RowReader.DefaultMaxRowBytes)
    {
        var rows = new List<Row>();
        using var stream = new MemoryStream(content);
        await foreach (var row in new RowReader(maxRowBytes).ReadAsync(stream, name, CancellationToken.None))
        {
            rows.Add(row);
        }

        return rows;
    }

    public static Task<List<Row>> ReadAsync(string content, string name) => ReadAsync(Encoding.UTF8.GetBytes(content), name);

    public static async Task<DataFormatException> ErrorAsync(byte[] content, string name, int maxRowBytes = RowReader.DefaultMaxRowBytes) =>
        await Assert.ThrowsAsync<DataFormatException>(() => ReadAsync(content, name, maxRowBytes));

    public static void AssertSame(IReadOnlyList<Row> expected, IReadOnlyList<Row> actual)
    {
        Assert.Equal(expected.Select(Describe), actual.Select(Describe));
        Assert.Equal(expected.Select(r => r.Id), actual.Select(r => r.Id));
    }

    private static string Describe(Row row) =>
        $"{row.Text}|{row.Expected}|{string.Join('|', row.Fields.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key}={f.Value}"))}";

    private static string JsonOf(Row row, JavaScriptEncoder encoder)
    {
        var members = new Dictionary<string, string>(row.Fields, StringComparer.Ordinal) { ["text"] = row.Text, ["label"] = row.Expected };
        return JsonSerializer.Serialize(members, new JsonSerializerOptions { Encoder = encoder });
    }

    private static string Cell(string value, char delimiter) =>
        value.Length == 0 || (value.IndexOfAny([delimiter, '"', '\n', '\r']) < 0) ? value : $"\"{value.Replace("\"", "\"\"")}\"";
}
