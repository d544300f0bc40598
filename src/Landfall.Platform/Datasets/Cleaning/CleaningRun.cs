using System.Text.Json;
using Landfall.Platform.Access;
using Landfall.Platform.Runs;
using Landfall.Protocol.Datasets;
using Landfall.Protocol.Errors;

namespace Landfall.Platform.Datasets.Cleaning;

/// <summary>Runs of kind <c>cleaning</c>: each step looks at the rows, and what they found becomes a proposal. No row is changed.</summary>
internal sealed class CleaningRun(CleaningSteps steps, CleaningStore store, CleaningChanges changes, DatasetReader reader, TimeProvider time) : IRunKind
{
    public const string Name = "cleaning";
    public const int MostRows = 1_000_000;

    public string Kind => Name;

    public async Task<JsonElement> ExecuteAsync(RunContext run, JsonElement input, CancellationToken cancellation)
    {
        var request = input.To<CleaningRequest>();
        var chosen = steps.Choose(request.Steps, request.TestVersion is not null);
        run.Report(0, "reading rows");
        var rows = await ReadAsync(request.Version!, cancellation).ConfigureAwait(false);
        var test = request.TestVersion is null ? [] : await ReadAsync(request.TestVersion, cancellation).ConfigureAwait(false);
        var looked = new CleaningInput(rows, test, request.Seed);
        var parts = new List<CleaningPart>();
        foreach (var (index, step) in chosen.Index())
        {
            parts.Add(await run.StepAsync(
                $"step/{step.Name}",
                async token =>
                {
                    var progress = new StepProgress(run, step.Name, index, chosen.Count);
                    var found = await Task.Run(() => step.Find(looked, progress, token), token).ConfigureAwait(false);
                    run.Log($"{step.Name}: {found.Findings.Count} changes proposed." + (found.Note is null ? "" : $" {found.Note}"));
                    return await changes.WriteAsync(step.Name, rows, found, token).ConfigureAwait(false);
                },
                cancellation).ConfigureAwait(false));
        }

        var proposal = new CleaningEntity
        {
            Id = run.RunId,
            Dataset = request.Dataset,
            Version = request.Version!,
            TestVersion = request.TestVersion,
            Rows = rows.Count,
            PartsJson = JsonSerializer.Serialize(parts, RunJson.Options),
            By = Caller.Current.Name,
            CreatedAt = time.GetUtcNow(),
        };
        await store.AddAsync(proposal, cancellation).ConfigureAwait(false);
        return RunJson.ToElement(CleaningService.Describe(proposal, []));
    }

    private async Task<IReadOnlyList<Row>> ReadAsync(string version, CancellationToken cancellation)
    {
        var rows = new List<Row>();
        await foreach (var row in reader.ReadAsync(version, cancellation).ConfigureAwait(false))
        {
            rows.Add(row);
            if (rows.Count > MostRows)
            {
                throw new RunFailedException($"Version {version} has more than {MostRows:#,0} rows, the most that are cleaned at once. Import it in parts and clean these.", ErrorCodes.DataInvalid);
            }
        }

        return rows;
    }

    private sealed class StepProgress(RunContext run, string step, int index, int count) : IProgress<double>
    {
        private int _told = -1;

        public void Report(double value)
        {
            var percent = (int)(value * 100);
            if (percent != Interlocked.Exchange(ref _told, percent))
            {
                run.Report((index + value) / count, step);
            }
        }
    }
}
