using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Landfall.Protocol.Apps;
using Landfall.Protocol.Blobs;
using Landfall.Protocol.Briefs;
using Landfall.Protocol.Datasets;
using Landfall.Protocol.Drafts;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Landings;
using Landfall.Protocol.Reports;
using Landfall.Protocol.Runs;
using Landfall.Protocol.Servers;

namespace Landfall.Protocol;

/// <summary>The typed client of Landfall's HTTP API. Every error answer becomes a <see cref="LandfallApiException"/>.</summary>
/// <param name="http">A client whose base address is the server's, with a trailing slash.</param>
public sealed partial class LandfallClient(HttpClient http)
{
    private static readonly LandfallJsonContext Json = LandfallJsonContext.Default;

    /// <summary>The server's address.</summary>
    public Uri BaseAddress => http.BaseAddress ?? throw new InvalidOperationException("The client has no base address.");

    /// <summary>Who answers.</summary>
    public Task<ServerInfo> GetServerAsync(CancellationToken cancellation = default) =>
        GetAsync("api/server", Json.ServerInfo, cancellation);

    /// <summary>Checks a brief and, of the files listed in it, the data.</summary>
    public Task<BriefCheckResponse> CheckBriefAsync(BriefSource source, CancellationToken cancellation = default) =>
        PostAsync("api/briefs/check", source, Json.BriefSource, Json.BriefCheckResponse, cancellation);

    /// <summary>The JSON schema of <c>brief.yaml</c>.</summary>
    public Task<string> GetBriefSchemaAsync(CancellationToken cancellation = default) => GetTextAsync("api/briefs/schema", cancellation);

    /// <summary>Starting points for a brief.</summary>
    public Task<IReadOnlyList<BriefTemplate>> GetBriefTemplatesAsync(CancellationToken cancellation = default) =>
        GetAsync("api/briefs/templates", Json.IReadOnlyListBriefTemplate, cancellation);

    /// <summary>Drafts a brief from one uploaded data file.</summary>
    public Task<BriefDraft> DraftBriefAsync(BriefDraftRequest request, CancellationToken cancellation = default) =>
        PostAsync("api/briefs/draft", request, Json.BriefDraftRequest, Json.BriefDraft, cancellation);

    /// <summary>The essentials of a brief's text, as a form shows them.</summary>
    public Task<BriefFormResponse> ReadBriefFormAsync(BriefFormRequest request, CancellationToken cancellation = default) =>
        PostAsync("api/briefs/form", request, Json.BriefFormRequest, Json.BriefFormResponse, cancellation);

    /// <summary>Makes a form's changes in a brief's text; a conflict where the text cannot be changed so.</summary>
    public Task<BriefEdit> EditBriefAsync(BriefEditRequest request, CancellationToken cancellation = default) =>
        PostAsync("api/briefs/edit", request, Json.BriefEditRequest, Json.BriefEdit, cancellation);

    /// <summary>The metrics, techniques and words that a brief may name.</summary>
    public Task<BriefChoices> GetBriefChoicesAsync(CancellationToken cancellation = default) =>
        GetAsync("api/briefs/choices", Json.BriefChoices, cancellation);

