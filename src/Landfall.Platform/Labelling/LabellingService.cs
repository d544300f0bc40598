using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Landfall.Platform.Access;
using Landfall.Platform.Datasets;
using Landfall.Platform.Datasets.Cleaning;
using Landfall.Platform.Evaluation.Statistics.Agreement;
using Landfall.Platform.Runs;
using Landfall.Protocol.Datasets;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Labelling;

namespace Landfall.Platform.Labelling;

/// <summary>Begins labellings, hands out rows, takes labels, and makes versions of them.</summary>
public sealed class LabellingService(LabellingStore store, DatasetReader reader, DatasetWriter writer, IDatasetStore datasets, TimeProvider time) : IDisposable
{
    /// <summary>Rows in a labelling at most.</summary>
    public const int MostRows = 200_000;

    private const int MostOpen = 16;
    private const int MostTries = 20;
    private static readonly TimeSpan ClaimTime = TimeSpan.FromMinutes(10);
    private readonly ConcurrentDictionary<string, Open> _open = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (string Key, AgreementSummary Agreement)> _agreements = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _gate = new(1, 1);

    public void Dispose() => _gate.Dispose();

    /// <exception cref="RunFailedException">No such dataset, or a schema that cannot be asked for.</exception>
    public async Task<LabellingSummary> BeginAsync(LabellingRequest request, CancellationToken cancellation)
    {
        var versions = await datasets.ListAsync(cancellation).ConfigureAwait(false);
        var dataset = versions.FirstOrDefault(d => d.Name == request.Dataset && (request.Version is null || d.Version == request.Version))
            ?? throw new RunFailedException($"There is no dataset '{request.Dataset}'. GET api/datasets lists them.", ErrorCodes.NotFound);
        if (request.Overlap is < 1 or > 10)
        {
            throw new RunFailedException($"overlap is {request.Overlap}; 1 to 10 annotators label each row.", ErrorCodes.BadRequest);
        }

        if (dataset.Rows > MostRows)
        {
            throw new RunFailedException($"'{dataset.Name}' has {dataset.Rows:#,0} rows; a labelling has at most {MostRows:#,0}. Import a part of them.", ErrorCodes.DataInvalid);
        }

        var schema = LabelSchemas.Complete(request.Schema ?? await SchemaOfAsync(dataset.Version, cancellation).ConfigureAwait(false));
        var now = time.GetUtcNow();
        var labelling = new LabellingEntity
        {
            Id = Guid.CreateVersion7(now).ToString("n"),
            Dataset = dataset.Name,
            Version = dataset.Version,
            Rows = dataset.Rows,
            SchemaJson = JsonSerializer.Serialize(schema, RunJson.Options),
            Overlap = request.Overlap,
            By = Caller.Current.Name,
            CreatedAt = now,
        };
        await store.AddAsync(labelling, cancellation).ConfigureAwait(false);
        return Describe(labelling, new LabellingState(), [], agreement: null, isByUncertainty: false);
    }

    public async Task<IReadOnlyList<LabellingSummary>> ListAsync(CancellationToken cancellation)
    {
        var summaries = new List<LabellingSummary>();
        foreach (var labelling in await store.ListAsync(cancellation).ConfigureAwait(false))
        {
            summaries.Add(Describe(labelling, await StateAsync(labelling.Id, cancellation).ConfigureAwait(false), [], agreement: null, isByUncertainty: false));
        }

        return summaries;
    }

    public async Task<LabellingSummary?> FindAsync(string id, CancellationToken cancellation)
    {
        if (await store.FindAsync(id, cancellation).ConfigureAwait(false) is not { } labelling)
        {
            return null;
        }

        var state = await StateAsync(id, cancellation).ConfigureAwait(false);
        var claims = await store.ClaimsAsync(id, cancellation).ConfigureAwait(false);
        var claiming = claims.Select(c => c.Annotator).ToList();
        return Describe(labelling, state, claiming, AgreementOf(id, state, claiming), _open.TryGetValue(id, out var open) && open.Queue.IsByUncertainty);
    }

