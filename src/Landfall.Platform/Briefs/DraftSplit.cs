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

    /// <summary>The written validation rows, where a file of them was given.</summary>
    public FileReference? Validation { get; private init; }

    /// <summary>What costs nothing already reaches, in label tasks.</summary>
    public DraftBaseline? Baseline { get; private init; }

    /// <summary>Splits by fingerprint, in two passes over the rows: test first, then what is left. Where test rows were given, they are the test.</summary>
    public static async Task<DraftSplit> WriteAsync(DraftRows rows, DraftProfile profile, double testShare, BlobStore blobs, CancellationToken cancellation)
    {
        var thresholds = profile.Thresholds(testShare);
        var answer = profile.IsLabel ? "label" : "answer";
        var key = profile is { IsLabel: true, IsGrouped: false };
        bool IsTest(DraftRow row) => row.Unit > 0 && row.Unit <= thresholds.GetValueOrDefault(key ? row.Row.Expected : "");
        var testTexts = new HashSet<ulong>();
        long testRows = 0, outOfScope = 0, trainRows = 0, dropped = 0;
        var (trainSample, testSample) = (new List<Row>(), new List<Row>());
        var (trainStep, testStep) = ((ulong)(profile.Rows / DraftBaseline.MostTrain) + 1, (ulong)(profile.Rows * testShare / DraftBaseline.MostTest) + 1);

        var test = await WriteRowsAsync(Test(), answer, blobs, cancellation).ConfigureAwait(false);
        var train = await WriteRowsAsync(Train(), answer, blobs, cancellation).ConfigureAwait(false);
        var validation = rows.Files.Validation.Count == 0 ? null : await WriteRowsAsync(Validation(), answer, blobs, cancellation).ConfigureAwait(false);
        return new DraftSplit(train, test, testRows, outOfScope, trainRows, dropped)
        {
            Validation = validation,
            Baseline = profile.IsLabel ? DraftBaseline.Measure(trainSample, testSample) : null,
        };

        async IAsyncEnumerable<Row> Test()
        {
            var given = rows.Files.Test.Count > 0;
            await foreach (var row in rows.ReadAsync(given ? rows.Files.Test : rows.Files.Train, cancellation).ConfigureAwait(false))
            {
                if (given || IsTest(row))
                {
                    testRows++;
                    outOfScope += row.Row.Expected == profile.OutOfScopeLabel ? 1 : 0;
                    testTexts.Add(row.Text);
                    if (row.Row.Expected != profile.OutOfScopeLabel && row.Text % testStep == 0 && testSample.Count < DraftBaseline.MostTest)
                    {
                        testSample.Add(row.Row);
                    }

                    yield return row.Row;
                }
            }
        }

        async IAsyncEnumerable<Row> Train()
        {
            await foreach (var row in rows.ReadAsync(rows.Files.Train, cancellation).ConfigureAwait(false))
            {
                if (rows.Files.Test.Count == 0 && IsTest(row))
                {
                    continue;
                }

                if (testTexts.Contains(row.Text))
                {
                    dropped++;
                    continue;
                }

                trainRows++;
                if (row.Text % trainStep == 0 && trainSample.Count < DraftBaseline.MostTrain)
                {
                    trainSample.Add(row.Row);
                }

                yield return row.Row;
            }
        }

        async IAsyncEnumerable<Row> Validation()
        {
            await foreach (var row in rows.ReadAsync(rows.Files.Validation, cancellation).ConfigureAwait(false))
            {
                if (!testTexts.Contains(row.Text))
                {
                    yield return row.Row;
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
