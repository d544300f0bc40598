using Landfall.Protocol.Datasets;
using Landfall.Protocol.Runs;

namespace Landfall.Protocol;

/// <content>Cleaning, splitting, statistics.</content>
public sealed partial class LandfallClient
{
    /// <summary>Rows of a dataset version that fit.</summary>
    /// <param name="version">The version.</param>
    /// <param name="search">Found in the text, whatever its case, when given.</param>
    /// <param name="expected">The expected output, when given.</param>
    /// <param name="offset">Fitting rows to pass over.</param>
    /// <param name="limit">At most this many.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<DatasetPage> FindRowsAsync(string version, string? search, string? expected, long offset = 0, int limit = 50, CancellationToken cancellation = default)
    {
        var query = $"offset={offset}&limit={limit}";
        query += string.IsNullOrEmpty(search) ? "" : $"&search={Uri.EscapeDataString(search)}";
        query += string.IsNullOrEmpty(expected) ? "" : $"&expected={Uri.EscapeDataString(expected)}";
        return GetAsync($"api/datasets/versions/{Uri.EscapeDataString(version)}/rows?{query}", Json.DatasetPage, cancellation);
    }

    /// <summary>Starts a cleaning; its run's result is a <see cref="CleaningProposal"/>.</summary>
    public Task<RunSummary> CleanDatasetAsync(CleaningRequest request, CancellationToken cancellation = default) =>
        PostAsync("api/cleanings", request, Json.CleaningRequest, Json.RunSummary, cancellation);

    /// <summary>The names of the cleaning steps.</summary>
    public Task<IReadOnlyList<string>> GetCleaningStepsAsync(CancellationToken cancellation = default) =>
        GetAsync("api/cleanings/steps", Json.IReadOnlyListString, cancellation);

    /// <summary>Proposals, newest first.</summary>
    /// <param name="dataset">Only of this dataset, when given.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<IReadOnlyList<CleaningProposal>> GetCleaningsAsync(string? dataset = null, CancellationToken cancellation = default) =>
        GetAsync("api/cleanings" + (dataset is null ? "" : $"?dataset={Uri.EscapeDataString(dataset)}"), Json.IReadOnlyListCleaningProposal, cancellation);

    /// <summary>A proposal with what was decided.</summary>
    public Task<CleaningProposal> GetCleaningAsync(string id, CancellationToken cancellation = default) =>
        GetAsync($"api/cleanings/{Uri.EscapeDataString(id)}", Json.CleaningProposal, cancellation);

    /// <summary>A page of a proposal's changes.</summary>
    /// <param name="id">The proposal.</param>
    /// <param name="step">Only this step's, when given.</param>
    /// <param name="verdict">Only those of this verdict, when given.</param>
    /// <param name="minConfidence">Only those of at least this confidence.</param>
    /// <param name="offset">Changes to pass over.</param>
    /// <param name="limit">At most this many.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<CleaningChangePage> GetCleaningChangesAsync(
        string id, string? step = null, CleaningVerdict? verdict = null, double minConfidence = 0, int offset = 0, int limit = 50, CancellationToken cancellation = default)
    {
        var query = FormattableString.Invariant($"minConfidence={minConfidence}&offset={offset}&limit={limit}");
        query += step is null ? "" : $"&step={Uri.EscapeDataString(step)}";
        query += verdict is null ? "" : $"&verdict={verdict.ToString()!.ToLowerInvariant()}";
        return GetAsync($"api/cleanings/{Uri.EscapeDataString(id)}/changes?{query}", Json.CleaningChangePage, cancellation);
    }

    /// <summary>Accepts or rejects changes.</summary>
    public Task<CleaningProposal> DecideCleaningAsync(string id, CleaningDecision decision, CancellationToken cancellation = default) =>
        PostAsync($"api/cleanings/{Uri.EscapeDataString(id)}/decisions", decision, Json.CleaningDecision, Json.CleaningProposal, cancellation);

    /// <summary>Makes a dataset version with the accepted changes.</summary>
    public Task<DatasetSummary> ApplyCleaningAsync(string id, CancellationToken cancellation = default) =>
        PostAsync($"api/cleanings/{Uri.EscapeDataString(id)}/apply", Json.DatasetSummary, cancellation);

    /// <summary>Starts a split; its run's result is a <see cref="SplitResult"/>.</summary>
    public Task<RunSummary> SplitDatasetAsync(SplitRequest request, CancellationToken cancellation = default) =>
        PostAsync("api/datasets/split", request, Json.SplitRequest, Json.RunSummary, cancellation);

    /// <summary>Statistics of a dataset version.</summary>
    public Task<DatasetStatistics> GetDatasetStatisticsAsync(string version, CancellationToken cancellation = default) =>
        GetAsync($"api/datasets/versions/{Uri.EscapeDataString(version)}/statistics", Json.DatasetStatistics, cancellation);
}
