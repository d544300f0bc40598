using System.Text.Encodings.Web;
using System.Text.Json;
using Landfall.Platform.Datasets;
using Landfall.Platform.Storage;
using Landfall.Protocol.Briefs;

namespace Landfall.Platform.Briefs;

/// <summary>The data files of a draft.</summary>
/// <param name="Train">The written train rows.</param>
/// <param name="Test">The written test rows.</param>
/// <param name="TestRows">Their number.</param>
/// <param name="TestOutOfScope">How many of them are out of scope.</param>
/// <param name="TrainRows">Train rows.</param>
/// <param name="Dropped">Rows left out of train because a test row has their text.</param>
internal sealed record DraftSplit(FileReference Train, FileReference Test, long TestRows, long TestOutOfScope, long TrainRows, long Dropped)
{
    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Splits by fingerprint, in two passes over the rows: test first, then what is left.</summary>
    public static async Task<DraftSplit> WriteAsync(
        Func<IAsyncEnumerable<(Row Row, ulong Text)>> read, DraftProfile profile, double testShare, BlobStore blobs, CancellationToken cancellation)
    {
        var thresholds = profile.Thresholds(testShare);
        var answer = profile.IsLabel ? "label" : "answer";
        bool IsTest(Row row, ulong text) => text > 0 && text <= thresholds.GetValueOrDefault(profile.IsLabel ? row.Expected : "");
        var testTexts = new HashSet<ulong>();
        long testRows = 0, outOfScope = 0, trainRows = 0, dropped = 0;

        var test = await WriteRowsAsync(Chosen(forTest: true), answer, blobs, cancellation).ConfigureAwait(false);
        var train = await WriteRowsAsync(Chosen(forTest: false), answer, blobs, cancellation).ConfigureAwait(false);
        return new DraftSplit(train, test, testRows, outOfScope, trainRows, dropped);

        async IAsyncEnumerable<Row> Chosen(bool forTest)
        {
            await foreach (var (row, text) in read().WithCancellation(cancellation).ConfigureAwait(false))
            {
                if (IsTest(row, text))
                {
                    if (forTest)
                    {
                        testRows++;
                        outOfScope += row.Expected == profile.OutOfScopeLabel ? 1 : 0;
                        testTexts.Add(text);
                        yield return row;
                    }
                }
                else if (!forTest && testTexts.Contains(text))
                {
                    dropped++;
                }
                else if (!forTest)
                {
                    trainRows++;
                    yield return row;
                }
            }
        }
    }

    private static async Task<FileReference> WriteRowsAsync(IAsyncEnumerable<Row> rows, string answer, BlobStore blobs, CancellationToken cancellation)
    {
        var hash = await blobs.WriteAsync(
            async stream =>
            {
                using var buffer = new MemoryStream();
                await foreach (var row in rows.WithCancellation(cancellation).ConfigureAwait(false))
                {
                    WriteRow(row, answer, buffer);
                    if (buffer.Length > 1 << 16)
                    {
                        await FlushAsync(buffer, stream, cancellation).ConfigureAwait(false);
                    }
                }

                await FlushAsync(buffer, stream, cancellation).ConfigureAwait(false);
            },
            cancellation).ConfigureAwait(false);
        return new FileReference(FileState.Present, hash, blobs.Size(hash));
    }

    private static async Task FlushAsync(MemoryStream buffer, Stream stream, CancellationToken cancellation)
    {
        await stream.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), cancellation).ConfigureAwait(false);
        buffer.SetLength(0);
    }

    private static void WriteRow(Row row, string answer, MemoryStream buffer)
    {
        using (var json = new Utf8JsonWriter(buffer, s_json))
        {
            json.WriteStartObject();
            json.WriteString("text", row.Text);
            json.WriteString(answer, row.Expected);
            foreach (var (name, value) in row.Fields.Where(f => f.Key != "text" && f.Key != answer))
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
    }
}
