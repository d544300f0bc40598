using Landfall.Protocol.Endpoints;

namespace Landfall.Protocol;

public sealed partial class LandfallClient
{
    /// <summary>The language models that the server can ask.</summary>
    public Task<EndpointList> GetEndpointsAsync(CancellationToken cancellation = default) =>
        GetAsync("api/endpoints", Json.EndpointList, cancellation);

    /// <summary>Adds an endpoint, or changes it.</summary>
    public Task<EndpointSummary> PutEndpointAsync(string name, EndpointSettings settings, CancellationToken cancellation = default) =>
        PutAsync($"api/endpoints/{Uri.EscapeDataString(name)}", settings, Json.EndpointSettings, Json.EndpointSummary, cancellation);

    /// <summary>Removes an endpoint from the settings.</summary>
    public Task DeleteEndpointAsync(string name, CancellationToken cancellation = default) =>
        DeleteAsync($"api/endpoints/{Uri.EscapeDataString(name)}", cancellation);

    /// <summary>Asks an endpoint one short question.</summary>
    public Task<EndpointCheck> CheckEndpointAsync(string name, CancellationToken cancellation = default) =>
        PostAsync($"api/endpoints/{Uri.EscapeDataString(name)}/check", Json.EndpointCheck, cancellation);

    /// <summary>Calls of language models, newest first; of one run, or all.</summary>
    public Task<IReadOnlyList<CallSummary>> GetCallsAsync(string? run = null, int offset = 0, int limit = 50, CancellationToken cancellation = default) =>
        GetAsync($"api/calls?offset={offset}&limit={limit}{(run is null ? "" : $"&run={Uri.EscapeDataString(run)}")}", Json.IReadOnlyListCallSummary, cancellation);

    /// <summary>A call with its exact request and answer.</summary>
    public Task<CallDetail> GetCallAsync(string id, CancellationToken cancellation = default) =>
        GetAsync($"api/calls/{Uri.EscapeDataString(id)}", Json.CallDetail, cancellation);
}
