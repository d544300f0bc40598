using System.Buffers;
using System.Threading.Channels;
using Landfall.Platform.Datasets.Reading;
using Landfall.Platform.Storage;
using Landfall.Protocol.Datasets;

namespace Landfall.Platform.Datasets;

/// <summary>How far an import is.</summary>
/// <param name="Bytes">Bytes of the file that were read.</param>
/// <param name="TotalBytes">Its size.</param>
/// <param name="Rows">Rows so far.</param>
public sealed record ImportProgress(long Bytes, long TotalBytes, long Rows);

/// <summary>What an import made.</summary>
/// <param name="Summary">The new version; its <see cref="DatasetSummary.Version"/> is also the blob of its canonical rows.</param>
/// <param name="Labels">Rows per expected output, most frequent first.</param>
/// <param name="LabelsArePartial">Outputs that are no labels (long ones, or beyond 2,000 different ones) were left out.</param>
/// <param name="NearDuplicatesLookedAt">Near duplicates were looked for among so many rows, from the first one.</param>
public sealed record DatasetImport(DatasetSummary Summary, IReadOnlyList<LabelCount> Labels, bool LabelsArePartial, long NearDuplicatesLookedAt);

/// <summary>
/// Makes a dataset version out of an uploaded file: one blob of canonical rows (<see cref="CanonicalRow"/>). One task reads
/// and counts, another hashes and writes, with a few buffers between them: memory does not grow with the file. Exact
/// duplicates (same normalised text, same expected output) are counted exactly up to 2.5 million different rows and
/// estimated beyond. Near duplicates are looked for among the first rows only, as many as fit into a fixed
/// memory (<see cref="NearDuplicateScan"/>), and so are a lower bound in larger files.
/// </summary>
public sealed class DatasetImporter(BlobStore blobs, TimeProvider time)
{
    private const int ChunkBytes = 1 << 20;
    private const int Chunks = 4;

    /// <summary>Imports a file that the blob store holds.</summary>
    /// <exception cref="DataFormatException">The file cannot be read as rows; nothing is kept.</exception>
    /// <exception cref="FileNotFoundException">There is no such blob.</exception>
    public async Task<DatasetImport> ImportAsync(
        string name, string fileName, string sourceSha256, IProgress<ImportProgress>? progress, CancellationToken cancellation) =>
        await ImportAsync(name, fileName, sourceSha256, RowReading.Automatic, progress, cancellation).ConfigureAwait(false);

    /// <summary>Imports a file that the blob store holds, with the choices that it leaves.</summary>
    /// <exception cref="DataFormatException">The file cannot be read as rows; nothing is kept.</exception>
    /// <exception cref="FileNotFoundException">There is no such blob.</exception>
    public async Task<DatasetImport> ImportAsync(
        string name, string fileName, string sourceSha256, RowReading reading, IProgress<ImportProgress>? progress, CancellationToken cancellation)
    {
        var content = blobs.Open(sourceSha256);
        await using (content.ConfigureAwait(false))
        {
            var source = await RowSource.OpenAsync(content, fileName, reading, RowReader.DefaultMaxRowBytes, cancellation).ConfigureAwait(false);
            await using var closing = source.ConfigureAwait(false);
            var statistics = new ImportStatistics();
            var version = await WriteVersionAsync(source, statistics, new ProgressReport(progress, content.Length), cancellation).ConfigureAwait(false);
            var near = await statistics.Near.CompleteAsync(cancellation).ConfigureAwait(false);
            var summary = new DatasetSummary
            {
                Name = name,
                Version = version,
                Rows = source.Rows,
                SourceSha256 = sourceSha256,
                Format = source.FormatName,
                Sheet = source.Sheet,
                Skipped = source.Skipped,
                ExactDuplicates = statistics.Exact.Count,
                NearDuplicates = near,
                CreatedAt = time.GetUtcNow(),
            };
            return new DatasetImport(summary, statistics.Labels.Counts(), statistics.Labels.IsPartial, statistics.Near.LookedAt);
        }
    }

    private async Task<string> WriteVersionAsync(RowSource source, ImportStatistics statistics, ProgressReport report, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var full = Channel.CreateBounded<ArrayBufferWriter<byte>>(Chunks);
        var empty = Channel.CreateUnbounded<ArrayBufferWriter<byte>>();
        for (var i = 0; i < Chunks; i++)
        {
            empty.Writer.TryWrite(new ArrayBufferWriter<byte>(ChunkBytes + (ChunkBytes / 8)));
        }

        var reading = Task.Run(() => ReadRowsAsync(source, statistics, report, full.Writer, empty.Reader, stop.Token), CancellationToken.None);
        try
        {
            return await blobs.WriteAsync(
                async stream =>
                {
                    await foreach (var chunk in full.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
                    {
                        await stream.WriteAsync(chunk.WrittenMemory, cancellation).ConfigureAwait(false);
                        chunk.ResetWrittenCount();
                        empty.Writer.TryWrite(chunk);
                    }
                },
                cancellation).ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(false);
        }
    }

    /// <summary>Never throws: what goes wrong is passed on through the channel.</summary>
    private static async Task ReadRowsAsync(
        RowSource source,
        ImportStatistics statistics,
        ProgressReport report,
        ChannelWriter<ArrayBufferWriter<byte>> full,
        ChannelReader<ArrayBufferWriter<byte>> empty,
        CancellationToken cancellation)
    {
        try
        {
            var row = new RawRow();
            var chunk = await empty.ReadAsync(cancellation).ConfigureAwait(false);
            while (!source.Ended)
            {
                while (chunk.WrittenCount < ChunkBytes && source.TryRead(row))
                {
                    CanonicalRow.Write(row, chunk);
                    chunk.Write("\n"u8);
                    statistics.Add(row);
                }

                if (chunk.WrittenCount >= ChunkBytes || source.Ended)
                {
                    report.Report(source);
                    await full.WriteAsync(chunk, cancellation).ConfigureAwait(false);
                    chunk = await empty.ReadAsync(cancellation).ConfigureAwait(false);
                }
                else
                {
                    await source.FillAsync(cancellation).ConfigureAwait(false);
                }
            }

            full.Complete();
        }
        catch (Exception error)
        {
            full.TryComplete(error);
        }
    }

    private sealed class ProgressReport(IProgress<ImportProgress>? progress, long total)
    {
        public void Report(RowSource source) => progress?.Report(new ImportProgress(source.BytesTaken, total, source.Rows));
    }

    /// <summary>What is counted while rows pass by.</summary>
    private sealed class ImportStatistics
    {
        private byte[] _scratch = new byte[1 << 12];

        public DuplicateCounter Exact { get; } = new();

        public LabelHistogram Labels { get; } = new();

        public NearDuplicateScan Near { get; } = new();

        public void Add(RawRow row)
        {
            if (_scratch.Length < row.Text.Length)
            {
                _scratch = new byte[row.Text.Length * 2];
            }

            var text = TextNormalizer.Hash(row.TextBytes, _scratch);
            Exact.Add(Hash64.Of(row.ExpectedBytes, seed: text));
            Labels.Add(row.ExpectedBytes);
            Near.Add(row.TextBytes);
        }
    }
}
