using CsCheck;
using Landfall.Platform.Datasets;
using Landfall.Platform.Datasets.Comparing;
using Landfall.Platform.Storage;
using Landfall.Protocol.Datasets;

namespace Landfall.Platform.Tests.Datasets;

public sealed class DatasetComparerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("landfall-diff-").FullName;
    private readonly BlobStore _blobs;
    private readonly DatasetComparer _comparer;

    public DatasetComparerTests()
    {
        _blobs = new BlobStore(_folder);
        _comparer = new DatasetComparer(new DatasetReader(_blobs));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task CompareAsync_RelabelledAddedAndRemoved_AreCountedAndShown()
    {
        var before = await SaveAsync(Row("a", "x"), Row("b", "x"), Row("c", "y"), Row("d", "y", "1"), Row("gone", "x"));
        var after = await SaveAsync(Row("A ", "y"), Row("b", "y"), Row("c", "y"), Row("d", "y", "2"), Row("new", "z"));
        var diff = await _comparer.CompareAsync(before, after, 10, CancellationToken.None);

        Assert.Equal((1, 1, 1, 3, 2), (diff.Unchanged, diff.Added, diff.Removed, diff.Changed, diff.LabelChanges));
        Assert.Equal([new LabelChange("x", "y", 2)], diff.Confusion);
        Assert.Equal(("new", "gone"), (Assert.Single(diff.AddedRows).Text, Assert.Single(diff.RemovedRows).Text));
        Assert.Equal(["a>A ", "b>b", "d>d"], diff.ChangedRows.Select(c => $"{c.Before.Text}>{c.After.Text}"));
    }

    /// <summary>The oracle counts multisets of rows by text with plain collections.</summary>
    [Fact]
    public Task CompareAsync_AnyVersions_CountsAsTheOracleDoes()
    {
        var rows = Gen.Select(Gen.Int[0, 5], Gen.Int[0, 3]).Select((t, l) => Row($"text {t}", $"label {l}")).Array[1, 15];
        return Gen.Select(rows, rows).SampleAsync(
            async (a, b) =>
            {
                var diff = await _comparer.CompareAsync(await SaveAsync(a), await SaveAsync(b), 3, CancellationToken.None);
                long same = 0, changed = 0, added = 0, removed = 0;
                foreach (var text in a.Concat(b).Select(r => r.Text).Distinct())
                {
                    var (left, right) = (a.Where(r => r.Text == text).Select(r => r.Id).ToList(), b.Where(r => r.Text == text).Select(r => r.Id).ToList());
                    var kept = left.Where(right.Remove).Count();
                    var gone = left.Count - kept;
                    same += kept;
                    changed += Math.Min(gone, right.Count);
                    added += Math.Max(0, right.Count - gone);
                    removed += Math.Max(0, gone - right.Count);
                }

                Assert.Equal((same, added, removed, changed, changed), (diff.Unchanged, diff.Added, diff.Removed, diff.Changed, diff.LabelChanges));
                Assert.Equal(changed, diff.Confusion.Sum(c => c.Rows));
                Assert.Equal(Math.Min(3, added), diff.AddedRows.Count);
            },
            iter: 60,
            threads: 1);
    }

    [Fact]
    public async Task ResolveAsync_NameVersionBeginningOrBoth_FindsTheVersion()
    {
        var store = new Store(Summary("app/train", "aaaa1"), Summary("app/train", "aaaa2"), Summary("other", "bbbb1"));
        Assert.Equal("aaaa1", (await store.ResolveAsync("app%2Ftrain", default)).Dataset?.Version.TrimEnd('0'));
        Assert.Equal("bbbb1", (await store.ResolveAsync("bbbb", default)).Dataset?.Version.TrimEnd('0'));
        Assert.Equal("aaaa2", (await store.ResolveAsync("app/train@aaaa2", default)).Dataset?.Version.TrimEnd('0'));
        Assert.Equal("aaaa2", (await store.ResolveAsync("aaaa2".PadRight(64, '0'), default)).Dataset?.Version.TrimEnd('0'));
        Assert.Contains("2 versions begin so", (await store.ResolveAsync("aaaa", default)).Problem, StringComparison.Ordinal);
        Assert.Contains("no dataset has this name", (await store.ResolveAsync("nothing", default)).Problem, StringComparison.Ordinal);
        Assert.Contains("no dataset has this name", (await store.ResolveAsync("", default)).Problem, StringComparison.Ordinal);
    }

    private static Row Row(string text, string label, string? note = null) =>
        CanonicalRow.Create(text, label, note is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["note"] = note });

    private static DatasetSummary Summary(string name, string version) => new() { Name = name, Version = version.PadRight(64, '0'), Rows = 1, SourceSha256 = "", Format = "jsonl" };

    private async Task<DatasetSummary> SaveAsync(params Row[] rows)
    {
        var version = await _blobs.WriteAsync(stream => CanonicalRow.WriteAllAsync(rows, stream, CancellationToken.None), CancellationToken.None);
        return new DatasetSummary { Name = "d", Version = version, Rows = rows.Length, SourceSha256 = "", Format = "jsonl" };
    }

    private sealed class Store(params DatasetSummary[] all) : IDatasetStore
    {
        public Task AddAsync(DatasetSummary dataset, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<IReadOnlyList<DatasetSummary>> ListAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<DatasetSummary>>(all);

        public Task<DatasetSummary?> FindAsync(string version, CancellationToken cancellation) => Task.FromResult(all.FirstOrDefault(d => d.Version == version));
    }
}
