using Landfall.Platform.Datasets.Reading;

namespace Landfall.Platform.Datasets.Exporting;

/// <summary>A table with the columns <c>text</c>, <c>label</c> and one for each further field.</summary>
internal abstract class TableFormat : IExportFormat
{
    protected const int MaxColumns = 16_384;

    public abstract string Name { get; }

    public virtual string Extension => "." + Name;

    public abstract string ContentType { get; }

    public async Task<ExportSurvey> SurveyAsync(IAsyncEnumerable<Row> rows, CancellationToken cancellation)
    {
        var fields = new SortedSet<string>(StringComparer.Ordinal);
        var lost = new SortedSet<string>(StringComparer.Ordinal);
        var changes = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var count = 0L;
        await foreach (var row in rows.WithCancellation(cancellation).ConfigureAwait(false))
        {
            count++;
            foreach (var name in row.Fields.Keys)
            {
                (IsColumn(name) ? fields : lost).Add(name);
            }

            foreach (var cell in row.Fields.Where(f => IsColumn(f.Key)).Select(f => f.Value).Prepend(row.Expected).Prepend(row.Text))
            {
                if (ChangeOf(cell, count) is { } change)
                {
                    changes[change] = changes.GetValueOrDefault(change) + 1;
                }
            }
        }

        var survey = new ExportSurvey(count, [.. fields]);
        survey.Losses.AddRange(lost.Select(n => $"The field '{FieldRoles.Shortened(n)}' is left out: a column cannot have this name."));
        survey.Losses.AddRange(changes.Select(c => $"{(c.Value == 1 ? "1 cell" : $"{c.Value} cells")}: {c.Key}."));
        return fields.Count + 2 <= MaxColumns
            ? survey
            : throw new DataFormatException($"{Name} export", 0, $"the rows have {fields.Count} different fields, and a table at most {MaxColumns} columns. Export them as jsonl.");
    }

    public abstract Task WriteAsync(IAsyncEnumerable<Row> rows, ExportSurvey survey, Stream output, CancellationToken cancellation);

    /// <summary>How a cell comes back changed, or null.</summary>
    /// <param name="cell">Its text.</param>
    /// <param name="row">The row's number from 1.</param>
    /// <exception cref="DataFormatException">It cannot be written at all.</exception>
    protected abstract string? ChangeOf(string cell, long row);

    /// <summary>A spreadsheet program takes a text that begins so for a formula, which may then fetch or run something.</summary>
    protected static bool LooksLikeFormula(string cell) => cell.Length > 0 && cell[0] is '=' or '+' or '-' or '@' or '\t' or '\r';

    /// <summary>The two columns of every table, names that would be trimmed or be none, and those that would begin a formula.</summary>
    protected virtual bool IsColumn(string name) => name is not ("text" or "label") && name.Length > 0 && name.Trim() == name && !LooksLikeFormula(name) && !name.Contains('\0', StringComparison.Ordinal);
}
