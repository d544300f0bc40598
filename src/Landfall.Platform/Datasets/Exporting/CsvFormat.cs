using System.Text;

namespace Landfall.Platform.Datasets.Exporting;

/// <summary>CSV as in RFC 4180. What a spreadsheet program would take for a formula gets an apostrophe, which stays when it is imported again.</summary>
internal sealed class CsvFormat : TableFormat
{
    public override string Name => "csv";

    public override string ContentType => "text/csv; charset=utf-8";

    public override async Task WriteAsync(IAsyncEnumerable<Row> rows, ExportSurvey survey, Stream output, CancellationToken cancellation)
    {
        var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16, leaveOpen: true);
        await using (writer.ConfigureAwait(false))
        {
            await WriteLineAsync(writer, survey.Fields.Prepend("label").Prepend("text")).ConfigureAwait(false);
            await foreach (var row in rows.WithCancellation(cancellation).ConfigureAwait(false))
            {
                await WriteLineAsync(writer, survey.Fields.Select(f => row.Fields.GetValueOrDefault(f, "")).Prepend(row.Expected).Prepend(row.Text)).ConfigureAwait(false);
            }
        }
    }

    protected override string? ChangeOf(string cell, long row) =>
        LooksLikeFormula(cell) ? "an apostrophe stands before what a spreadsheet program would take for a formula"
        : cell.Contains('\0', StringComparison.Ordinal) ? "NUL characters are left out"
        : null;

    private static async Task WriteLineAsync(StreamWriter writer, IEnumerable<string> cells)
    {
        var line = string.Join(',', cells.Select(Cell));
        await writer.WriteAsync(line).ConfigureAwait(false);
        await writer.WriteAsync("\r\n").ConfigureAwait(false);
    }

    private static string Cell(string text)
    {
        var cell = LooksLikeFormula(text) ? "'" + text : text;
        cell = cell.Replace("\0", "", StringComparison.Ordinal);
        return cell.AsSpan().IndexOfAny(",;\"\r\n\t") < 0 && !cell.StartsWith(' ') ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
