using System.Text.Json;
using Landfall.Platform.Runs;
using Landfall.Protocol.Datasets;

namespace Landfall.Platform.Datasets;

/// <summary>Runs of kind <c>import</c>: an uploaded file becomes a dataset version.</summary>
internal sealed class ImportRun(DatasetImporter importer, IDatasetStore datasets) : IRunKind
{
    public const string Name = "import";

    public string Kind => Name;

    public async Task<JsonElement> ExecuteAsync(RunContext run, JsonElement input, CancellationToken cancellation)
    {
        var request = input.To<ImportRequest>();
        var summary = await run.StepAsync(
            "import",
            async token =>
            {
                var import = await importer.ImportAsync(request.Name, request.FileName, request.Sha256, new RowReading { Sheet = request.Sheet }, new ImportReporter(run, request.FileName), token).ConfigureAwait(false);
                await datasets.AddAsync(import.Summary, token).ConfigureAwait(false);
                run.Log($"{request.FileName}: {import.Summary.Rows} rows ({import.Summary.Format}), {import.Summary.ExactDuplicates} exact duplicates, {import.Summary.NearDuplicates} rows with near duplicates.");
                if (import.Summary.Skipped > 0)
                {
                    run.Log($"{request.FileName}: {import.Summary.Skipped} records hold no row (no input or no output, failed, or no generation) and were passed over.");
                }

                return import.Summary;
            },
            cancellation).ConfigureAwait(false);
        return RunJson.ToElement(summary);
    }
}

/// <summary>Shows an import's progress on its run.</summary>
internal sealed class ImportReporter(RunContext run, string fileName) : IProgress<ImportProgress>
{
    public void Report(ImportProgress value) =>
        run.Report(value.TotalBytes == 0 ? null : (double)value.Bytes / value.TotalBytes, $"importing {fileName}: {value.Rows} rows");
}
