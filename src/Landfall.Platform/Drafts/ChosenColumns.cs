using System.Text.Encodings.Web;
using System.Text.Json;
using Landfall.Platform.Datasets;
using Landfall.Platform.Datasets.Reading;
using Landfall.Platform.Storage;
using Landfall.Protocol.Drafts;

namespace Landfall.Platform.Drafts;

/// <summary>
/// A file whose columns were chosen by a person becomes JSON lines in which their names say what they are, so that whatever
/// reads the rows later takes the same ones.
/// </summary>
public sealed class ChosenColumns(IRowReader reader, BlobStore blobs)
{
    private static readonly JsonWriterOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The source itself where nothing was chosen.</summary>
    /// <exception cref="DataFormatException">The file cannot be read as rows, or has no such column.</exception>
    public async Task<DraftSource> ApplyAsync(DraftSource source, CancellationToken cancellation)
    {
        if (source is { TextField: null, ExpectedField: null, Sheet: null })
        {
            return source;
        }

        var reading = new RowReading { Sheet = source.Sheet, TextField = source.TextField, ExpectedField = source.ExpectedField };
        var hash = await blobs.WriteAsync(
            async stream =>
            {
                var content = blobs.Open(source.Sha256);
                await using (content.ConfigureAwait(false))
                {
                    using var line = new MemoryStream();
                    await foreach (var row in reader.ReadAsync(content, source.FileName, reading, cancellation).ConfigureAwait(false))
                    {
                        line.SetLength(0);
                        Write(row, line);
                        await stream.WriteAsync(line.GetBuffer().AsMemory(0, (int)line.Length), cancellation).ConfigureAwait(false);
                    }
                }
            },
            cancellation).ConfigureAwait(false);
        return source with { FileName = Path.ChangeExtension(source.FileName, ".jsonl"), Sha256 = hash, Size = blobs.Size(hash) };
    }

    private static void Write(Row row, MemoryStream line)
    {
        using (var json = new Utf8JsonWriter(line, Written))
        {
            json.WriteStartObject();
            json.WriteString("text", row.Text);
            json.WriteString("label", row.Expected);
            foreach (var (name, value) in row.Fields)
            {
                // A column that was not chosen must not be taken for one that was.
                json.WriteString(FieldRoles.IsRole(name) ? $"{name.Trim()} (column)" : name, value);
            }

            json.WriteEndObject();
        }

        line.WriteByte((byte)'\n');
    }
}
