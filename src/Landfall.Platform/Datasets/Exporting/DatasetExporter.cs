
namespace Landfall.Platform.Datasets.Exporting;

/// <summary>A written export.</summary>
/// <param name="Content">Deleted when it is closed.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="Extension">The ending of its name.</param>
/// <param name="Losses">What the format could not hold, one sentence each.</param>
public sealed record ExportedDataset(Stream Content, string ContentType, string Extension, IReadOnlyList<string> Losses);

/// <summary>Writes dataset versions as files, whole before the first byte is given away.</summary>
public sealed class DatasetExporter(DatasetReader reader)
{
    private static readonly IExportFormat[] All =
    [
        new JsonLinesFormat(new PlainWriter()),
        new CsvFormat(),
        new JsonLinesFormat(new OpenAiWriter()),
        new JsonLinesFormat(new ShareGptWriter()),
        new JsonLinesFormat(new AlpacaWriter()),
        new JsonLinesFormat(new PreferenceWriter()),
        new XlsxFormat(),
        new ParquetFormat(),
    ];

    /// <summary>The names of the formats.</summary>
    public static IReadOnlyList<string> Formats { get; } = [.. All.Select(f => f.Name)];

    /// <summary>Writes a version.</summary>
    /// <exception cref="DataFormatException">The rows cannot be written in this format.</exception>
    /// <exception cref="FileNotFoundException">There is no such version.</exception>
    public async Task<ExportedDataset> ExportAsync(string version, string format, CancellationToken cancellation)
    {
        var chosen = All.First(f => f.Name == format);
        var survey = await chosen.SurveyAsync(reader.ReadAsync(version, cancellation), cancellation).ConfigureAwait(false);
        var options = new FileStreamOptions
        {
            Access = FileAccess.ReadWrite,
            Mode = FileMode.CreateNew,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var file = new FileStream(Path.Combine(Path.GetTempPath(), $"landfall-export-{Guid.NewGuid():N}{chosen.Extension}"), options);
        try
        {
            await chosen.WriteAsync(reader.ReadAsync(version, cancellation), survey, file, cancellation).ConfigureAwait(false);
            file.Position = 0;
            return new ExportedDataset(file, chosen.ContentType, chosen.Extension, survey.Losses);
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
