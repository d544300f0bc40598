using System.Text;
using System.Text.Encodings.Web;
using CsCheck;
using Landfall.Platform.Datasets;
using Landfall.Platform.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Landfall.Platform.Tests.Datasets;

public sealed class DatasetImporterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("landfall-datasets-").FullName;
    private readonly BlobStore _blobs;
    private readonly DatasetImporter _importer;
    private readonly DatasetReader _reader;

    public DatasetImporterTests()
    {
        _blobs = new BlobStore(_folder);
        _importer = new DatasetImporter(_blobs, new FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)));
        _reader = new DatasetReader(_blobs);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public Task ImportAsync_AnyRowsInAnyFormat_GivesOneVersionWithTheRows() =>
        RowFiles.Rows.SampleAsync(
            async rows =>
            {
                var json = await ImportAsync(RowFiles.Json(rows, JavaScriptEncoder.Default), "rows.jsonl");
                var csv = await ImportAsync(RowFiles.Csv(rows, ';', "\r\n"), "rows.csv");
                Assert.Equal(json.Summary.Version, csv.Summary.Version);
                Assert.Equal(("jsonl", "csv", rows.Length), (json.Summary.Format, csv.Summary.Format, json.Summary.Rows));
                Assert.Equal(rows.Length - rows.Select(r => (TextNormalizer.Normalize(r.Text), r.Expected)).Distinct().Count(), json.Summary.ExactDuplicates);
                Assert.Equal(rows.GroupBy(r => r.Expected).ToDictionary(g => g.Key, g => (long)g.Count()), json.Labels.ToDictionary(l => l.Label, l => l.Rows));

                var read = new List<Row>();
                await foreach (var row in _reader.ReadAsync(json.Summary.Version, CancellationToken.None))
                {
                    read.Add(row);
                }

                RowFiles.AssertSame(rows, read);
            },
            iter: 40,
            threads: 2);

    [Fact]
    public async Task ImportAsync_ManyChunks_CountsAndReportsProgress()
    {
        var text = new StringBuilder();
        for (var i = 0; i < 6_000; i++)
        {
            var near = i % 10 == 9 ? i - 1 : i;
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{{\"text\": \"{Words(near)}{(near == i ? "" : " tail")}\", \"label\": \"l{i % 3}\"}}\n");
        }

        var progress = new Recorder();
        var source = await _blobs.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), CancellationToken.None);
        var import = await _importer.ImportAsync("app/train", "train.jsonl", source, progress, CancellationToken.None);

        Assert.Equal(("app/train", source, 6_000, 0), (import.Summary.Name, import.Summary.SourceSha256, import.Summary.Rows, import.Summary.ExactDuplicates));
        Assert.Equal(1_200, import.Summary.NearDuplicates);
        Assert.Equal(6_000, import.NearDuplicatesLookedAt);
        Assert.Equal([2_000L, 2_000L, 2_000L], import.Labels.Select(l => l.Rows));
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), import.Summary.CreatedAt);
        Assert.True(progress.Reports.Count > 1);
        Assert.Equal(new ImportProgress(text.Length, text.Length, 6_000), progress.Reports[^1]);
    }

    [Fact]
    public async Task ReadPageAsync_AnyOffset_GivesThatPartOfTheRows()
    {
        var import = await ImportAsync(string.Concat(Enumerable.Range(0, 3_500).Select(i => $"{{\"text\": \"text {i}\", \"label\": \"l\"}}\n")), "rows.jsonl");
        await Gen.Select(Gen.Long[0, 4_000], Gen.Int[0, 1_200]).SampleAsync(
            async (offset, limit) =>
            {
                var page = await _reader.ReadPageAsync(import.Summary.Version, offset, limit, CancellationToken.None);
                var expected = Enumerable.Range(0, 3_500).Skip((int)offset).Take(limit).Select(i => $"text {i}");
                Assert.Equal(expected, page.Select(r => r.Text));
            },
            iter: 100);
    }

    [Fact]
    public async Task ImportAsync_BadRowFarInTheFile_KeepsNothing()
    {
        var good = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{{\"text\": \"{new string('a', 200)} {i}\", \"label\": \"l\"}}\n"));
        var source = await _blobs.WriteAsync(Encoding.UTF8.GetBytes(good + "oops\n"), CancellationToken.None);
        var error = await Assert.ThrowsAsync<DataFormatException>(() => _importer.ImportAsync("a", "rows.jsonl", source, progress: null, CancellationToken.None));
        Assert.Equal(20_001, error.Line);
        Assert.Equal([source], Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Select(Path.GetFileName));
    }

    [Fact]
    public async Task ImportAsync_Cancelled_KeepsNothing()
    {
        var source = await _blobs.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"text\": \"a\", \"label\": \"l\"}\n", 200_000))), CancellationToken.None);
        using var stop = new CancellationTokenSource();
        var progress = new Recorder { OnReport = stop.Cancel };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _importer.ImportAsync("a", "rows.jsonl", source, progress, stop.Token));
        Assert.Equal([source], Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Select(Path.GetFileName));
    }

    [Fact]
    public async Task ReadAsync_DamagedVersion_SaysSo()
    {
        var version = await _blobs.WriteAsync("{\"text\":\"a\",\"expected\":\"b\"}\n{\"text\":\"a\""u8.ToArray(), CancellationToken.None);
        await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            await foreach (var _ in _reader.ReadAsync(version, CancellationToken.None))
            {
            }
        });
    }

    /// <summary>120 words that no other number has.</summary>
    private static string Words(int number) => string.Join(' ', Enumerable.Range(0, 120).Select(i => $"w{number}x{i}"));

    private async Task<DatasetImport> ImportAsync(string content, string name)
    {
        var source = await _blobs.WriteAsync(Encoding.UTF8.GetBytes(content), CancellationToken.None);
        return await _importer.ImportAsync("test", name, source, progress: null, CancellationToken.None);
    }

    private sealed class Recorder : IProgress<ImportProgress>
    {
        public List<ImportProgress> Reports { get; } = [];

        public Action? OnReport { get; init; }

        public void Report(ImportProgress value)
        {
            Reports.Add(value);
            OnReport?.Invoke();
        }
    }
}
