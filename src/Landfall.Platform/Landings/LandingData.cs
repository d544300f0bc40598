using Landfall.Platform.Briefs;
using Landfall.Platform.Candidates;
using Landfall.Platform.Datasets;
using Landfall.Platform.Runs;
using Landfall.Platform.Storage;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Reports;

namespace Landfall.Platform.Landings;

/// <summary>The three parts of a landing's data, by version, and what became of them.</summary>
public sealed record PreparedData(
    string TrainVersion,
    string ValidationVersion,
    string TestVersion,
    int TrainRows,
    int ValidationRows,
    int TestRows,
    int DroppedTestCopies,
    int DroppedDuplicates,
    int UnseenLabelRows,
    int Labels)
{
    public ReportData ToReport(int earlierLooks) => new()
    {
        TrainRows = TrainRows,
        ValidationRows = ValidationRows,
        TestRows = TestRows,
        DroppedTestCopies = DroppedTestCopies,
        DroppedDuplicates = DroppedDuplicates,
        UnseenLabelRows = UnseenLabelRows,
        EarlierLooks = earlierLooks,
        TestVersion = TestVersion,
    };
}

/// <summary>Imports a brief's data files and splits them. Test rows are never altered.</summary>
public sealed class LandingData(DatasetImporter importer, DatasetReader reader, IDatasetStore datasets, BlobStore blobs)
{
    /// <summary>The share of train that is split off where the brief names no validation data.</summary>
    private const double ValidationShare = 0.15;

    public async Task<PreparedData> PrepareAsync(RunContext run, Brief brief, BriefSourceFiles files, CancellationToken cancellation)
    {
        var test = await ImportAsync(run, brief, "test", brief.Data.Test, files, cancellation).ConfigureAwait(false);
        var train = await ImportAsync(run, brief, "train", brief.Data.Train, files, cancellation).ConfigureAwait(false);
        var validation = brief.Data.Validation is { } path
            ? await ImportAsync(run, brief, "validation", path, files, cancellation).ConfigureAwait(false)
            : null;
        return await run.StepAsync("split", token => SplitAsync(run, brief, train, validation, test, token), cancellation).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<Row>> ReadAsync(string version, CancellationToken cancellation) =>
        await reader.ReadAsync(version, cancellation).ToListAsync(cancellation).ConfigureAwait(false);

    private Task<string> ImportAsync(RunContext run, Brief brief, string part, string path, BriefSourceFiles files, CancellationToken cancellation) => run.StepAsync(
        $"import/{part}",
        async token =>
        {
            var import = await importer.ImportAsync($"{brief.App}/{part}", path, files.HashOf(path), new ImportReporter(run, path), token).ConfigureAwait(false);
            await datasets.AddAsync(import.Summary, token).ConfigureAwait(false);
            run.Log($"Imported {path}: {import.Summary.Rows} rows.");
            return import.Summary.Version;
        },
        cancellation);

    private async Task<PreparedData> SplitAsync(RunContext run, Brief brief, string trainVersion, string? validationVersion, string testVersion, CancellationToken cancellation)
    {
        var test = await ReadAsync(testVersion, cancellation).ConfigureAwait(false);
        var given = await ReadAsync(trainVersion, cancellation).ConfigureAwait(false);
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        if (brief.Scope?.Out is { } scope)
        {
            given = [.. given, .. scope.Examples.Select(e => CanonicalRow.Create(e, scope.Label, fields))];
        }

        var train = DatasetSplitter.DropCopiesOf(test, given);
        var validation = validationVersion is null ? null : DatasetSplitter.DropCopiesOf(test, await ReadAsync(validationVersion, cancellation).ConfigureAwait(false));
        var withoutValidation = validation is null ? train : DatasetSplitter.DropCopiesOf(validation.Rows, train.Rows);
        var split = DatasetSplitter.Split(withoutValidation.Rows, validation is null ? ValidationShare : 0, Candidate.Seed);
        var validationRows = validation?.Rows ?? split.Validation;
        CheckUsable(brief, split.Train);
        var labels = split.Train.Select(r => r.Expected).ToHashSet(StringComparer.Ordinal);
        var prepared = new PreparedData(
            await WriteAsync(split.Train, cancellation).ConfigureAwait(false),
            await WriteAsync(validationRows, cancellation).ConfigureAwait(false),
            testVersion,
            split.Train.Count,
            validationRows.Count,
            test.Count,
            train.Dropped.Count + (validation?.Dropped.Count ?? 0),
            split.Duplicates,
            brief.Output == OutputKind.Label ? test.Count(r => !labels.Contains(r.Expected)) : 0,
            labels.Count);
        run.Log($"Split: {prepared.TrainRows} rows to train on, {prepared.ValidationRows} to choose settings on, {prepared.TestRows} to test with"
            + (prepared.DroppedTestCopies > 0 ? $"; {prepared.DroppedTestCopies} copies of test rows were dropped." : "."));
        return prepared;
    }

    private Task<string> WriteAsync(IReadOnlyList<Row> rows, CancellationToken cancellation) =>
        blobs.WriteAsync(stream => CanonicalRow.WriteAllAsync(rows, stream, cancellation), cancellation);

    private static void CheckUsable(Brief brief, IReadOnlyList<Row> train)
    {
        if (train.Count == 0)
        {
            throw new RunFailedException($"{brief.Data.Train}: no row is left to train on once copies of test rows are dropped. Add rows.", ErrorCodes.DataInvalid);
        }

        if (brief.Output == OutputKind.Label && train.DistinctBy(r => r.Expected, StringComparer.Ordinal).Count() < 2)
        {
            throw new RunFailedException($"{brief.Data.Train}: all rows have the label '{train[0].Expected}'. A classifier needs at least two labels; add rows of others.", ErrorCodes.DataInvalid);
        }
    }
}
