using Landfall.Protocol.Runs;
using Landfall.Protocol.Search;

namespace Landfall.Protocol;

public sealed partial class LandfallClient
{
    /// <summary>Starts a search, or goes on with the unfinished one of the same request.</summary>
    public Task<RunSummary> SearchAsync(SearchRequest request, CancellationToken cancellation = default) =>
        PostAsync("api/searches", request, Json.SearchRequest, Json.RunSummary, cancellation);

    /// <summary>What a request would search for.</summary>
    public Task<SearchPlans> PlanSearchesAsync(SearchRequest request, CancellationToken cancellation = default) =>
        PostAsync("api/searches/plan", request, Json.SearchRequest, Json.SearchPlans, cancellation);

    /// <summary>A search with its trials so far.</summary>
    public Task<SearchDetail> GetSearchAsync(string run, CancellationToken cancellation = default) =>
        GetAsync($"api/searches/{Uri.EscapeDataString(run)}", Json.SearchDetail, cancellation);
}
