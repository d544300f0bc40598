using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Landfall.Platform.Endpoints;
using Landfall.Platform.Models;
using Landfall.Protocol.Models;

namespace Landfall.Platform.Gateway.Local;

/// <summary>
/// Models of the registry as endpoints: the prompt technique, judges and the playground ask them as they ask any other, and
/// the ledger keeps the same bytes, but nothing leaves the process.
/// </summary>
internal sealed class LocalModelEndpoints(ModelStore models, LocalCompletions completions) : ILocalEndpoints
{
    /// <summary>A model reads and writes for minutes where a machine is slow.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public HttpMessageHandler Handler { get; } = new LocalHandler(models, completions);

    public IReadOnlyList<ChatEndpoint> List() => [.. models.List().Where(m => m.Use == ModelUse.Chat).Select(ToEndpoint)];

    private static ChatEndpoint ToEndpoint(ModelSummary model) => new()
    {
        Name = model.Name,
        // The content is in it, as answers of other content under the same name are other answers.
        Address = new Uri($"http://local.invalid/{model.Hash}/v1"),
        Model = model.Name,
        InputPrice = 0,
        OutputPrice = 0,
        Timeout = Patience,
        Source = ChatEndpoints.LocalSource,
    };

    private sealed class LocalHandler(ModelStore models, LocalCompletions completions) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            try
            {
                var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
                var name = GatewayBody.Read<ModelNaming>(body, "a chat completion request").Model;
                if (await models.ResolveAsync(name ?? "", cancellationToken).ConfigureAwait(false) is not { } model || !request.RequestUri!.AbsolutePath.Contains(model.Named.Hash, StringComparison.Ordinal))
                {
                    throw new GatewayProblemException((int)HttpStatusCode.NotFound, $"The model '{name}' is not there any more, or is another one now.", "model", "model_not_found");
                }

                var answer = await completions.AnswerAsync(model, body, cancellationToken).ConfigureAwait(false);
                return answer.Whole is { } whole
                    ? Json(HttpStatusCode.OK, JsonSerializer.SerializeToUtf8Bytes(whole, JsonSerializerOptions.Web))
                    : new HttpResponseMessage(HttpStatusCode.OK) { Content = Events(new LocalEventStream(answer.Events!, answer.Owner!)) };
            }
            catch (GatewayProblemException problem)
            {
                var response = Json((HttpStatusCode)problem.Status, JsonSerializer.SerializeToUtf8Bytes(GatewayErrors.BodyOf(problem), JsonSerializerOptions.Web));
                response.Headers.RetryAfter = problem.RetryAfter is { } wait ? new RetryConditionHeaderValue(wait) : null;
                return response;
            }
        }

        private static HttpResponseMessage Json(HttpStatusCode status, byte[] body)
        {
            var content = new ByteArrayContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            return new HttpResponseMessage(status) { Content = content };
        }

        private static StreamContent Events(Stream events)
        {
            var content = new StreamContent(events);
            content.Headers.ContentType = new MediaTypeHeaderValue("text/event-stream");
            return content;
        }
    }
}