    /// <summary>Whether the server holds a blob.</summary>
    /// <param name="sha256">Lower-case hex.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<bool> HasBlobAsync(string sha256, CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, $"api/blobs/{sha256}");
        using var response = await http.SendAsync(request, cancellation).ConfigureAwait(false);
        return response.StatusCode == HttpStatusCode.OK;
    }

    /// <summary>Uploads a blob; the server refuses content that does not have the hash.</summary>
    /// <param name="sha256">Lower-case hex.</param>
    /// <param name="content">Read to its end.</param>
    /// <param name="cancellation">Ends the upload; nothing is kept.</param>
    public async Task PutBlobAsync(string sha256, Stream content, CancellationToken cancellation = default)
    {
        using var body = new StreamContent(content, 1 << 20);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var response = await http.PutAsync(new Uri($"api/blobs/{sha256}", UriKind.Relative), body, cancellation).ConfigureAwait(false);
        await EnsureSuccessAsync(response, cancellation).ConfigureAwait(false);
    }

    /// <summary>Uploads a blob whose hash the server computes, as a browser does.</summary>
    /// <param name="content">Read to its end.</param>
    /// <param name="cancellation">Ends the upload; nothing is kept.</param>
    public async Task<UploadedBlob> AddBlobAsync(Stream content, CancellationToken cancellation = default)
    {
        using var body = new StreamContent(content, 1 << 20);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var response = await http.PostAsync(new Uri("api/blobs", UriKind.Relative), body, cancellation).ConfigureAwait(false);
        return await ReadAsync(response, Json.UploadedBlob, cancellation).ConfigureAwait(false);
    }

    /// <summary>Downloads a blob; the data files of a drafted brief are made by the server.</summary>
    /// <param name="sha256">Lower-case hex.</param>
    /// <param name="destination">Where the content goes.</param>
    /// <param name="cancellation">Ends the download.</param>
    public async Task GetBlobAsync(string sha256, Stream destination, CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/blobs/{sha256}");
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        await EnsureSuccessAsync(response, cancellation).ConfigureAwait(false);
        await response.Content.CopyToAsync(destination, cancellation).ConfigureAwait(false);
    }

    /// <summary>What an import of an uploaded file would understand.</summary>
    public Task<DatasetPreview> PreviewDatasetAsync(PreviewRequest request, CancellationToken cancellation = default) =>
        PostAsync("api/datasets/preview", request, Json.PreviewRequest, Json.DatasetPreview, cancellation);

    /// <summary>Starts an import; its run's result is a <see cref="DatasetSummary"/>.</summary>
    public Task<RunSummary> ImportDatasetAsync(ImportRequest request, CancellationToken cancellation = default) =>
        PostAsync("api/datasets/import", request, Json.ImportRequest, Json.RunSummary, cancellation);

    /// <summary>All dataset versions, newest first.</summary>
    public Task<IReadOnlyList<DatasetSummary>> GetDatasetsAsync(CancellationToken cancellation = default) =>
        GetAsync("api/datasets", Json.IReadOnlyListDatasetSummary, cancellation);

    /// <summary>Rows of a dataset version.</summary>
    public Task<DatasetPage> GetRowsAsync(string version, long offset = 0, int limit = 50, CancellationToken cancellation = default) =>
        GetAsync($"api/datasets/versions/{version}/rows?offset={offset}&limit={limit}", Json.DatasetPage, cancellation);

    /// <summary>Briefs that are kept on the server, last changed first.</summary>
    public Task<IReadOnlyList<DraftSummary>> GetDraftsAsync(CancellationToken cancellation = default) =>
        GetAsync("api/drafts", Json.IReadOnlyListDraftSummary, cancellation);

    /// <summary>A draft.</summary>
    public Task<Draft> GetDraftAsync(string id, CancellationToken cancellation = default) =>
        GetAsync($"api/drafts/{Uri.EscapeDataString(id)}", Json.Draft, cancellation);

    /// <summary>Drafts a brief from an uploaded file, or takes an app's as last landed.</summary>
    public Task<Draft> CreateDraftAsync(DraftRequest request, CancellationToken cancellation = default) =>
        PostAsync("api/drafts", request, Json.DraftRequest, Json.Draft, cancellation);

    /// <summary>Changes a draft's text; a conflict when someone else has changed it meanwhile.</summary>
    public async Task<Draft> ChangeDraftAsync(string id, DraftChange change, CancellationToken cancellation = default)
    {
        using var response = await http.PutAsJsonAsync($"api/drafts/{Uri.EscapeDataString(id)}", change, Json.DraftChange, cancellation).ConfigureAwait(false);
        return await ReadAsync(response, Json.Draft, cancellation).ConfigureAwait(false);
    }

    /// <summary>Removes a draft.</summary>
    public async Task RemoveDraftAsync(string id, CancellationToken cancellation = default)
    {
        using var response = await http.DeleteAsync(new Uri($"api/drafts/{Uri.EscapeDataString(id)}", UriKind.Relative), cancellation).ConfigureAwait(false);
        await EnsureSuccessAsync(response, cancellation).ConfigureAwait(false);
    }

    /// <summary>Starts a landing, or joins the unfinished one of the same request.</summary>
    public Task<RunSummary> LandAsync(LandingRequest request, CancellationToken cancellation = default) =>
        PostAsync("api/landings", request, Json.LandingRequest, Json.RunSummary, cancellation);

    /// <summary>Predicts a landing without running it.</summary>
    public Task<LandingPlan> PlanLandingAsync(LandingRequest request, CancellationToken cancellation = default) =>
        PostAsync("api/landings/plan", request, Json.LandingRequest, Json.LandingPlan, cancellation);

    /// <summary>All apps by name.</summary>
    public Task<IReadOnlyList<AppSummary>> GetAppsAsync(CancellationToken cancellation = default) =>
        GetAsync("api/apps", Json.IReadOnlyListAppSummary, cancellation);

    /// <summary>One app.</summary>
    public Task<AppDetail> GetAppAsync(string app, CancellationToken cancellation = default) =>
        GetAsync($"api/apps/{Uri.EscapeDataString(app)}", Json.AppDetail, cancellation);

    /// <summary>The last report as <c>json</c>, <c>html</c> or <c>junit</c> text.</summary>
    public Task<string> GetReportAsync(string app, string format, CancellationToken cancellation = default) =>
        GetTextAsync($"api/apps/{Uri.EscapeDataString(app)}/report?format={format}", cancellation);

    /// <summary>Test examples with a candidate's answers.</summary>
    /// <param name="app">The app.</param>
    /// <param name="candidate">The candidate's name in the last report.</param>
    /// <param name="filter"><c>all</c>, <c>wrong</c>, or <c>right</c>.</param>
    /// <param name="expected">Only rows with this expected output, when given.</param>
    /// <param name="got">Only rows with this answer, when given.</param>
    /// <param name="offset">Rows to pass over.</param>
    /// <param name="limit">At most this many rows.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<ExamplePage> GetExamplesAsync(
        string app, string candidate, string filter = "all", string? expected = null, string? got = null, long offset = 0, int limit = 50, CancellationToken cancellation = default)
    {
        var query = $"filter={filter}&offset={offset}&limit={limit}";
        query += expected is null ? "" : $"&expected={Uri.EscapeDataString(expected)}";
        query += got is null ? "" : $"&got={Uri.EscapeDataString(got)}";
        return GetAsync($"api/apps/{Uri.EscapeDataString(app)}/candidates/{Uri.EscapeDataString(candidate)}/examples?{query}", Json.ExamplePage, cancellation);
    }

    /// <summary>An app's finished landings, newest first.</summary>
    public Task<IReadOnlyList<LandingRecord>> GetLandingsAsync(string app, CancellationToken cancellation = default) =>
        GetAsync($"api/apps/{Uri.EscapeDataString(app)}/landings", Json.IReadOnlyListLandingRecord, cancellation);

    /// <summary>A finished landing with its brief and its report.</summary>
    public Task<LandingDetail> GetLandingAsync(string app, int number, CancellationToken cancellation = default) =>
        GetAsync($"api/apps/{Uri.EscapeDataString(app)}/landings/{number}", Json.LandingDetail, cancellation);

    /// <summary>Two releases or candidates side by side.</summary>
    /// <param name="app">The app.</param>
    /// <param name="a">A landing's number, a candidate of one (<c>3/linear</c>), a candidate of the last, or <c>live</c>.</param>
    /// <param name="b">The same, for the other side.</param>
    /// <param name="filter">Which changed answers: <c>all</c>, <c>broken</c>, <c>fixed</c>, or <c>other</c>.</param>
    /// <param name="offset">Changed answers to pass over.</param>
    /// <param name="limit">At most this many.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<ReleaseComparison> CompareAsync(
        string app, string a, string b, string filter = "all", long offset = 0, int limit = 50, CancellationToken cancellation = default) => GetAsync(
        $"api/apps/{Uri.EscapeDataString(app)}/compare?a={Uri.EscapeDataString(a)}&b={Uri.EscapeDataString(b)}&filter={filter}&offset={offset}&limit={limit}",
        Json.ReleaseComparison,
        cancellation);

    /// <summary>Lets an earlier landing's release take the app's traffic again.</summary>
    public Task<ReleaseReport> MakeLiveAsync(string app, int landing, CancellationToken cancellation = default) =>
        PostAsync($"api/apps/{Uri.EscapeDataString(app)}/release", new ReleaseRequest(landing), Json.ReleaseRequest, Json.ReleaseReport, cancellation);

    /// <summary>Asks the app's live release.</summary>
    public Task<TryResponse> TryAsync(string app, string text, CancellationToken cancellation = default) =>
        PostAsync($"api/apps/{Uri.EscapeDataString(app)}/try", new TryRequest(text), Json.TryRequest, Json.TryResponse, cancellation);

    /// <summary>All runs, newest first.</summary>
    public Task<IReadOnlyList<RunSummary>> GetRunsAsync(CancellationToken cancellation = default) =>
        GetAsync("api/runs", Json.IReadOnlyListRunSummary, cancellation);

    /// <summary>A run with its journal.</summary>
    public Task<RunDetail> GetRunAsync(string id, CancellationToken cancellation = default) =>
        GetAsync($"api/runs/{Uri.EscapeDataString(id)}", Json.RunDetail, cancellation);

    /// <summary>A run's log.</summary>
    public Task<IReadOnlyList<RunLogLine>> GetRunLogAsync(string id, CancellationToken cancellation = default) =>
        GetAsync($"api/runs/{Uri.EscapeDataString(id)}/log", Json.IReadOnlyListRunLogLine, cancellation);

    /// <summary>Stops a run at its next step.</summary>
    public Task<RunSummary> CancelRunAsync(string id, CancellationToken cancellation = default) =>
        PostAsync($"api/runs/{Uri.EscapeDataString(id)}/cancel", Json.RunSummary, cancellation);

    /// <summary>Goes on with a failed or cancelled run.</summary>
    public Task<RunSummary> ResumeRunAsync(string id, CancellationToken cancellation = default) =>
        PostAsync($"api/runs/{Uri.EscapeDataString(id)}/resume", Json.RunSummary, cancellation);

    /// <summary>A run's events: first what has been (log lines, ladder rows), then live, until the run has ended.</summary>
    public async IAsyncEnumerable<RunEvent> FollowRunAsync(string id, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/runs/{Uri.EscapeDataString(id)}/events");
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        await EnsureSuccessAsync(response, cancellation).ConfigureAwait(false);
        var stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellation).ConfigureAwait(false))
            {
                yield return JsonSerializer.Deserialize(item.Data, Json.RunEvent)!;
            }
        }
    }

    private async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        using var response = await http.GetAsync(new Uri(path, UriKind.Relative), cancellation).ConfigureAwait(false);
        return await ReadAsync(response, type, cancellation).ConfigureAwait(false);
    }

    private async Task<string> GetTextAsync(string path, CancellationToken cancellation)
    {
        using var response = await http.GetAsync(new Uri(path, UriKind.Relative), cancellation).ConfigureAwait(false);
        await EnsureSuccessAsync(response, cancellation).ConfigureAwait(false);
        return await response.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false);
    }

    private async Task<TAnswer> PutAsync<TBody, TAnswer>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellation)
    {
        using var response = await http.PutAsJsonAsync(path, body, bodyType, cancellation).ConfigureAwait(false);
        return await ReadAsync(response, answerType, cancellation).ConfigureAwait(false);
    }

    private async Task DeleteAsync(string path, CancellationToken cancellation)
    {
        using var response = await http.DeleteAsync(new Uri(path, UriKind.Relative), cancellation).ConfigureAwait(false);
        await EnsureSuccessAsync(response, cancellation).ConfigureAwait(false);
    }

    private async Task<T> PostAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        using var response = await http.PostAsync(new Uri(path, UriKind.Relative), content: null, cancellation).ConfigureAwait(false);
        return await ReadAsync(response, type, cancellation).ConfigureAwait(false);
    }

    private async Task<TAnswer> PostAsync<TBody, TAnswer>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellation)
    {
        using var response = await http.PostAsJsonAsync(path, body, bodyType, cancellation).ConfigureAwait(false);
        return await ReadAsync(response, answerType, cancellation).ConfigureAwait(false);
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        await EnsureSuccessAsync(response, cancellation).ConfigureAwait(false);
        return (await response.Content.ReadFromJsonAsync(type, cancellation).ConfigureAwait(false))!;
    }

    private static async Task EnsureSuccessAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        ApiProblem? problem = null;
        try
        {
            problem = await response.Content.ReadFromJsonAsync(Json.ApiProblem, cancellation).ConfigureAwait(false);
        }
        catch (JsonException)
        {
            // Not one of our servers, or a proxy in between: the status is all there is to say.
        }

        throw new LandfallApiException(problem ?? new ApiProblem
        {
            Status = (int)response.StatusCode,
            Detail = $"{response.RequestMessage?.RequestUri} answered {(int)response.StatusCode} {response.ReasonPhrase}.",
            Code = ErrorCodes.Internal,
        });
    }
}
