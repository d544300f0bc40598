using System.Diagnostics;
using Landfall.Platform.Access;
using Landfall.Platform.Hosting;
using Landfall.Platform.Runs;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Models;
using Landfall.Protocol.Runs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Landfall.Platform.Models;

/// <summary>What is done with a model of <c>/api/models</c>: quantise, export, measure.</summary>
internal static class ModelWorkApi
{
    private const int MostPromptTokens = 100_000;
    private const int MostAnswerTokens = 10_000;
    private const int MostRepeats = 100;

    public static IEndpointRouteBuilder MapModelWork(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/models").WithTags("Models");
        group.MapPost("/{model}/quantise", QuantiseAsync).WithName("QuantiseModel").WithSummary("Starts a run that makes a smaller model of the same weights.").Requires(Role.Editor);
        group.MapPost("/{model}/export", ExportAsync).WithName("ExportModel").WithSummary("Starts a run that writes a model as files to fetch.").Requires(Role.Editor);
        group.MapPost("/{model}/bench", BenchAsync).WithName("BenchModel").WithSummary("Times a model's answers.").Requires(Role.Editor).ChangesNothing();
        group.MapGet("/exports/{run}/{**file}", GetExportAsync).WithName("GetModelExport").WithSummary("A file of an export.")
            .Produces<Stream>(contentType: "application/octet-stream").Requires(Role.Viewer);
        group.MapDelete("/exports/{run}", RemoveExportAsync).WithName("RemoveModelExport").WithSummary("Removes an export's files.").Requires(Role.Editor);
        return routes;
    }

    private static async Task<Results<Ok<RunSummary>, ProblemHttpResult>> QuantiseAsync(
        string model, QuantiseModelRequest request, ModelStore models, RunService runs, CancellationToken cancellation)
    {
        if (await models.FindAsync(model, cancellation).ConfigureAwait(false) is not { } found)
        {
            return ModelsApi.NoSuchModel(model);
        }

        if (ModelsApi.WhyNotAlone(found) is { } alone)
        {
            return alone;
        }

        if (ModelTypes.Find(request.Type) is not { } type)
        {
            return ApiProblems.Create(StatusCodes.Status400BadRequest, ErrorCodes.BadRequest, $"{Briefs.Shown.Text(request.Type)} is no type that models are written in. There are {ModelTypes.Names}.");
        }

        if (await ModelsApi.WhyRefusedAsync(request.Name, hash: null, forModel: null, models, cancellation).ConfigureAwait(false) is { } refusal)
        {
            return refusal;
        }

        var input = new ModelQuantiseInput(found.Name, found.Hash, request.Name, type.ToString());
        var key = $"{ModelQuantiseRun.Name}/{found.Hash}/{request.Name}/{type}";
        return TypedResults.Ok(await runs.StartAsync(ModelQuantiseRun.Name, $"quantise {found.Name} as {type}", app: null, key, RunJson.ToElement(input), cancellation).ConfigureAwait(false));
    }

    private static async Task<Results<Ok<RunSummary>, ProblemHttpResult>> ExportAsync(
        string model, ExportModelRequest request, ModelStore models, RunService runs, CancellationToken cancellation)
    {
        if (await models.FindAsync(model, cancellation).ConfigureAwait(false) is not { } found)
        {
            return ModelsApi.NoSuchModel(model);
        }

        if (ModelsApi.WhyNotAlone(found) is { } alone)
        {
            return alone;
        }

        var input = new ModelExportInput(found.Name, found.Hash, request.Format);
        var key = $"{ModelExportRun.Name}/{found.Name}/{found.Hash}/{request.Format}";
        return TypedResults.Ok(await runs.StartAsync(ModelExportRun.Name, $"export {found.Name}", app: null, key, RunJson.ToElement(input), cancellation).ConfigureAwait(false));
    }

