using System.Globalization;
using Landfall.Platform.Access;
using Landfall.Platform.Runs;
using Landfall.Platform.Storage;
using Landfall.Protocol.Datasets;
using Landfall.Protocol.Errors;

namespace Landfall.Platform.Datasets.Cleaning;

/// <summary>Shows proposals, takes decisions, and makes versions of what was accepted.</summary>
public sealed class CleaningService(CleaningStore store, CleaningChanges changes, CleaningSteps steps, DatasetReader reader, DatasetWriter writer, IDatasetStore datasets)
{
    public async Task<IReadOnlyList<CleaningProposal>> ListAsync(string? dataset, CancellationToken cancellation) =>
        [.. (await store.ListAsync(dataset, cancellation).ConfigureAwait(false)).Select(p => Describe(p, []))];

    public async Task<CleaningProposal?> FindAsync(string id, CancellationToken cancellation)
    {
        if (await store.FindAsync(id, cancellation).ConfigureAwait(false) is not { } proposal)
        {
            return null;
        }

        return Describe(proposal, await DecidedAsync(proposal, cancellation).ConfigureAwait(false));
    }

    public async Task<CleaningChangePage?> PageAsync(string id, string? step, CleaningVerdict? verdict, double minConfidence, int offset, int limit, CancellationToken cancellation)
    {
        if (await store.FindAsync(id, cancellation).ConfigureAwait(false) is not { } proposal)
        {
            return null;
        }

        var fitting = (await DecidedAsync(proposal, cancellation).ConfigureAwait(false))
            .Where(c => (step is null || c.Step == step) && (verdict is null || c.Verdict == verdict) && c.Confidence >= minConfidence).ToList();
        return new CleaningChangePage(fitting.Count, [.. fitting.Skip(offset).Take(limit)]);
    }

    /// <summary>Takes a decision; returns null when there is no such proposal.</summary>
    /// <exception cref="RunFailedException">It is about a change or a step that the proposal does not have.</exception>
    public async Task<CleaningProposal?> DecideAsync(string id, CleaningDecision decision, CancellationToken cancellation)
    {
        if (await store.FindAsync(id, cancellation).ConfigureAwait(false) is not { } proposal)
        {
            return null;
        }

        var parts = CleaningStore.PartsOf(proposal);
        var count = parts.Sum(p => p.Changes);
        if (decision.Change is { } number && (number < 1 || number > count))
        {
            throw new RunFailedException($"There is no change {number}: the proposal has {count}.", ErrorCodes.BadRequest);
        }

        if (decision.Step is { } step && !parts.Any(p => p.Step == step))
        {
            throw new RunFailedException($"The proposal has no step '{step}'. It has: {string.Join(", ", parts.Select(p => p.Step))}.", ErrorCodes.BadRequest);
        }

        if (decision.MinConfidence is not (null or (>= 0 and <= 1)))
        {
            throw new RunFailedException($"minConfidence is {decision.MinConfidence}; it is from 0 to 1.", ErrorCodes.BadRequest);
        }

        await store.DecideAsync(id, decision, cancellation).ConfigureAwait(false);
        return await FindAsync(id, cancellation).ConfigureAwait(false);
    }

    /// <summary>Writes a version with the accepted changes; returns null when there is no such proposal.</summary>
    /// <exception cref="RunFailedException">Nothing was accepted, or nothing is left.</exception>
    public async Task<DatasetSummary?> ApplyAsync(string id, CancellationToken cancellation)
    {
        if (await store.FindAsync(id, cancellation).ConfigureAwait(false) is not { } proposal)
        {
            return null;
        }

        var decided = await DecidedAsync(proposal, cancellation).ConfigureAwait(false);
        var accepted = decided.Where(c => c.Verdict == CleaningVerdict.Accepted).ToLookup(c => c.Row);
        if (accepted.Count == 0)
        {
            throw new RunFailedException("No change of the proposal is accepted, so there is nothing to apply. Accept some first.", ErrorCodes.Conflict);
        }

        var rows = new List<Row>();
        var index = 0L;
        await foreach (var row in reader.ReadAsync(proposal.Version, cancellation).ConfigureAwait(false))
        {
            if (Apply(row, accepted[index++]) is { } kept)
            {
                rows.Add(kept);
            }
        }

        if (rows.Count == 0)
        {
            throw new RunFailedException("With the accepted changes no row would be left. Reject some.", ErrorCodes.Conflict);
        }

        var lineage = new DatasetLineage { Made = "clean", Parents = [proposal.Version], By = Caller.Current.Name, Source = proposal.Id, Notes = Notes(Describe(proposal, decided)) };
        var summary = await writer.WriteAsync(proposal.Dataset, rows, lineage, cancellation).ConfigureAwait(false);
        await datasets.AddAsync(summary, cancellation).ConfigureAwait(false);
        await store.SetAppliedAsync(id, summary.Version, cancellation).ConfigureAwait(false);
        return summary;
    }

    internal static CleaningProposal Describe(CleaningEntity proposal, IReadOnlyList<CleaningChange> decided)
    {
        var counts = decided.CountBy(c => (c.Step, c.Verdict)).ToDictionary();
        return new CleaningProposal
        {
            Id = proposal.Id,
            Dataset = proposal.Dataset,
            Version = proposal.Version,
            TestVersion = proposal.TestVersion,
            Rows = proposal.Rows,
            Steps =
            [
                .. CleaningStore.PartsOf(proposal).Select(part => new CleaningStepSummary
                {
                    Step = part.Step,
                    Changes = part.Changes,
                    Accepted = counts.GetValueOrDefault((part.Step, CleaningVerdict.Accepted)),
                    Rejected = counts.GetValueOrDefault((part.Step, CleaningVerdict.Rejected)),
                    Note = part.Note,
                }),
            ],
            CreatedAt = proposal.CreatedAt,
            By = proposal.By,
            AppliedVersion = proposal.AppliedVersion,
        };
    }

    private static List<string> Notes(CleaningProposal proposal) =>
        [.. proposal.Steps.Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Step}: {s.Changes} proposed, {s.Accepted} accepted, {s.Rejected} rejected."))];

    /// <summary>The row with the changes, or null when it is dropped. A rewriting step that finds another value than it saw (an earlier step changed it) rewrites that.</summary>
    private Row? Apply(Row row, IEnumerable<CleaningChange> accepted)
    {
        foreach (var change in accepted)
        {
            if (change.Action == CleaningAction.Drop)
            {
                return null;
            }

            var value = RowFields.Get(row, change.Field!);
            if (value == change.Before)
            {
                row = RowFields.With(row, change.Field!, change.After!);
            }
            else if (value is not null && steps.Find(change.Step) is IRewritingStep rewriting)
            {
                row = RowFields.With(row, change.Field!, rewriting.Rewrite(value));
            }
        }

        return row;
    }

    private async Task<IReadOnlyList<CleaningChange>> DecidedAsync(CleaningEntity proposal, CancellationToken cancellation)
    {
        var all = await changes.ReadAsync(proposal, cancellation).ConfigureAwait(false);
        var decisions = await store.DecisionsAsync(proposal.Id, cancellation).ConfigureAwait(false);
        return [.. CleaningChanges.WithVerdicts(all, decisions)];
    }
}
