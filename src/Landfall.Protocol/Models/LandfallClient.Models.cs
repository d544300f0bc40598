using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Models;
using Landfall.Protocol.Runs;

namespace Landfall.Protocol;

/// <content>Models that the server itself runs.</content>
public sealed partial class LandfallClient
{
    /// <summary>All models by name.</summary>
    public Task<IReadOnlyList<ModelSummary>> GetModelsAsync(CancellationToken cancellation = default) =>
        GetAsync("api/models", Json.IReadOnlyListModelSummary, cancellation);

    /// <summary>A model with those it is related to.</summary>
    public Task<ModelDetail> GetModelAsync(string model, CancellationToken cancellation = default) =>
        GetAsync($"api/models/{Uri.EscapeDataString(model)}", Json.ModelDetail, cancellation);

    /// <summary>Starts an import of uploaded files; its run's result is a <see cref="ModelSummary"/>.</summary>
    public Task<RunSummary> ImportModelAsync(ImportModelRequest request, CancellationToken cancellation = default) =>
        PostAsync("api/models/import", request, Json.ImportModelRequest, Json.RunSummary, cancellation);

    /// <summary>Starts an import of files on the server's machine, for its owners; its run's result is a <see cref="ModelSummary"/>.</summary>
    public Task<RunSummary> ImportModelPathAsync(ImportModelPathRequest request, CancellationToken cancellation = default) =>
        PostAsync("api/models/import-path", request, Json.ImportModelPathRequest, Json.RunSummary, cancellation);

    /// <summary>Removes a model, and of its files those that no other model has.</summary>
    public Task RemoveModelAsync(string model, CancellationToken cancellation = default) =>
        DeleteAsync($"api/models/{Uri.EscapeDataString(model)}", cancellation);

    /// <summary>Starts a quantisation; its run's result is a <see cref="ModelSummary"/>.</summary>
    public Task<RunSummary> QuantiseModelAsync(string model, QuantiseModelRequest request, CancellationToken cancellation = default) =>
        PostAsync($"api/models/{Uri.EscapeDataString(model)}/quantise", request, Json.QuantiseModelRequest, Json.RunSummary, cancellation);

    /// <summary>Starts an export; its run's result is a <see cref="ModelExport"/>.</summary>
    public Task<RunSummary> ExportModelAsync(string model, ExportModelRequest request, CancellationToken cancellation = default) =>
        PostAsync($"api/models/{Uri.EscapeDataString(model)}/export", request, Json.ExportModelRequest, Json.RunSummary, cancellation);

    /// <summary>Downloads a file of an export.</summary>
    public async Task GetModelExportAsync(string run, string file, Stream destination, CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/models/exports/{Uri.EscapeDataString(run)}/{file}");
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        await EnsureSuccessAsync(response, cancellation).ConfigureAwait(false);
        await response.Content.CopyToAsync(destination, cancellation).ConfigureAwait(false);
    }

    /// <summary>Removes an export's files from the server.</summary>
    public Task RemoveModelExportAsync(string run, CancellationToken cancellation = default) =>
        DeleteAsync($"api/models/exports/{Uri.EscapeDataString(run)}", cancellation);

    /// <summary>Times a model's answers.</summary>
    public Task<ModelBench> BenchModelAsync(string model, BenchModelRequest request, CancellationToken cancellation = default) =>
        PostAsync($"api/models/{Uri.EscapeDataString(model)}/bench", request, Json.BenchModelRequest, Json.ModelBench, cancellation);

    /// <summary>Asks a model or an app over the OpenAI-compatible API; the answer comes as it is written.</summary>
    public async IAsyncEnumerable<ModelChatChunk> ChatAsync(ModelChatRequest request, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions") { Content = JsonContent.Create(request, Json.ModelChatRequest) };
        using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            throw await ChatErrorAsync(response, cancellation).ConfigureAwait(false);
        }

        var stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellation).ConfigureAwait(false))
            {
                if (item.Data == "[DONE]")
                {
                    yield break;
                }

                var chunk = JsonSerializer.Deserialize(item.Data, Json.ModelChatChunk)!;
                yield return chunk.Error is null ? chunk : throw new LandfallApiException(new ApiProblem { Detail = chunk.Error.Message, Code = ErrorCodes.Internal });
            }
        }
    }

    /// <summary>An error in OpenAI's form.</summary>
    private static async Task<LandfallApiException> ChatErrorAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        ModelChatError? error = null;
        try
        {
            error = (await response.Content.ReadFromJsonAsync(Json.ModelChatChunk, cancellation).ConfigureAwait(false))?.Error;
        }
        catch (JsonException)
        {
            // Not one of our servers: the status is all there is to say.
        }

        var code = response.StatusCode switch
        {
            HttpStatusCode.BadRequest => ErrorCodes.BadRequest,
            HttpStatusCode.NotFound => ErrorCodes.NotFound,
            HttpStatusCode.Unauthorized => ErrorCodes.Unauthorized,
            HttpStatusCode.Forbidden => ErrorCodes.Forbidden,
            HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable => ErrorCodes.TooManyRequests,
            _ => ErrorCodes.Internal,
        };
        return new LandfallApiException(new ApiProblem { Status = (int)response.StatusCode, Detail = error?.Message ?? $"The server answered {(int)response.StatusCode}.", Code = code });
    }
}