    /// <summary>The next row for an annotator: the one already claimed, or a new one; null when there is no such labelling.</summary>
    public async Task<LabellingClaim?> ClaimAsync(string id, string? annotator, CancellationToken cancellation)
    {
        if (await OpenAsync(id, cancellation).ConfigureAwait(false) is not { } open)
        {
            return null;
        }

        var name = NameOf(annotator);
        await _gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var state = await open.RefreshAsync(store, cancellation).ConfigureAwait(false);
            open.Queue.RefreshWhenDue(state, open.Schema.Kind);
            var claims = await store.ClaimsAsync(id, cancellation).ConfigureAwait(false);
            var remaining = Enumerable.Range(0, open.Queue.Rows.Count).Count(row => !state.IsDone(row, open.Labelling.Overlap));
            var held = claims.Where(c => c.Annotator == name && !state.HasAnswered(c.Row, name) && !state.IsDone(c.Row, open.Labelling.Overlap)).Select(c => c.Row);
            foreach (var row in held.Concat(open.Queue.For(state, open.Labelling.Overlap, name, claims)).Take(MostTries))
            {
                var slots = claims.Where(c => c.Row == row && c.Annotator != name).Select(c => c.Slot).ToHashSet();
                var slot = Enumerable.Range(state.LabelsOf(row), open.Labelling.Overlap).First(s => !slots.Contains(s));
                var expires = time.GetUtcNow() + ClaimTime;
                if (await store.ClaimAsync(id, row, slot, name, expires, cancellation).ConfigureAwait(false))
                {
                    var found = open.Queue.Rows[row];
                    return new LabellingClaim(new LabellingItem(row, found.Text, found.Expected, found.Fields, expires), remaining);
                }
            }

            return new LabellingClaim(Item: null, remaining);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Takes a label, a skip, an undo or an adjudication; null when there is no such labelling.</summary>
    /// <exception cref="RunFailedException">The request does not fit the schema, the rows, or what was done before.</exception>
    public async Task<LabellingSummary?> LabelAsync(string id, LabelRequest request, CancellationToken cancellation)
    {
        if (await OpenAsync(id, cancellation).ConfigureAwait(false) is not { } open)
        {
            return null;
        }

        var name = NameOf(request.Annotator);
        await _gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var state = await open.RefreshAsync(store, cancellation).ConfigureAwait(false);
            var row = request.Action == LabelAction.Undo
                ? state.LastRowOf(name) ?? throw new RunFailedException($"'{name}' has done nothing here that could be taken back.", ErrorCodes.Conflict)
                : request.Row is { } given && given >= 0 && given < open.Queue.Rows.Count
                    ? given
                    : throw new RunFailedException($"row is {request.Row?.ToString(CultureInfo.InvariantCulture) ?? "missing"}; rows are 0 to {open.Queue.Rows.Count - 1}.", ErrorCodes.BadRequest);
            if (request.Action == LabelAction.Label && state.IsDone(row, open.Labelling.Overlap) && !state.HasAnswered(row, name))
            {
                throw new RunFailedException($"Row {row} has the labels that it needs: another annotator was faster. Claim the next row.", ErrorCodes.Conflict);
            }

            var value = request.Action is LabelAction.Label or LabelAction.Adjudicate ? LabelSchemas.ValueOf(open.Schema, request.Values) : null;
            await store.AppendAsync(id, row, name, request.Action, value, cancellation).ConfigureAwait(false);
            state = await open.RefreshAsync(store, cancellation).ConfigureAwait(false);
            open.Queue.RefreshWhenDue(state, open.Schema.Kind);
            return Describe(open.Labelling, state, [], agreement: null, open.Queue.IsByUncertainty);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async Task<IReadOnlyList<LabelDisagreement>?> DisagreementsAsync(string id, CancellationToken cancellation)
    {
        if (await OpenAsync(id, cancellation).ConfigureAwait(false) is not { } open)
        {
            return null;
        }

        var state = await StateAsync(id, cancellation).ConfigureAwait(false);
        return [.. state.Disagreements().Select(row => new LabelDisagreement(row, open.Queue.Rows[row].Text, state.LabelsBy(row)))];
    }

    public async Task<IReadOnlyList<LabelEvent>?> HistoryAsync(string id, CancellationToken cancellation) =>
        await store.FindAsync(id, cancellation).ConfigureAwait(false) is null ? null : await store.EventsAsync(id, after: 0, cancellation).ConfigureAwait(false);

    /// <summary>Writes a version with the labels, and in each row who gave them and when; null when there is no such labelling.</summary>
    /// <exception cref="RunFailedException">No row has a label that holds.</exception>
    public async Task<DatasetSummary?> ExportAsync(string id, bool keepUnlabelled, CancellationToken cancellation)
    {
        if (await OpenAsync(id, cancellation).ConfigureAwait(false) is not { } open)
        {
            return null;
        }

        var state = await StateAsync(id, cancellation).ConfigureAwait(false);
        var rows = new List<Row>();
        var labelled = 0;
        foreach (var (index, row) in open.Queue.Rows.Index())
        {
            if (state.Final(index) is { } final)
            {
                labelled++;
                rows.Add(CanonicalRow.Create(row.Text, final.Value, new Dictionary<string, string>(row.Fields, StringComparer.Ordinal)
                {
                    ["labelled_by"] = string.Join(", ", final.Annotators),
                    ["labelled_at"] = final.At.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                }));
            }
            else if (keepUnlabelled)
            {
                rows.Add(row);
            }
        }

        if (labelled == 0)
        {
            throw new RunFailedException("No row has a label on which its annotators agree, so there is nothing to export.", ErrorCodes.Conflict);
        }

        var notes = new[] { $"{labelled} rows labelled by {string.Join(", ", state.Annotators.Order(StringComparer.Ordinal))}; {state.Disagreements().Count()} disagreements left open." };
        var lineage = new DatasetLineage { Made = "label", Parents = [open.Labelling.Version], By = Caller.Current.Name, Source = id, Notes = notes };
        var summary = await writer.WriteAsync(open.Labelling.Dataset, rows, lineage, cancellation).ConfigureAwait(false);
        await datasets.AddAsync(summary, cancellation).ConfigureAwait(false);
        await store.SetExportedAsync(id, summary.Version, cancellation).ConfigureAwait(false);
        return summary;
    }

    /// <summary>Waits for the model that is being trained.</summary>
    internal Task TrainedAsync(string id) => _open.TryGetValue(id, out var open) ? open.Queue.TrainedAsync() : Task.CompletedTask;

    private static string NameOf(string? annotator)
    {
        if (string.IsNullOrWhiteSpace(annotator) || annotator.Trim() == Caller.Current.Name)
        {
            return Caller.Current.Name;
        }

        if (Caller.Current.Role < Role.Operator)
        {
            throw AccessException.Forbidden("Labelling in another's name needs the role 'operator'.");
        }

        return annotator.Length <= 100 ? annotator.Trim() : throw new RunFailedException("An annotator's name has at most 100 characters.", ErrorCodes.BadRequest);
    }

    private static List<string> AllAnnotators(LabellingState state, IReadOnlyList<string> claiming) =>
        [.. state.Annotators.Union(claiming, StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Intervals are resampled thousands of times: they are computed once per state of the history.</summary>
    private AgreementSummary AgreementOf(string id, LabellingState state, IReadOnlyList<string> claiming)
    {
        var annotators = AllAnnotators(state, claiming);
        var key = $"{state.LastSeq}/{string.Join('/', annotators)}";
        if (_agreements.TryGetValue(id, out var known) && known.Key == key)
        {
            return known.Agreement;
        }

        var agreement = state.Agreement(annotators);
        _agreements[id] = (key, agreement);
        return agreement;
    }

    private static LabellingSummary Describe(LabellingEntity labelling, LabellingState state, IReadOnlyList<string> claiming, AgreementSummary? agreement, bool isByUncertainty) =>
        new()
        {
            Id = labelling.Id,
            Dataset = labelling.Dataset,
            Version = labelling.Version,
            Schema = JsonSerializer.Deserialize<LabelSchema>(labelling.SchemaJson, RunJson.Options)!,
            Overlap = labelling.Overlap,
            CreatedAt = labelling.CreatedAt,
            By = labelling.By,
            Rows = labelling.Rows,
            Done = state.LabelledRows.Count(row => state.IsDone(row, labelling.Overlap)),
            Disagreements = state.Disagreements().Count(),
            Annotators = [.. AllAnnotators(state, claiming).Select(state.ProgressOf)],
            Agreeing = agreement?.Agreeing,
            Agreement = agreement is null ? [] : Coefficients(agreement),
            Order = isByUncertainty ? "uncertainty" : "spread",
            ExportedVersion = labelling.ExportedVersion,
        };

    private static List<AgreementCoefficient> Coefficients(AgreementSummary agreement) =>
    [
        .. agreement.Pairs.Select(p => Coefficient("cohen", $"{p.First}, {p.Second}", p.Kappa)),
        Coefficient("fleiss", between: null, agreement.Fleiss),
        Coefficient("krippendorff", between: null, agreement.Alpha),
    ];

    private static AgreementCoefficient Coefficient(string name, string? between, AgreementValue value) =>
        new(name, between, value.Value, value.Low, value.High, value.Items, value.WhyUndefined);

    private async Task<LabelSchema> SchemaOfAsync(string version, CancellationToken cancellation)
    {
        var rows = await reader.ReadAsync(version, cancellation).ToListAsync(cancellation).ConfigureAwait(false);
        return LabelledRows.AreLabels(rows)
            ? new LabelSchema { Labels = [.. rows.Select(r => r.Expected).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(l => new LabelOption(l))] }
            : new LabelSchema { Kind = LabelKind.Text };
    }

    private async Task<LabellingState> StateAsync(string id, CancellationToken cancellation)
    {
        var state = new LabellingState();
        foreach (var entry in await store.EventsAsync(id, after: 0, cancellation).ConfigureAwait(false))
        {
            state.Apply(entry);
        }

        return state;
    }

    private async Task<Open?> OpenAsync(string id, CancellationToken cancellation)
    {
        // Asked for each time: the store knows whose team may see it.
        if (await store.FindAsync(id, cancellation).ConfigureAwait(false) is not { } labelling)
        {
            return null;
        }

        if (_open.TryGetValue(id, out var open))
        {
            return open;
        }

        var rows = await reader.ReadAsync(labelling.Version, cancellation).ToListAsync(cancellation).ConfigureAwait(false);
        var opened = new Open(labelling, await Task.Run(() => LabellingQueue.Of(rows, cancellation), cancellation).ConfigureAwait(false));
        if (_open.Count >= MostOpen)
        {
            _open.Clear();
        }

        return _open.GetOrAdd(id, opened);
    }

    /// <summary>A labelling in memory: its rows, and its history as far as it was read.</summary>
    private sealed class Open(LabellingEntity labelling, LabellingQueue queue)
    {
        private readonly LabellingState _state = new();

        public LabellingEntity Labelling { get; } = labelling;

        public LabelSchema Schema { get; } = JsonSerializer.Deserialize<LabelSchema>(labelling.SchemaJson, RunJson.Options)!;

        public LabellingQueue Queue { get; } = queue;

        /// <summary>Reads what was added to the history. The service's gate is held.</summary>
        public async Task<LabellingState> RefreshAsync(LabellingStore store, CancellationToken cancellation)
        {
            foreach (var entry in await store.EventsAsync(Labelling.Id, _state.LastSeq, cancellation).ConfigureAwait(false))
            {
                _state.Apply(entry);
            }

            return _state;
        }
    }
}