    private static async Task<Results<Ok<ModelBench>, ProblemHttpResult>> BenchAsync(
        string model, BenchModelRequest request, ModelStore models, ModelHost host, ModelHostOptions options, CancellationToken cancellation)
    {
        if (await models.FindAsync(model, cancellation).ConfigureAwait(false) is not { } found)
        {
            return ModelsApi.NoSuchModel(model);
        }

        if (ModelsApi.WhyNotAlone(found) is { } alone)
        {
            return alone;
        }

        if (WhyNot(request, found, options) is { } why)
        {
            return ApiProblems.Create(StatusCodes.Status400BadRequest, ErrorCodes.BadRequest, why);
        }

        try
        {
            using var lease = await host.OpenAsync(found, cancellation).ConfigureAwait(false);
            var timings = new List<ModelTiming>();

            // The first one pages the weights in, and does not count.
            for (var i = 0; i <= request.Repeats; i++)
            {
                var timing = await lease.Model.MeasureAsync(request.PromptTokens, request.AnswerTokens, cancellation).ConfigureAwait(false);
                if (i > 0)
                {
                    timings.Add(timing);
                }
            }

            using var process = Process.GetCurrentProcess();
            return TypedResults.Ok(new ModelBench(
                found.Name, options.Threads, timings, Median(timings, t => t.PromptRate), Median(timings, t => t.AnswerRate), Median(timings, t => t.PromptSeconds), host.MemoryOf(found), process.PeakWorkingSet64));
        }
        catch (ModelMemoryException error)
        {
            return ApiProblems.Create(StatusCodes.Status503ServiceUnavailable, error.MayPass ? ErrorCodes.TooManyRequests : ErrorCodes.Conflict, error.Message);
        }
        catch (Inference.InferenceException error) when (error is not Inference.ModelFormatException)
        {
            return ApiProblems.Create(StatusCodes.Status503ServiceUnavailable, ErrorCodes.TooManyRequests, error.Message);
        }
    }

    private static string? WhyNot(BenchModelRequest request, ModelSummary model, ModelHostOptions options) => request switch
    {
        { PromptTokens: < 1 or > MostPromptTokens } or { AnswerTokens: < 2 or > MostAnswerTokens } or { Repeats: < 1 or > MostRepeats } =>
            $"promptTokens is from 1 to {MostPromptTokens}, answerTokens from 2 to {MostAnswerTokens}, repeats from 1 to {MostRepeats}.",
        _ when model.Use != ModelUse.Chat => $"The model '{model.Name}' makes embeddings and writes no text.",
        _ when request.PromptTokens + request.AnswerTokens > options.ContextOf(model) => $"Prompt and answer have {request.PromptTokens + request.AnswerTokens} tokens; the model's context holds {options.ContextOf(model)}.",
        _ => null,
    };

    private static double Median(List<ModelTiming> timings, Func<ModelTiming, double> of)
    {
        var sorted = timings.Select(of).Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    private static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> GetExportAsync(string run, string file, RunStore runs, ModelExports exports, CancellationToken cancellation) =>
        await IsExportAsync(run, runs, cancellation).ConfigureAwait(false) && exports.Open(run, file) is { } content
            ? TypedResults.Stream(content, "application/octet-stream", Path.GetFileName(file))
            : NoSuchExport(run);

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveExportAsync(string run, RunStore runs, ModelExports exports, CancellationToken cancellation) =>
        await IsExportAsync(run, runs, cancellation).ConfigureAwait(false) && exports.Remove(run) ? TypedResults.NoContent() : NoSuchExport(run);

    /// <summary>Whether it is an export of the team's; only then its id becomes a path.</summary>
    private static async Task<bool> IsExportAsync(string run, RunStore runs, CancellationToken cancellation) =>
        await runs.FindAsync(run, cancellation).ConfigureAwait(false) is { Entity.Kind: ModelExportRun.Name };

    private static ProblemHttpResult NoSuchExport(string run) => ApiProblems.Create(
        StatusCodes.Status404NotFound, ErrorCodes.NotFound, $"There is no such file of an export '{run}'. Exports are kept for a day, or until they are fetched by `landfall model export`.");
}
