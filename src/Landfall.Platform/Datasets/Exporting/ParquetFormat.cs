using Parquet;
using Parquet.Schema;

namespace Landfall.Platform.Datasets.Exporting;

/// <summary>Parquet with columns of text.</summary>
internal sealed class ParquetFormat : TableFormat
{
    private const int GroupRows = 50_000;

    public override string Name => "parquet";

    public override string ContentType => "application/vnd.apache.parquet";

    public override async Task WriteAsync(IAsyncEnumerable<Row> rows, ExportSurvey survey, Stream output, CancellationToken cancellation)
    {
        var columns = survey.Fields.Prepend("label").Prepend("text").Select(n => new DataField<string>(n)).ToArray();
        var writer = await ParquetWriter.CreateAsync(new ParquetSchema(columns), output, new ParquetOptions { CompressionMethod = CompressionMethod.Snappy }, cancellationToken: cancellation).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            var group = new List<Row>();
            var size = 0L;
            await foreach (var row in rows.WithCancellation(cancellation).ConfigureAwait(false))
            {
                group.Add(row);
                size += row.Text.Length + row.Expected.Length + row.Fields.Values.Sum(v => v.Length);
                if (group.Count == GroupRows || size > 64 << 20)
                {
                    await WriteGroupAsync(writer, columns, group).ConfigureAwait(false);
                    group.Clear();
                    size = 0;
                }
            }

            await WriteGroupAsync(writer, columns, group).ConfigureAwait(false);
        }
    }

    protected override string? ChangeOf(string cell, long row) => null;

    /// <summary>The library parts the names of nested columns by a slash.</summary>
    protected override bool IsColumn(string name) => base.IsColumn(name) && !name.Contains('/', StringComparison.Ordinal);

    private static async Task WriteGroupAsync(ParquetWriter writer, DataField[] columns, List<Row> group)
    {
        if (group.Count == 0)
        {
            return;
        }

        using var rows = writer.CreateRowGroup();
        foreach (var column in columns)
        {
            await rows.WriteAsync(column, [.. group.Select(r => column.Name switch
            {
                "text" => r.Text,
                "label" => r.Expected,
                _ => r.Fields.GetValueOrDefault(column.Name),
            })]).ConfigureAwait(false);
        }

        rows.CompleteValidate();
    }
}
