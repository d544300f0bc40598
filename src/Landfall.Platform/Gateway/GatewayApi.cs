using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Text.Json.Serialization;
using Landfall.Platform.Access;
using Landfall.Platform.Candidates;
using Landfall.Platform.Releases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Landfall.Platform.Gateway;

/// <summary>The OpenAI-compatible endpoints of <c>/v1</c>. A model is an app's live release.</summary>
public static class GatewayApi
{
    private const int MaxBodyBytes = 4 << 20;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly JsonSerializerOptions WithoutUsage = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static IEndpointRouteBuilder MapGateway(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1").WithTags("Gateway").Requires(Role.Viewer).OpenToGatewayKeys();
        group.MapGet("/models", ListModelsAsync).WithName("ListModels").WithSummary("The apps that have a live release.");
        group.MapGet("/models/{model}", GetModelAsync).WithName("GetModel").WithSummary("One app with a live release.");
        group.MapPost("/chat/completions", CompleteAsync).WithName("CreateChatCompletion").WithSummary("Asks an app's live release; plain or streamed.")
            .Accepts<ChatCompletionRequest>("application/json", "*/*").Produces<ChatCompletion>().ChangesNothing();
        return routes;
    }

    private static async Task<Ok<ModelList>> ListModelsAsync(ReleaseStore releases, CancellationToken cancellation)
    {
        var live = await releases.ListAsync(cancellation).ConfigureAwait(false);
        return TypedResults.Ok(new ModelList("list", [.. live.Select(l => ToEntry(l.Release, l.CreatedAt))]));
    }

    private static async Task<Results<Ok<ModelEntry>, JsonHttpResult<GatewayError>>> GetModelAsync(string model, ReleaseStore releases, CancellationToken cancellation)
    {
        var live = await releases.ListAsync(cancellation).ConfigureAwait(false);
        var found = live.FirstOrDefault(l => l.Release.Release.Model == model);
        return found.Release is null ? NoSuchModel(model) : TypedResults.Ok(ToEntry(found.Release, found.CreatedAt));
    }

    private static async Task<IResult> CompleteAsync(HttpContext context, ReleaseStore releases, AppAnswerer answerer, TimeProvider time, CancellationToken cancellation)
    {
        var (request, error) = await ReadAsync(context.Request, cancellation).ConfigureAwait(false);
        if (request is null || ReadQuestion(request, out error) is not { } question)
        {
            return error!;
        }

        if (await releases.FindAsync(request.Model!, cancellation).ConfigureAwait(false) is not { } live)
        {
            return NoSuchModel(request.Model!);
        }

        var answer = await answerer.AnswerAsync(live, question, cancellation).ConfigureAwait(false);
        var id = $"chatcmpl-{Guid.CreateVersion7(time.GetUtcNow()):n}";
        var created = time.GetUtcNow().ToUnixTimeSeconds();
        var usage = new ChatUsage(answer.Answer.PromptTokens, answer.Answer.CompletionTokens);
        if (request.Stream == true)
        {
            var chunks = Chunk(id, created, live.Release.Model, answer.Content, request.StreamOptions?.IncludeUsage == true ? usage : null);
            return TypedResults.ServerSentEvents(chunks.ToAsyncEnumerable());
        }

        var details = new AnswerDetails(answer.Answer.Text, answer.Answer.Confidence, live.Release.Technique, answer.Answer.Call);
        var choice = new ChatChoice(0, new ChatAnswer("assistant", answer.Content), "stop");
        return TypedResults.Json(new ChatCompletion(id, "chat.completion", created, live.Release.Model, [choice], usage, details), Json);
    }

    private static async Task<(ChatCompletionRequest? Request, JsonHttpResult<GatewayError>? Error)> ReadAsync(HttpRequest http, CancellationToken cancellation)
    {
        // Holds for bodies of unknown length as well: reading past it throws.
        if (http.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MaxBodyBytes;
        }

        try
        {
            var request = await JsonSerializer.DeserializeAsync<ChatCompletionRequest>(http.Body, Json, cancellation).ConfigureAwait(false);
            return request is null ? (null, Invalid("The body is null; a chat completion request is needed.", param: null)) : (request, null);
        }
        catch (JsonException error)
        {
            return (null, Invalid($"The body is not a chat completion request in JSON: {error.Message}", MemberOf(error.Path)));
        }
        catch (BadHttpRequestException error) when (error.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (null, GatewayErrors.Create(error.StatusCode, $"The request is larger than {MaxBodyBytes} bytes.", code: "request_too_large"));
        }
        catch (BadHttpRequestException error)
        {
            return (null, GatewayErrors.Create(error.StatusCode, error.Message));
        }
    }

