using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Landfall.Commands;
using Landfall.Protocol;
using Landfall.Protocol.Apps;
using Landfall.Protocol.Briefs;
using Landfall.Protocol.Datasets;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Landings;
using Landfall.Protocol.Runs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Landfall.Tests.Commands;

/// <summary>A server of the protocol with canned answers, over real HTTP: what the commands send is what a server gets.</summary>
internal sealed class FakeServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeServer(WebApplication app) => _app = app;

    public ConcurrentDictionary<string, byte[]> Blobs { get; } = new();

    public ConcurrentQueue<BriefSource> Checks { get; } = new();

    public ConcurrentQueue<LandingRequest> Landings { get; } = new();

    public ConcurrentQueue<BriefDraftRequest> Drafts { get; } = new();

    public ConcurrentQueue<string> RunActions { get; } = new();

    public int Uploads { get; private set; }

    /// <summary>How often a stream of events breaks off before it is told whole.</summary>
    public int BrokenStreams { get; set; }

    public Func<BriefSource, BriefCheckResponse> Check { get; set; } = source =>
        new BriefCheckResponse([], source.Files.Count == 0 ? ["data/train.jsonl", "data/test.jsonl"] : [], "helpdesk");

    public IReadOnlyList<RunEvent> Events { get; set; } = Samples.Events(RunState.Completed);

    public LandingResult Result { get; set; } = Samples.Result();

    public AppDetail App { get; set; } = Samples.App();

    public BriefDraft? Draft { get; set; }

    /// <summary>Answered in place of everything else under a path.</summary>
    public Dictionary<string, ApiProblem> Problems { get; } = [];

    /// <summary>Called when an upload begins.</summary>
    public Action OnUpload { get; set; } = () => { };

    /// <summary>Called when a report is asked for.</summary>
    public Action OnReport { get; set; } = () => { };

    /// <summary>Streams of events that were told as far as they go.</summary>
    public int StreamsTold { get; private set; }

    /// <summary>When set, the stream of events stays open after the last one.</summary>
    public bool HoldsStreamOpen { get; set; }

    public Uri Url => new(_app.Urls.First().TrimEnd('/') + "/");

    public static async Task<FakeServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        builder.Services.Configure<JsonOptions>(o => o.SerializerOptions.TypeInfoResolverChain.Insert(0, LandfallJsonContext.Default));
        var app = builder.Build();
        var server = new FakeServer(app);
        app.Use(server.AnswerProblemsAsync);
        server.MapBlobs(app);
        server.MapBriefs(app);
        server.MapRuns(app);
        server.MapRest(app);
        await app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerProblemsAsync(HttpContext context, RequestDelegate next)
    {
        var found = Problems.FirstOrDefault(p => context.Request.Path.StartsWithSegments(p.Key, StringComparison.Ordinal)).Value;
        if (found is null)
        {
            await next(context);
            return;
        }

        context.Response.StatusCode = found.Status ?? 400;
        await context.Response.WriteAsJsonAsync(found, LandfallJsonContext.Default.ApiProblem, "application/problem+json");
    }

    private void MapBlobs(WebApplication app)
    {
        app.MapMethods("/api/blobs/{sha}", ["HEAD"], (string sha) => Blobs.ContainsKey(sha) ? Results.Ok() : Results.NotFound());
        app.MapGet("/api/blobs/{sha}", (string sha) => Blobs.TryGetValue(sha, out var bytes) ? Results.Bytes(bytes) : Results.NotFound());
        app.MapPut("/api/blobs/{sha}", async (string sha, HttpRequest request) =>
        {
            Uploads++;
            OnUpload();
            using var memory = new MemoryStream();
            await request.Body.CopyToAsync(memory);
            if (Convert.ToHexStringLower(SHA256.HashData(memory.ToArray())) != sha)
            {
                return Results.Json(new ApiProblem { Status = 400, Code = ErrorCodes.BadRequest, Detail = "The content does not have the hash." }, LandfallJsonContext.Default.ApiProblem, statusCode: 400);
            }

            Blobs[sha] = memory.ToArray();
            return Results.NoContent();
        });
    }

    private void MapBriefs(WebApplication app)
    {
        app.MapPost("/api/briefs/check", (BriefSource source) =>
        {
            Checks.Enqueue(source);
            return Check(source);
        });
        app.MapPost("/api/briefs/draft", (BriefDraftRequest request) =>
        {
            Drafts.Enqueue(request);
            return Draft;
        });
        app.MapGet("/api/briefs/schema", () => """{"title":"brief"}""");
        app.MapGet("/api/briefs/templates", () => (IReadOnlyList<BriefTemplate>)
        [
            new BriefTemplate("label", "Messages get one of several labels", "app: x\n"),
            new BriefTemplate("json", "Answers are JSON", "# A comment\napp: sample\nscenario: >\n  Long\n  text\noutput:\n  kind: json\n"),
        ]);
    }

    private void MapRuns(WebApplication app)
    {
        app.MapPost("/api/landings", (LandingRequest request) =>
        {
            Landings.Enqueue(request);
            return Samples.Run(RunState.Pending);
        });
        app.MapPost("/api/landings/plan", (LandingRequest request) =>
        {
            Landings.Enqueue(request);
            return new LandingPlan("helpdesk", [new PlannedCandidate("nearest", "nearest", Runs: true, null, 1.2, 120_000_000)], 600, []);
        });
        app.MapGet("/api/runs", () => (IReadOnlyList<RunSummary>)[Samples.Run(RunState.Completed)]);
        app.MapGet("/api/runs/{id}", (string id) => new RunDetail(
            Samples.Run(RunState.Completed),
            [new JournalEntry(1, 1, "intent", "import", Samples.Start, JsonSerializer.SerializeToElement(1))],
            JsonSerializer.SerializeToElement(Result, LandfallJsonContext.Default.LandingResult)));
        app.MapGet("/api/runs/{id}/log", () => (IReadOnlyList<RunLogLine>)[new RunLogLine(1, Samples.Start, "info", "read 1500 rows")]);
        app.MapGet("/api/runs/{id}/events", WriteEventsAsync);
        foreach (var action in new[] { "cancel", "resume" })
        {
            app.MapPost($"/api/runs/{{id}}/{action}", (string id) =>
            {
                RunActions.Enqueue($"{action} {id}");
                return Samples.Run(action == "cancel" ? RunState.Cancelled : RunState.Running);
            });
        }
    }

    private void MapRest(WebApplication app)
    {
        app.MapGet("/api/apps", () => (IReadOnlyList<AppSummary>)[App.App]);
        app.MapGet("/api/apps/{name}", (string name) => App);
        app.MapGet("/api/apps/{name}/report", (string name, string format) =>
        {
            OnReport();
            return format == "json" ? Samples.ReportJson : $"<{format}/>";
        });
        app.MapPost("/api/apps/{name}/try", (TryRequest request) => new TryResponse($"echo {request.Text}", "echo", 0.9, 1.5, []));
        app.MapPost("/api/datasets/preview", (PreviewRequest request) => new DatasetPreview
        {
            Format = "csv",
            Encoding = "utf-8",
            Delimiter = ",",
            TextField = "text",
            ExpectedField = "label",
            OtherFields = [],
            Rows = [new DatasetRow { Id = "0123456789abcdef", Text = "网络很慢 \u001b[2J", Expected = "slow" }],
        });
    }

    private async Task WriteEventsAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        var breaks = BrokenStreams > 0;
        BrokenStreams--;
        foreach (var next in breaks ? Events.Take(Events.Count - 1) : Events)
        {
            await context.Response.WriteAsync($"data: {JsonSerializer.Serialize(next, LandfallJsonContext.Default.RunEvent)}\n\n");
            await context.Response.Body.FlushAsync();
        }

        StreamsTold++;
        if (HoldsStreamOpen)
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }
}
