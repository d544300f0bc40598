using System.Buffers;
using System.Text.Json;
using Landfall.Platform.Datasets.Reading;
using Landfall.Platform.Datasets.Reading.Json;

namespace Landfall.Platform.Datasets.Exporting;

/// <summary>
/// JSON lines of a shape. Each row is written and read back beforehand, so that what does not come back is named.
/// </summary>
internal sealed class JsonLinesFormat(IRowWriter writer) : IExportFormat
{
    public string Name => writer.Name;

    public string Extension => ".jsonl";

    public string ContentType => "application/jsonl; charset=utf-8";

    public async Task<ExportSurvey> SurveyAsync(IAsyncEnumerable<Row> rows, CancellationToken cancellation)
    {
        var fields = new SortedSet<string>(StringComparer.Ordinal);
        var lost = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var (count, back) = (0L, new Readback(writer));
        await foreach (var row in rows.WithCancellation(cancellation).ConfigureAwait(false))
        {
            count++;
            fields.UnionWith(row.Fields.Keys);
            foreach (var part in back.LostOf(row))
            {
                lost[part] = lost.GetValueOrDefault(part) + 1;
            }
        }

        var survey = new ExportSurvey(count, [.. fields]);
        survey.Losses.AddRange(lost.Select(l => $"{(l.Value == 1 ? "1 row" : $"{l.Value} rows")}: {l.Key}."));
        return survey;
    }

    public async Task WriteAsync(IAsyncEnumerable<Row> rows, ExportSurvey survey, Stream output, CancellationToken cancellation)
    {
        var buffer = new ArrayBufferWriter<byte>(1 << 16);
        using var json = new Utf8JsonWriter(buffer, CompactJson.Options);
        await foreach (var row in rows.WithCancellation(cancellation).ConfigureAwait(false))
        {
            if (writer.WhyNot(row) is not null)
            {
                continue;
            }

            json.Reset(buffer);
            writer.Write(json, row);
            await json.FlushAsync(cancellation).ConfigureAwait(false);
            buffer.Write("\n"u8);
            if (buffer.WrittenCount > 1 << 16)
            {
                await output.WriteAsync(buffer.WrittenMemory, cancellation).ConfigureAwait(false);
                buffer.ResetWrittenCount();
            }
        }

        await output.WriteAsync(buffer.WrittenMemory, cancellation).ConfigureAwait(false);
    }

    /// <summary>Reads back what was written, as an import would.</summary>
    private sealed class Readback(IRowWriter writer) : IRowPlace
    {
        private readonly ArrayBufferWriter<byte> _buffer = new(1 << 12);
        private readonly JsonRow _json = new();
        private readonly RawRow _raw = new();

        public string File => "";

        public long Line => 0;

        public DataFormatException Error(string problem) => new("", 0, problem);

        public IEnumerable<string> LostOf(Row row)
        {
            if (writer.WhyNot(row) is { } reason)
            {
                return [$"left out, for they {reason}"];
            }

            _buffer.ResetWrittenCount();
            using (var json = new Utf8JsonWriter(_buffer, CompactJson.Options))
            {
                writer.Write(json, row);
            }

            try
            {
                return _json.Read(_buffer.WrittenSpan, this, _raw) && _json.Shape?.Name == writer.Shape?.Name
                    ? Differences(row, _raw.ToRow(""))
                    : ["an import would take the rows for another format, for their fields have its names"];
            }
            catch (DataFormatException)
            {
                return ["an import would refuse them, for the text or the answer is empty in this format"];
            }
        }

        private static IEnumerable<string> Differences(Row row, Row back)
        {
            if (row.Text != back.Text || row.Expected != back.Expected)
            {
                yield return "the text or the answer comes back changed";
            }

            foreach (var name in row.Fields.Keys.Union(back.Fields.Keys).Where(n => row.Fields.GetValueOrDefault(n) != back.Fields.GetValueOrDefault(n)))
            {
                yield return back.Fields.ContainsKey(name) ? $"the field '{FieldRoles.Shortened(name)}' comes back changed" : $"the field '{FieldRoles.Shortened(name)}' has no place in the format";
            }
        }
    }
}
