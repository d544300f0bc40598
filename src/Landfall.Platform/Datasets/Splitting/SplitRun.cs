using System.Globalization;
using System.Text.Json;
using Landfall.Platform.Access;
using Landfall.Platform.Datasets.Cleaning;
using Landfall.Platform.Runs;
using Landfall.Protocol.Datasets;
using Landfall.Protocol.Errors;

namespace Landfall.Platform.Datasets.Splitting;

/// <summary>Runs of kind <c>split</c>: a dataset version becomes two or three.</summary>
internal sealed class SplitRun(DatasetReader reader, DatasetWriter writer, IDatasetStore datasets) : IRunKind
{
    public const string Name = "split";

    public string Kind => Name;

    public async Task<JsonElement> ExecuteAsync(RunContext run, JsonElement input, CancellationToken cancellation)
    {
        var request = input.To<SplitRequest>();
        var result = await run.StepAsync("split", token => SplitAsync(run, request, token), cancellation).ConfigureAwait(false);
        return RunJson.ToElement(result);
    }

    private async Task<SplitResult> SplitAsync(RunContext run, SplitRequest request, CancellationToken cancellation)
    {
        run.Report(0.1, "reading rows");
        var rows = new List<Row>();
        await foreach (var row in reader.ReadAsync(request.Version!, cancellation).ConfigureAwait(false))
        {
            rows.Add(row);
            if (rows.Count > CleaningRun.MostRows)
            {
                throw new RunFailedException($"Version {request.Version} has more than {CleaningRun.MostRows:#,0} rows, the most that are split at once.", ErrorCodes.DataInvalid);
            }
        }

        run.Report(0.3, "looking for rows that belong together");
        var options = new PartitionOptions(request.Test, request.Validation, request.Group ?? ReservedFields.Group, request.Stratify, request.Time, request.Seed);
        var partition = await Task.Run(() => DatasetPartitioner.Divide(rows, options, cancellation), cancellation).ConfigureAwait(false);
        run.Report(0.8, "writing the parts");
        var parts = new List<DatasetSummary>();
        foreach (var (name, part) in new[] { ("train", partition.Train), ("validation", partition.Validation), ("test", partition.Test) })
        {
            if (part.Count > 0)
            {
                var lineage = new DatasetLineage { Made = "split", Parents = [request.Version!], By = Caller.Current.Name, Source = run.RunId, Notes = [Describe(name, part.Count, rows.Count, request)] };
                var summary = await writer.WriteAsync($"{request.Dataset}/{name}", part, lineage, cancellation).ConfigureAwait(false);
                await datasets.AddAsync(summary, cancellation).ConfigureAwait(false);
                parts.Add(summary);
                run.Log($"{summary.Name}: {summary.Rows} rows.");
            }
        }

        return new SplitResult(parts, partition.Units, Notes(partition, rows.Count));
    }

    private static string Describe(string name, int part, int all, SplitRequest request) => string.Create(
        CultureInfo.InvariantCulture,
        $"{name}: {part} of {all} rows; test {request.Test:0.###}, validation {request.Validation:0.###}, seed {request.Seed}{(request.Stratify ? ", stratified" : "")}{(request.Time is null ? "" : $", by {request.Time}")}.");

    private static List<string> Notes(DatasetPartition partition, int rows)
    {
        var notes = new List<string>();
        if (partition.Units < rows)
        {
            notes.Add($"{rows} rows are {partition.Units} units of one group or of near duplicates, none of which was torn; the largest has {partition.LargestUnit} rows.");
        }

        var labels = partition.Train.Select(r => r.Expected).ToHashSet(StringComparer.Ordinal);
        var unseen = partition.Test.Concat(partition.Validation).Count(r => !labels.Contains(r.Expected));
        if (LabelledRows.AreLabels(partition.Train) && unseen > 0)
        {
            notes.Add($"{unseen} rows of validation and test have a label that train has no row of.");
        }

        return notes;
    }
}
