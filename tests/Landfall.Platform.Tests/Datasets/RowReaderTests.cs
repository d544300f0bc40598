using System.Text;
using System.Text.Encodings.Web;
using CsCheck;

namespace Landfall.Platform.Tests.Datasets;

public sealed class RowReaderTests
{
    private const int Fast = 300;

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\n\n \r\n")]
    public Task ReadAsync_JsonLinesFromAnyRows_GivesTheRows(string lineEnd) =>
        RowFiles.Rows.SampleAsync(
            async rows =>
            {
                foreach (var encoder in new[] { JavaScriptEncoder.Default, JavaScriptEncoder.UnsafeRelaxedJsonEscaping })
                {
                    RowFiles.AssertSame(rows, await RowFiles.ReadAsync(RowFiles.Json(rows, encoder, lineEnd), "rows.jsonl"));
                }
            },
            iter: Fast);

    [Fact]
    public Task ReadAsync_JsonArrayFromAnyRows_GivesTheRows() =>
        RowFiles.Rows.SampleAsync(async rows => RowFiles.AssertSame(rows, await RowFiles.ReadAsync(RowFiles.JsonArray(rows), "rows.json")), iter: Fast);

    [Theory]
    [InlineData(',', "\n", "rows.csv")]
    [InlineData(';', "\r\n", "rows.csv")]
    [InlineData('\t', "\n", "rows.tsv")]
    [InlineData('\t', "\r\n", "rows.txt")]
    public Task ReadAsync_CsvFromAnyRows_GivesTheRows(char delimiter, string lineEnd, string name) =>
        RowFiles.Rows.SampleAsync(async rows => RowFiles.AssertSame(rows, await RowFiles.ReadAsync(RowFiles.Csv(rows, delimiter, lineEnd), name)), iter: Fast);

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public Task ReadAsync_ByteOrderMark_GivesTheRows(string encoding) =>
        RowFiles.Rows.SampleAsync(
            async rows =>
            {
                var target = Encoding.GetEncoding(encoding);
                RowFiles.AssertSame(rows, await RowFiles.ReadAsync([.. target.GetPreamble(), .. target.GetBytes(RowFiles.Csv(rows, ',', "\n"))], "rows.csv"));
            },
            iter: Fast);

    [Fact]
    public async Task ReadAsync_RowsBeyondTheFirstBuffer_GivesTheRows()
    {
        // Lengths around the window's size make rows end at, before and behind its end.
        var rows = Enumerable.Range(0, 40)
            .Select(i => Landfall.Platform.Datasets.CanonicalRow.Create(new string((char)('a' + (i % 26)), 1 + (i * 9_973)), $"label {i}", new Dictionary<string, string>()))
            .ToList();
        RowFiles.AssertSame(rows, await RowFiles.ReadAsync(RowFiles.Json(rows, JavaScriptEncoder.Default), "rows.jsonl"));
        RowFiles.AssertSame(rows, await RowFiles.ReadAsync(RowFiles.JsonArray(rows), "rows.json"));
        RowFiles.AssertSame(rows, await RowFiles.ReadAsync(RowFiles.Csv(rows, ',', "\r\n"), "rows.csv"));
        var utf16 = Encoding.Unicode;
        RowFiles.AssertSame(rows, await RowFiles.ReadAsync([.. utf16.GetPreamble(), .. utf16.GetBytes(RowFiles.Csv(rows, ',', "\r\n"))], "rows.csv"));
    }

    [Theory]
    [InlineData("""{"question": "q", "text": "t", "answer": "a", "intent": "i"}""", "t", "i")]
    [InlineData("""{"Utterance": "u", "Category": 5}""", "u", "5")]
    [InlineData("""{"input": "u", "output": {"a": [1, 2.50, "x\u00e9"], "b": null}}""", "u", """{"a":[1,2.50,"xé"],"b":null}""")]
    [InlineData("""{"prompt": "u", "expected": true}""", "u", "true")]
    public async Task ReadAsync_FieldNames_ChoosesByTheOrderOfTheLists(string line, string text, string expected)
    {
        var row = Assert.Single(await RowFiles.ReadAsync(line, "rows.jsonl"));
        Assert.Equal((text, expected), (row.Text, row.Expected));
    }

    [Fact]
    public async Task ReadAsync_FurtherFields_AreStrings()
    {
        var row = Assert.Single(await RowFiles.ReadAsync("""{"text": "t", "label": "l", "n": 1.0, "yes": true, "no": null, "tags": [ "a", {"b": 2} ]}""", "rows.jsonl"));
        Assert.Equal(
            [("n", "1.0"), ("tags", """["a",{"b":2}]"""), ("yes", "true")],
            row.Fields.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => (f.Key, f.Value)));
    }

    [Fact]
    public async Task ReadAsync_SameContentInTwoFormats_HasOneIdentity()
    {
        var json = await RowFiles.ReadAsync("""{"language": "en", "label": "l", "text": "Grüße, \"you\""}""", "a.jsonl");
        var csv = await RowFiles.ReadAsync("text;label;language\n\"Grüße, \"\"you\"\"\";l;en", "b.csv");
        Assert.Equal(json[0].Id, csv[0].Id);
        Assert.Equal(32, json[0].Id.Length);
    }

    [Fact]
    public Task ReadAsync_AnyBytes_GivesRowsOrADataFormatException() =>
        Fuzz(Gen.Select(Gen.Byte.Array[0, 200], Gen.OneOf("rows.jsonl", "rows.csv", "rows")).Select((bytes, name) => (bytes, name)));

    [Fact]
    public Task ReadAsync_MutatedFiles_GivesRowsOrADataFormatException()
    {
        var files = Gen.OneOf(
            RowFiles.Rows.Select(r => (RowFiles.Json(r, JavaScriptEncoder.Default), "rows.jsonl")),
            RowFiles.Rows.Select(r => (RowFiles.JsonArray(r), "rows.json")),
            RowFiles.Rows.Select(r => (RowFiles.Csv(r, ',', "\n"), "rows.csv")));
        return Fuzz(Gen.Select(files, Gen.Bool, Gen.Select(Gen.Int[0, 10_000], Gen.Byte, Gen.Int[0, 3]).Array[1, 5]).Select((file, utf16, edits) =>
        {
            var encoding = utf16 ? Encoding.Unicode : Encoding.UTF8;
            var bytes = encoding.GetPreamble().Concat(encoding.GetBytes(file.Item1)).ToList();
            foreach (var (position, value, kind) in edits)
            {
                var at = position % bytes.Count;
                switch (kind)
                {
                    case 0:
                        bytes.RemoveRange(at, Math.Min(bytes.Count - at - 1, value));
                        break;
                    case 1:
                        bytes.Insert(at, value);
                        break;
                    case 2:
                        bytes.InsertRange(at, "\\ud800"u8.ToArray());
                        break;
                    default:
                        bytes[at] = value;
                        break;
                }

                bytes = bytes.Count == 0 ? [value] : bytes;
            }

            return (bytes.ToArray(), file.Item2);
        }));
    }

    private static Task Fuzz(Gen<(byte[] Bytes, string Name)> files) =>
        files.SampleAsync(
            async file =>
            {
                try
                {
                    foreach (var row in await RowFiles.ReadAsync(file.Bytes, file.Name))
                    {
                        Assert.True(row.Text.Length > 0 && row.Expected.Length > 0);
                    }
                }
                catch (Landfall.Platform.Datasets.DataFormatException error)
                {
                    Assert.StartsWith(file.Name, error.Message, StringComparison.Ordinal);
                }
            },
            iter: 3_000);
}
