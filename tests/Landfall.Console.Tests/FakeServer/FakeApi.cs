using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Web;
using Landfall.Protocol;
using Landfall.Protocol.Access;
using Landfall.Protocol.Apps;
using Landfall.Protocol.Briefs;
using Landfall.Protocol.Datasets;
using Landfall.Protocol.Drafts;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Runs;

namespace Landfall.Console.Tests.FakeServer;

/// <summary>Answers what a <see cref="LandfallClient"/> asks, from <see cref="FakeContent"/>.</summary>
internal sealed class FakeApi : HttpMessageHandler
{
    private static readonly LandfallJsonContext Json = LandfallJsonContext.Default;

    /// <summary>Every request so far: method, path and query.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Datasets and the work on them.</summary>
    public FakeDatasets Datasets { get; } = new();

    /// <summary>Models that the server runs.</summary>
    public FakeModels Models { get; init; } = new();

    /// <summary>Nothing landed, nothing run.</summary>
    public bool IsEmpty { get; init; }

    /// <summary>No server answers.</summary>
    public bool IsDown { get; set; }

    /// <summary>What follows the events of a live run: the wait before the stream ends. Zero ends it at once.</summary>
    public TimeSpan StreamStaysOpen { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>Who is calling.</summary>
    public SessionInfo Session { get; init; } = FakeAccess.Open;

    /// <summary>The events of a followed run.</summary>
    public IReadOnlyList<RunEvent> Events { get; init; } = FakeContent.Events;

    /// <summary>What the check of a brief finds.</summary>
    public IReadOnlyList<BriefProblem> Problems { get; set; } = [];

    /// <summary>The draft as last saved.</summary>
    public Draft Draft { get; private set; } = FakeDrafts.Draft;

    /// <summary>The columns' names do not say what they hold.</summary>
    public bool IsUnnamed { get; init; }

    /// <summary>Somebody else has changed the draft meanwhile.</summary>
    public bool IsDraftTaken { get; set; }

    public LandfallClient Client() => new(new HttpClient(this, disposeHandler: false) { BaseAddress = new Uri("http://fake/") });

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var uri = request.RequestUri!;
        Requests.Enqueue($"{request.Method} {uri.PathAndQuery}");
        if (IsDown)
        {
            throw new HttpRequestException("Connection refused (fake:80)");
        }

        var path = uri.AbsolutePath.Trim('/').Split('/').Select(Uri.UnescapeDataString).ToArray();
        var response = Datasets.Answer(request.Method, path, request.Content) ?? Models.Answer(request.Method, path, request.Content) ?? path switch
        {
            ["api", "session"] => Ok(Session, Json.SessionInfo),
            ["api", "users"] => Ok(FakeAccess.Users, Json.IReadOnlyListUserSummary),
            ["api", "keys"] when request.Method == HttpMethod.Post => Ok(FakeAccess.Created, Json.CreatedKey),
            ["api", "keys", _] => Ok(FakeAccess.Keys[0], Json.KeySummary),
            ["api", "users", ..] => Ok(FakeAccess.Users[0], Json.UserSummary),
            ["api", "keys"] => Ok(FakeAccess.Keys, Json.IReadOnlyListKeySummary),
            ["api", "audit"] => Ok(FakeAccess.Audit, Json.AuditPage),
            ["api", "apps"] => Ok(IsEmpty ? [] : FakeContent.Apps, Json.IReadOnlyListAppSummary),
            ["api", "apps", var app] => Found(FakeContent.App(app), Json.AppDetail, $"There is no app \"{app}\"."),
            ["api", "apps", var app, "candidates", _, "examples"] => Ok(Page(app, HttpUtility.ParseQueryString(uri.Query)), Json.ExamplePage),
            ["api", "apps", _, "try"] => Ok(new TryResponse("billing-question", "billing-question", 0.83, 1.4, [new("price-increase", 0.09), new("refund-request", 0.03)]), Json.TryResponse),
            ["api", "apps", _, "landings"] => Ok(IsEmpty ? [] : FakeDrafts.Landings, Json.IReadOnlyListLandingRecord),
            ["api", "apps", _, "compare"] => Ok(FakeDrafts.Comparison, Json.ReleaseComparison),
            ["api", "apps", _, "release"] => Ok(FakeDrafts.Landings[0].Release!, Json.ReleaseReport),
            ["api", "drafts"] when request.Method == HttpMethod.Post => Ok(FakeDrafts.Draft, Json.Draft),
            ["api", "drafts"] => Ok(IsEmpty ? [] : FakeDrafts.Summaries, Json.IReadOnlyListDraftSummary),
            ["api", "drafts", "0123"] when request.Method == HttpMethod.Put => Changed(request),
            ["api", "drafts", "0123"] => Ok(Draft, Json.Draft),
            ["api", "briefs", "choices"] => Ok(FakeDrafts.Choices, Json.BriefChoices),
            ["api", "briefs", "schema"] => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(FakeDrafts.Schema) },
            ["api", "briefs", "form"] => Ok(new BriefFormResponse(IsYaml(request) ? FakeDrafts.Form : null), Json.BriefFormResponse),
            ["api", "briefs", "edit"] => Ok(new BriefEdit(Draft.Text + "# edited\n"), Json.BriefEdit),
            ["api", "briefs", "check"] => Ok(new BriefCheckResponse(IsYaml(request) ? Problems : [BrokenText], [], "support"), Json.BriefCheckResponse),
            ["api", "landings", "plan"] => Ok(FakeDrafts.Plan, Json.LandingPlan),
            ["api", "landings"] => Ok(FakeContent.Runs[0], Json.RunSummary),
            ["api", "datasets", "preview"] => Preview(JsonSerializer.Deserialize(Body(request), Json.PreviewRequest)!),
            ["api", "searches", FakeSearches.EndedId] => Ok(FakeSearches.Ended, Json.SearchDetail),
            ["api", "searches", FakeSearches.RunningId] => Ok(FakeSearches.Running, Json.SearchDetail),
            ["api", "runs"] => Ok(IsEmpty ? [] : FakeContent.Runs, Json.IReadOnlyListRunSummary),
            ["api", "runs", var id] => Found(FakeContent.RunDetail(id), Json.RunDetail, $"There is no run \"{id}\"."),
            ["api", "runs", _, "log"] => Ok(FakeContent.Log, Json.IReadOnlyListRunLogLine),
            ["api", "runs", var id, "events"] => Stream(id),
            ["api", "runs", var id, "cancel"] => Ok(FakeContent.RunDetail(id)!.Run with { State = RunState.Cancelled }, Json.RunSummary),
            ["api", "runs", var id, "resume"] => Ok(FakeContent.RunDetail(id)!.Run with { State = RunState.Running, Error = null }, Json.RunSummary),
            _ => Problem(HttpStatusCode.NotFound, ErrorCodes.NotFound, "There is nothing here."),
        };
        return Task.FromResult(response);
    }

    private static HttpResponseMessage Ok<T>(T value, JsonTypeInfo<T> type) => new(HttpStatusCode.OK) { Content = JsonContent.Create(value, type) };

    private static HttpResponseMessage Found<T>(T? value, JsonTypeInfo<T> type, string otherwise)
        where T : class =>
        value is null ? Problem(HttpStatusCode.NotFound, ErrorCodes.NotFound, otherwise) : Ok(value, type);

    private static HttpResponseMessage Problem(HttpStatusCode status, string code, string detail) =>
        new(status) { Content = JsonContent.Create(new ApiProblem { Status = (int)status, Code = code, Detail = detail }, Json.ApiProblem) };

    private static BriefProblem BrokenText { get; } = new(Severity.Error, "yaml-syntax", 1, "", "The file is not valid YAML here.");

    private static bool IsYaml(HttpRequestMessage request) => !Body(request).Contains("{broken", StringComparison.Ordinal);

    private static string Body(HttpRequestMessage request) => request.Content!.ReadAsStringAsync().GetAwaiter().GetResult();

    private HttpResponseMessage Preview(PreviewRequest request) => request switch
    {
        { FieldsOnly: true } => Ok(FakeDrafts.Preview with { TextField = "", ExpectedField = "", OtherFields = ["what", "who", "when"] }, Json.DatasetPreview),
        { TextField: { } text, ExpectedField: { } expected } => Ok(FakeDrafts.Preview with { TextField = text, ExpectedField = expected, OtherFields = ["when"] }, Json.DatasetPreview),
        _ when IsUnnamed => Problem(HttpStatusCode.UnprocessableEntity, ErrorCodes.DataInvalid, "rows.csv, line 1: no column for the input."),
        _ => Ok(FakeDrafts.Preview, Json.DatasetPreview),
    };

    private HttpResponseMessage Changed(HttpRequestMessage request)
    {
        if (IsDraftTaken)
        {
            return Problem(HttpStatusCode.Conflict, ErrorCodes.Conflict, "ada has changed this draft meanwhile.");
        }

        var change = JsonSerializer.Deserialize(Body(request), Json.DraftChange)!;
        Draft = Draft with { Text = change.Text, Revision = change.Revision + 1 };
        return Ok(Draft, Json.Draft);
    }

    private static ExamplePage Page(string app, System.Collections.Specialized.NameValueCollection query)
    {
        var fitting = FakeContent.Examples(app).Where(example =>
            (query["filter"] switch { "wrong" => example.Correct == false, "right" => example.Correct == true, _ => true })
            && (query["expected"] is not { } expected || example.Expected == expected)
            && (query["got"] is not { } got || example.Got == got)).ToList();
        return new ExamplePage(fitting.Count, [.. fitting.Skip(int.Parse(query["offset"]!)).Take(int.Parse(query["limit"]!))]);
    }

    private HttpResponseMessage Stream(string id)
    {
        var run = FakeContent.RunDetail(id)!.Run;
        var events = Events.Append(new RunEvent { Type = "state", Run = run });
        var text = string.Concat(events.Select(item => $"data: {JsonSerializer.Serialize(item, Json.RunEvent)}\n\n"));
        var wait = run.State == RunState.Running ? StreamStaysOpen : TimeSpan.Zero;
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new LingeringStream(Encoding.UTF8.GetBytes(text), wait)) };
    }

    // Its bytes, and then nothing for a while, as a live stream of events.
    private sealed class LingeringStream(byte[] bytes, TimeSpan wait) : MemoryStream(bytes, writable: false)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await base.ReadAsync(buffer, cancellationToken);
            if (read == 0 && wait != TimeSpan.Zero)
            {
                await Task.Delay(wait, cancellationToken);
            }

            return read;
        }
    }
}
