namespace Landfall.Platform.Datasets.Exporting;

/// <summary>What an export found out about the rows before it writes them.</summary>
/// <param name="Rows">Their number.</param>
/// <param name="Fields">The names of all further fields, sorted.</param>
internal sealed record ExportSurvey(long Rows, IReadOnlyList<string> Fields)
{
    /// <summary>What the format cannot hold, one sentence each.</summary>
    public List<string> Losses { get; } = [];
}

/// <summary>A file format that rows are written in.</summary>
internal interface IExportFormat
{
    string Name { get; }

    /// <summary>The ending of files, with its dot.</summary>
    string Extension { get; }

    string ContentType { get; }

    /// <summary>Finds out what would be lost.</summary>
    /// <exception cref="DataFormatException">The rows cannot be written so at all.</exception>
    Task<ExportSurvey> SurveyAsync(IAsyncEnumerable<Row> rows, CancellationToken cancellation);

    /// <summary>Writes the rows.</summary>
    Task WriteAsync(IAsyncEnumerable<Row> rows, ExportSurvey survey, Stream output, CancellationToken cancellation);
}
