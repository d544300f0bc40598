using System.Text;
using Landfall.Platform.Access;
using Landfall.Platform.Endpoints.Calls;
using Landfall.Platform.Hosting;
using Landfall.Protocol.Endpoints;
using Landfall.Protocol.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.AI;

namespace Landfall.Platform.Endpoints;

/// <summary>The endpoints of <c>/api/endpoints</c> and <c>/api/calls</c>.</summary>
public static class EndpointsApi
{
    private const int MaxPage = 500;

    public static IEndpointRouteBuilder MapEndpoints(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/endpoints").WithTags("Endpoints");
        group.MapGet("/", List).WithName("ListEndpoints").WithSummary("The language models that can be asked, the default first.").Requires(Role.Viewer);
        // All teams ask the same endpoints, so where requests and keys go is the owners' word: whoever sets an address gets what is sent there.
        group.MapPut("/{name}", Put).WithName("PutEndpoint").WithSummary("Adds an endpoint, or changes it.").Requires(Role.Operator).OwnersOnly();
        group.MapDelete("/{name}", Delete).WithName("DeleteEndpoint").WithSummary("Removes an endpoint from the settings.").Requires(Role.Operator).OwnersOnly();
        group.MapPost("/{name}/check", CheckAsync).WithName("CheckEndpoint").WithSummary("Asks an endpoint one short question.").Requires(Role.Editor);
        var calls = routes.MapGroup("/api/calls").WithTags("Endpoints");
        calls.MapGet("/", ListCallsAsync).WithName("ListCalls").WithSummary("Calls of language models, newest first; of one run, or all.").Requires(Role.Viewer);
        calls.MapGet("/{id}", GetCallAsync).WithName("GetCall").WithSummary("A call with its exact request and answer.").Requires(Role.Viewer);
        return routes;
    }

    private static Ok<EndpointList> List(IChatEndpoints endpoints)
    {
        var standard = endpoints.Find(null)?.Name;
        return TypedResults.Ok(new EndpointList([.. endpoints.List().Select(e => ToSummary(e, e.Name == standard))], endpoints.Problems));
    }

    private static Results<Ok<EndpointSummary>, ProblemHttpResult> Put(string name, EndpointSettings settings, EndpointSettingsService service, IChatEndpoints endpoints)
    {
        if (service.WhyRefused(name, settings) is { } why)
        {
            return ApiProblems.Create(StatusCodes.Status400BadRequest, ErrorCodes.BadRequest, why);
        }

        service.Put(name, settings);
        return endpoints.Find(name) is { } endpoint
            ? TypedResults.Ok(ToSummary(endpoint, endpoint.Name == endpoints.Find(null)?.Name))
            : ApiProblems.Create(StatusCodes.Status409Conflict, ErrorCodes.Conflict, string.Join(' ', endpoints.Problems.Where(p => p.Contains($"'{name}'", StringComparison.Ordinal))));
    }

    private static Results<NoContent, ProblemHttpResult> Delete(string name, EndpointSettingsService service) => service.Remove(name)
        ? TypedResults.NoContent()
        : NoSuchEndpoint(name, " in the settings");

    private static async Task<Results<Ok<EndpointCheck>, ProblemHttpResult>> CheckAsync(string name, IChatEndpoints endpoints, CancellationToken cancellation)
    {
        if (endpoints.Find(name) is not { } endpoint)
        {
            return NoSuchEndpoint(name, "");
        }

        using var scope = CallScope.Enter(new CallScope("check", Run: null, Spending: null));
        try
        {
            var options = new ChatOptions().AsFresh();
            var answer = await endpoints.Open(endpoint).GetResponseAsync([new ChatMessage(ChatRole.User, "Answer with the word ready.")], options, cancellation).ConfigureAwait(false);
            var receipt = answer.Receipt();
            return TypedResults.Ok(new EndpointCheck(IsAnswering: true, answer.Text.Length > 200 ? answer.Text[..200] : answer.Text, receipt?.LatencyMs, receipt?.CostUsd));
        }
        catch (EndpointException error)
        {
            return TypedResults.Ok(new EndpointCheck(IsAnswering: false, error.Message, LatencyMs: null, CostUsd: null));
        }
    }

    private static async Task<Results<Ok<IReadOnlyList<CallSummary>>, ProblemHttpResult>> ListCallsAsync(
        PaidCallStore calls, CancellationToken cancellation, string? run = null, int offset = 0, int limit = 50)
    {
        if (offset < 0 || limit is < 1 or > MaxPage)
        {
            return ApiProblems.Create(StatusCodes.Status400BadRequest, ErrorCodes.BadRequest, $"offset is {offset} and limit {limit}; offset is at least 0, and limit from 1 to {MaxPage}.");
        }

        var found = await calls.ListAsync(run, offset, limit, cancellation).ConfigureAwait(false);
        return TypedResults.Ok<IReadOnlyList<CallSummary>>([.. found.Select(ToSummary)]);
    }

    private static async Task<Results<Ok<CallDetail>, ProblemHttpResult>> GetCallAsync(string id, PaidCallStore calls, CancellationToken cancellation) =>
        await calls.FindAsync(id, cancellation).ConfigureAwait(false) is { } call
            ? TypedResults.Ok(new CallDetail(ToSummary(call), Text(call.Request)!, Text(call.Response)))
            : ApiProblems.Create(StatusCodes.Status404NotFound, ErrorCodes.NotFound, $"There is no call '{id}'. GET api/calls lists them.");

    private static string? Text(byte[]? packed) => packed is null ? null : Encoding.UTF8.GetString(PackedText.Unpack(packed));

    private static EndpointSummary ToSummary(ChatEndpoint endpoint, bool isDefault) => new()
    {
        Name = endpoint.Name,
        Address = endpoint.Address.ToString(),
        Model = endpoint.Model,
        HasKey = endpoint.Key.IsSet,
        InputPrice = endpoint.InputPrice,
        OutputPrice = endpoint.OutputPrice,
        TimeoutSeconds = endpoint.Timeout.TotalSeconds,
        MaxParallel = endpoint.MaxParallel,
        Source = endpoint.Source,
        IsDefault = isDefault,
    };

    private static CallSummary ToSummary(PaidCallEntity call) => new()
    {
        Id = call.Identity,
        Endpoint = call.Endpoint,
        Model = call.Model,
        Purpose = call.Purpose,
        Run = call.Run,
        Repeat = call.Repeat,
        State = Enum.Parse<CallState>(call.State, ignoreCase: true),
        AskedAt = call.AskedAt,
        Attempts = call.Attempts,
        PromptTokens = call.PromptTokens,
        CompletionTokens = call.CompletionTokens,
        CostUsd = call.CostUsd,
        LatencyMs = call.LatencyMs,
        UsageNote = call.UsageNote,
        Error = call.Error,
    };

    private static ProblemHttpResult NoSuchEndpoint(string name, string where) =>
        ApiProblems.Create(StatusCodes.Status404NotFound, ErrorCodes.NotFound, $"There is no endpoint '{name}'{where}. GET api/endpoints lists them.");
}
