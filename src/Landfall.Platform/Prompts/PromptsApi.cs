using Landfall.Platform.Access;
using Landfall.Platform.Endpoints;
using Landfall.Platform.Hosting;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Prompts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Landfall.Platform.Prompts;

/// <summary>The endpoints of <c>/api/prompts</c> and <c>/api/playground</c>.</summary>
public static class PromptsApi
{
    public static IEndpointRouteBuilder MapPrompts(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/prompts").WithTags("Prompts");
        group.MapGet("/", ListAsync).WithName("ListPrompts").WithSummary("All prompts by name.").Requires(Role.Viewer);
        group.MapGet("/{name}", GetAsync).WithName("GetPrompt").WithSummary("A prompt with its versions and its history.").Requires(Role.Viewer);
        group.MapPost("/{name}/versions", AddAsync).WithName("AddPromptVersion").WithSummary("Adds a version of a prompt.").Requires(Role.Editor);
        group.MapPut("/{name}/labels/{label}", LabelAsync).WithName("LabelPrompt").WithSummary("Moves a label to a version.").Requires(Role.Editor);
        group.MapGet("/{name}/diff", DiffAsync).WithName("DiffPrompt").WithSummary("The difference of two versions.").Requires(Role.Viewer);
        routes.MapPost("/api/playground", PlayAsync).WithName("Play").WithSummary("Asks a prompt and a model; the answer is streamed.").WithTags("Prompts").Requires(Role.Editor);
        return routes;
    }

    private static async Task<Ok<IReadOnlyList<PromptSummary>>> ListAsync(PromptStore store, CancellationToken cancellation)
    {
        var all = await store.ListAsync(cancellation).ConfigureAwait(false);
        return TypedResults.Ok<IReadOnlyList<PromptSummary>>(
            [.. all.Select(p => new PromptSummary(ToVersion(p.Newest, p.Labels), p.Labels.ToDictionary(l => l.Label, l => l.Hash, StringComparer.Ordinal)))]);
    }

    private static async Task<Results<Ok<PromptDetail>, ProblemHttpResult>> GetAsync(string name, PromptStore store, CancellationToken cancellation)
    {
        var versions = await store.VersionsAsync(name, cancellation).ConfigureAwait(false);
        if (versions.Count == 0)
        {
            return NoSuchPrompt(name);
        }

        var labels = await store.LabelsAsync(name, cancellation).ConfigureAwait(false);
        var history = await store.HistoryAsync(name, cancellation).ConfigureAwait(false);
        return TypedResults.Ok(new PromptDetail(
            name, [.. versions.Select(v => ToVersion(v, labels))], [.. history.Select(e => new PromptEvent(e.What, e.Hash, e.Label, e.Before, e.By, e.At))]));
    }

    private static async Task<Results<Ok<PromptVersion>, ProblemHttpResult>> AddAsync(string name, AddPromptRequest request, PromptStore store, CancellationToken cancellation)
    {
        var why = EndpointChecks.WhyNoName(name) is not null
            ? $"'{name}' cannot be a prompt's name: 1 to 64 lower-case letters, digits and hyphens, with a letter or digit first."
            : PromptText.WhyInvalid(request.Text) ?? (request.Note?.Length > 1000 ? "The note is longer than 1000 characters." : null);
        if (why is not null)
        {
            return ApiProblems.Create(StatusCodes.Status400BadRequest, ErrorCodes.BadRequest, why);
        }

        var added = await store.AddAsync(name, request.Text, request.Note?.Trim() ?? "", cancellation).ConfigureAwait(false);
        return TypedResults.Ok(ToVersion(added, await store.LabelsAsync(name, cancellation).ConfigureAwait(false)));
    }

    private static async Task<Results<Ok<PromptVersion>, ProblemHttpResult>> LabelAsync(string name, string label, LabelPromptRequest request, PromptStore store, CancellationToken cancellation)
    {
        // A label that looks like a number would hide a version.
        if (EndpointChecks.WhyNoName(label) is not null || !label.Any(char.IsAsciiLetter))
        {
            return ApiProblems.Create(
                StatusCodes.Status400BadRequest, ErrorCodes.BadRequest, $"'{label}' cannot be a label: lower-case letters, digits and hyphens, with at least one letter.");
        }

        if (await store.FindAsync($"{name}@{request.Version}", cancellation).ConfigureAwait(false) is not { } version)
        {
            return NoSuchPrompt($"{name}@{request.Version}");
        }

        await store.LabelAsync(version, label, cancellation).ConfigureAwait(false);
        return TypedResults.Ok(ToVersion(version, await store.LabelsAsync(name, cancellation).ConfigureAwait(false)));
    }

    private static async Task<Results<Ok<PromptDiff>, ProblemHttpResult>> DiffAsync(string name, string from, string to, PromptStore store, CancellationToken cancellation)
    {
        if (await store.FindAsync($"{name}@{from}", cancellation).ConfigureAwait(false) is not { } before)
        {
            return NoSuchPrompt($"{name}@{from}");
        }

        if (await store.FindAsync($"{name}@{to}", cancellation).ConfigureAwait(false) is not { } after)
        {
            return NoSuchPrompt($"{name}@{to}");
        }

        var labels = await store.LabelsAsync(name, cancellation).ConfigureAwait(false);
        return TypedResults.Ok(new PromptDiff(ToVersion(before, labels), ToVersion(after, labels), LineDiff.Of(before.Text, after.Text)));
    }

    private static async Task<Results<ServerSentEventsResult<PlaygroundEvent>, ProblemHttpResult>> PlayAsync(PlaygroundRequest request, Playground playground, CancellationToken cancellation)
    {
        var (question, why) = await playground.PrepareAsync(request, cancellation).ConfigureAwait(false);
        return question is null
            ? ApiProblems.Create(StatusCodes.Status400BadRequest, ErrorCodes.BadRequest, why!)
            : TypedResults.ServerSentEvents(playground.AskAsync(question, cancellation));
    }

    private static PromptVersion ToVersion(PromptVersionEntity version, IReadOnlyList<PromptLabelEntity> labels) => new()
    {
        Name = version.Name,
        Number = version.Number,
        Hash = version.Hash,
        Text = version.Text,
        Variables = PromptText.Variables(version.Text),
        Note = version.Note,
        CreatedBy = version.CreatedBy,
        CreatedAt = version.CreatedAt,
        Labels = [.. labels.Where(l => l.Hash == version.Hash).Select(l => l.Label)],
    };

    private static ProblemHttpResult NoSuchPrompt(string reference) =>
        ApiProblems.Create(StatusCodes.Status404NotFound, ErrorCodes.NotFound, $"There is no prompt '{reference}'. `landfall prompts list` shows them all.");
}