    /// <summary>The member of the request that a JSON path such as <c>$.messages[0].role</c> begins with.</summary>
    private static string? MemberOf(string? path) =>
        path is { Length: > 2 } && path.StartsWith("$.", StringComparison.Ordinal) ? path[2..].Split('.', '[')[0] : null;

    /// <summary>What the release answers: the last user message, with what was said before it.</summary>
    private static Question? ReadQuestion(ChatCompletionRequest request, out JsonHttpResult<GatewayError>? error)
    {
        error = null;
        if (string.IsNullOrEmpty(request.Model))
        {
            error = Invalid("'model' is missing: give an app's name; GET /v1/models lists them.", "model");
        }
        else if (request.N is not (null or 1))
        {
            error = Invalid($"'n' is {request.N}; a release gives one answer.", "n");
        }
        else if (request.Messages is not { Count: > 0 })
        {
            error = Invalid("'messages' is missing or empty.", "messages");
        }
        else if (request.Messages.LastOrDefault(m => m?.Role == "user") is not { } message)
        {
            error = Invalid("'messages' has no message with the role 'user'.", "messages");
        }
        else if (message.ReadText() is not { } text)
        {
            error = Invalid("The last user message has content that is not text.", "messages");
        }
        else
        {
            return new Question(text, HistoryBefore(request.Messages, message), SystemOf(request.Messages));
        }

        return null;
    }

    /// <summary>The user's and the assistant's messages before the one that is answered; what is not text is left out.</summary>
    private static List<Turn>? HistoryBefore(IReadOnlyList<ChatMessage?> messages, ChatMessage last)
    {
        var turns = messages.TakeWhile(m => !ReferenceEquals(m, last))
            .Where(m => m?.Role is "user" or "assistant")
            .Select(m => (m!.Role, Text: m.ReadText()))
            .Where(m => m.Text is not null)
            .Select(m => new Turn(m.Role!, m.Text!))
            .ToList();
        return turns.Count == 0 ? null : turns;
    }

    private static string? SystemOf(IReadOnlyList<ChatMessage?> messages)
    {
        var texts = messages.Where(m => m?.Role is "system" or "developer").Select(m => m!.ReadText()).Where(t => !string.IsNullOrWhiteSpace(t)).ToList();
        return texts.Count == 0 ? null : string.Join('\n', texts);
    }

    /// <summary>With usage asked for, a last chunk carries it, and all others say that they have none.</summary>
    private static IEnumerable<SseItem<string>> Chunk(string id, long created, string model, string content, ChatUsage? usage)
    {
        yield return Item(new ChunkChoice(0, new ChunkDelta("assistant", ""), FinishReason: null));
        yield return Item(new ChunkChoice(0, new ChunkDelta(Role: null, content), FinishReason: null));
        yield return Item(new ChunkChoice(0, new ChunkDelta(Role: null, Content: null), "stop"));
        if (usage is not null)
        {
            yield return new SseItem<string>(JsonSerializer.Serialize(new ChatChunk(id, "chat.completion.chunk", created, model, [], usage), Json));
        }

        yield return new SseItem<string>("[DONE]");

        SseItem<string> Item(ChunkChoice choice) =>
            new(JsonSerializer.Serialize(new ChatChunk(id, "chat.completion.chunk", created, model, [choice], Usage: null), usage is null ? WithoutUsage : Json));
    }

    private static ModelEntry ToEntry(LiveRelease live, DateTimeOffset createdAt) =>
        new(live.Release.Model, "model", createdAt.ToUnixTimeSeconds(), "landfall");

    private static JsonHttpResult<GatewayError> NoSuchModel(string model) => GatewayErrors.Create(
        StatusCodes.Status404NotFound, $"The model '{model}' does not exist: no app of that name has a release. GET /v1/models lists them.", "model", "model_not_found");

    private static JsonHttpResult<GatewayError> Invalid(string message, string? param) => GatewayErrors.Create(StatusCodes.Status400BadRequest, message, param);
}
