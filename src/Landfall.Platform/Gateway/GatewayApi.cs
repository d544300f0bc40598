using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Text.Json.Serialization;
using Landfall.Platform.Access;
using Landfall.Platform.Candidates;
using Landfall.Platform.Gateway.Local;
using Landfall.Platform.Models;
using Landfall.Platform.Releases;
using Landfall.Protocol.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Landfall.Platform.Gateway;

/// <summary>The OpenAI-compatible endpoints of <c>/v1</c>. A model is an app's live release, or a model that this server itself runs.</summary>
public static class GatewayApi
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly JsonSerializerOptions WithoutUsage = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static IEndpointRouteBuilder MapGateway(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1").WithTags("Gateway").Requires(Role.Viewer).OpenToGatewayKeys();
        group.MapGet("/models", ListModelsAsync).WithName("ListModels").WithSummary("The apps that have a live release, and the local models.");
        group.MapGet("/models/{model}", GetModelAsync).WithName("GetModel").WithSummary("One app with a live release, or one local model.");
        group.MapPost("/chat/completions", CompleteAsync).WithName("CreateChatCompletion").WithSummary("Asks an app's live release or a local model; plain or streamed.")
            .Accepts<LocalChatRequest>("application/json", "*/*").Produces<ChatCompletion>().ChangesNothing();
        group.MapPost("/embeddings", EmbedAsync).WithName("CreateEmbeddings").WithSummary("Vectors of texts by a local model.")
            .Accepts<EmbeddingRequest>("application/json", "*/*").ChangesNothing();
        return routes;
    }

    private static async Task<Ok<ModelList>> ListModelsAsync(ReleaseStore releases, ModelStore models, CancellationToken cancellation)
    {
        var live = await releases.ListAsync(cancellation).ConfigureAwait(false);
        var local = await models.ListAsync(cancellation).ConfigureAwait(false);
        return TypedResults.Ok(new ModelList("list", [.. live.Select(l => ToEntry(l.Release, l.CreatedAt)), .. local.Select(ToEntry)]));
    }

    private static async Task<Results<Ok<ModelEntry>, JsonHttpResult<GatewayError>>> GetModelAsync(string model, ReleaseStore releases, ModelStore models, CancellationToken cancellation)
    {
        var live = await releases.ListAsync(cancellation).ConfigureAwait(false);
        var found = live.FirstOrDefault(l => l.Release.Release.Model == model);
        return found.Release is not null ? TypedResults.Ok(ToEntry(found.Release, found.CreatedAt))
            : await models.FindAsync(model, cancellation).ConfigureAwait(false) is { } local ? TypedResults.Ok(ToEntry(local))
            : NoSuchModel(model);
    }

    /// <summary>An app of the name goes before a model; neither can take a name that the other has.</summary>
    private static async Task<IResult> CompleteAsync(
        HttpContext context, ReleaseStore releases, AppAnswerer answerer, ModelStore models, LocalCompletions completions, TimeProvider time, CancellationToken cancellation)
    {
        var body = await GatewayBody.ReadAsync(context.Request, cancellation).ConfigureAwait(false);
        var request = GatewayBody.Read<ModelNaming>(body, "a chat completion request");
        var live = string.IsNullOrEmpty(request.Model) ? null : await releases.FindAsync(request.Model, cancellation).ConfigureAwait(false);
        if (live is null && !string.IsNullOrEmpty(request.Model) && await models.ResolveAsync(request.Model, cancellation).ConfigureAwait(false) is { } local)
        {
            var answer = await completions.AnswerAsync(local, body, cancellation).ConfigureAwait(false);
            if (answer.Owner is { } owner)
            {
                context.Response.RegisterForDisposeAsync(owner);
            }

            return answer.Whole is { } whole
                ? TypedResults.Json(whole, Json)
                : TypedResults.ServerSentEvents(answer.Events!.Select(data => new SseItem<string>(data)));
        }

        return await AskAppAsync(body, live, answerer, time, cancellation).ConfigureAwait(false);
    }

    /// <summary>Asks an app's live release.</summary>
    private static async Task<IResult> AskAppAsync(byte[] body, LiveRelease? found, AppAnswerer answerer, TimeProvider time, CancellationToken cancellation)
    {
        var request = GatewayBody.Read<ChatCompletionRequest>(body, "a chat completion request");
        if (ReadQuestion(request, out var error) is not { } question)
        {
            return error!;
        }

        if (found is not { } live)
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

    private static async Task<Ok<EmbeddingList>> EmbedAsync(HttpContext context, ModelStore models, LocalEmbeddings embeddings, CancellationToken cancellation)
    {
        var body = await GatewayBody.ReadAsync(context.Request, cancellation).ConfigureAwait(false);
        var name = GatewayBody.Read<ModelNaming>(body, "an embeddings request").Model;
        if (string.IsNullOrEmpty(name))
        {
            throw GatewayProblemException.Invalid("'model' is missing: give a model's name; GET /v1/models lists them.", "model");
        }

        var model = await models.ResolveAsync(name, cancellation).ConfigureAwait(false)
            ?? throw new GatewayProblemException(StatusCodes.Status404NotFound, $"The model '{name}' does not exist: no local model has this name. GET /v1/models lists them.", "model", "model_not_found");
        return TypedResults.Ok(await embeddings.EmbedAsync(model, body, cancellation).ConfigureAwait(false));
    }

    /// <summary>What the release answers: the last user message, with what was said before it.</summary>
    private static Question? ReadQuestion(ChatCompletionRequest request, out JsonHttpResult<GatewayError>? error)
    {
        error = null;
        if (string.IsNullOrEmpty(request.Model))
        {
            error = Invalid("'model' is missing: give an app's or a local model's name; GET /v1/models lists them.", "model");
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

    private static ModelEntry ToEntry(ModelSummary model) => new(model.Name, "model", model.CreatedAt.ToUnixTimeSeconds(), "landfall");

    private static ModelEntry ToEntry(LiveRelease live, DateTimeOffset createdAt) =>
        new(live.Release.Model, "model", createdAt.ToUnixTimeSeconds(), "landfall");

    private static JsonHttpResult<GatewayError> NoSuchModel(string model) => GatewayErrors.Create(
        StatusCodes.Status404NotFound, $"The model '{model}' does not exist: no app of that name has a release, and no local model has it. GET /v1/models lists them.", "model", "model_not_found");

    private static JsonHttpResult<GatewayError> Invalid(string message, string? param) => GatewayErrors.Create(StatusCodes.Status400BadRequest, message, param);
}
