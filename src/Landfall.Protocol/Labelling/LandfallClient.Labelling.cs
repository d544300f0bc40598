using Landfall.Protocol.Datasets;
using Landfall.Protocol.Labelling;

namespace Landfall.Protocol;

/// <content>Labelling.</content>
public sealed partial class LandfallClient
{
    /// <summary>All labellings, newest first.</summary>
    public Task<IReadOnlyList<LabellingSummary>> GetLabellingsAsync(CancellationToken cancellation = default) =>
        GetAsync("api/labellings", Json.IReadOnlyListLabellingSummary, cancellation);

    /// <summary>Begins to label a dataset version.</summary>
    public Task<LabellingSummary> BeginLabellingAsync(LabellingRequest request, CancellationToken cancellation = default) =>
        PostAsync("api/labellings", request, Json.LabellingRequest, Json.LabellingSummary, cancellation);

    /// <summary>Progress, annotators and their agreement.</summary>
    public Task<LabellingSummary> GetLabellingAsync(string id, CancellationToken cancellation = default) =>
        GetAsync($"api/labellings/{Uri.EscapeDataString(id)}", Json.LabellingSummary, cancellation);

    /// <summary>The next row for an annotator.</summary>
    /// <param name="id">The labelling.</param>
    /// <param name="annotator">Who labels; the caller when it is not given.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<LabellingClaim> ClaimRowAsync(string id, string? annotator = null, CancellationToken cancellation = default) =>
        PostAsync($"api/labellings/{Uri.EscapeDataString(id)}/claims", new ClaimRequest(annotator), Json.ClaimRequest, Json.LabellingClaim, cancellation);

    /// <summary>Labels, skips, undoes, adjudicates.</summary>
    public Task<LabellingSummary> LabelRowAsync(string id, LabelRequest request, CancellationToken cancellation = default) =>
        PostAsync($"api/labellings/{Uri.EscapeDataString(id)}/labels", request, Json.LabelRequest, Json.LabellingSummary, cancellation);

    /// <summary>Rows whose annotators differ.</summary>
    public Task<IReadOnlyList<LabelDisagreement>> GetDisagreementsAsync(string id, CancellationToken cancellation = default) =>
        GetAsync($"api/labellings/{Uri.EscapeDataString(id)}/disagreements", Json.IReadOnlyListLabelDisagreement, cancellation);

    /// <summary>Everything that was done, oldest first.</summary>
    public Task<IReadOnlyList<LabelEvent>> GetLabelHistoryAsync(string id, CancellationToken cancellation = default) =>
        GetAsync($"api/labellings/{Uri.EscapeDataString(id)}/history", Json.IReadOnlyListLabelEvent, cancellation);

    /// <summary>Makes a dataset version with the labels.</summary>
    public Task<DatasetSummary> ExportLabelsAsync(string id, LabelExportRequest request, CancellationToken cancellation = default) =>
        PostAsync($"api/labellings/{Uri.EscapeDataString(id)}/export", request, Json.LabelExportRequest, Json.DatasetSummary, cancellation);
}
