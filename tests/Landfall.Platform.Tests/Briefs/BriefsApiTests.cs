using System.Text;
using Landfall.Platform.Briefs;
using Landfall.Platform.Datasets;
using Landfall.Protocol;
using Landfall.Protocol.Briefs;
using Landfall.Protocol.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Landfall.Platform.Tests.Briefs;

/// <summary>The endpoints, over HTTP, by the typed client.</summary>
public sealed class BriefsApiTests(BriefFolder folder) : IClassFixture<BriefFolder>, IAsyncLifetime
{
    private WebApplication _app = null!;
    private HttpClient _http = null!;
    private LandfallClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddRoutingCore();
        builder.Services.AddProblemDetails();
        builder.Services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Insert(0, LandfallJsonContext.Default));
        builder.Services.AddSingleton(folder.Blobs);
        builder.Services.AddSingleton<IRowReader, BriefFolder.TestRowReader>();
        builder.Services.AddSingleton<IMetricCatalogue, TestMetrics>();
        builder.Services.AddSingleton<ITechniqueCatalogue, TestTechniques>();
        builder.Services.AddBriefs();
        _app = builder.Build();
        _app.UseRouting();
        _app.MapBriefs();
        await _app.StartAsync();
        _http = new HttpClient { BaseAddress = new Uri(_app.Urls.Single() + "/") };
        _client = new LandfallClient(_http);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Check_BrokenBrief_AnswersWithProblems()
    {
        var response = await _client.CheckBriefAsync(new BriefSource { Text = BriefTexts.Minimal.Replace("accuracy", "acuracy", StringComparison.Ordinal), Files = folder.Files });

        var problem = Assert.Single(response.Problems);
        Assert.Equal((Severity.Error, "unknown-metric", 10, "targets[0].metric"), (problem.Severity, problem.Code, problem.Line, problem.Field));
    }

    [Fact]
    public async Task Schema_Get_IsTheText()
    {
        Assert.Equal(BriefSchema.Text, await _client.GetBriefSchemaAsync());
        using var response = await _http.GetAsync(new Uri("api/briefs/schema", UriKind.Relative));
        Assert.Equal("application/schema+json", response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Templates_Get_AreAll() => Assert.Equal(BriefTemplates.All, await _client.GetBriefTemplatesAsync());

    [Fact]
    public async Task Draft_UploadedFile_IsDraftedAndChecksClean()
    {
        var content = BriefFolder.Rows(2000, i => ($"message {i}", BriefFolder.Label(i), "en"));
        var hash = await folder.Blobs.WriteAsync(Encoding.UTF8.GetBytes(content), TestContext.Current.CancellationToken);

        var draft = await _client.DraftBriefAsync(new BriefDraftRequest("tickets.jsonl", hash));
        var response = await _client.CheckBriefAsync(new BriefSource { Text = draft.Text, Files = draft.Files });

        Assert.Empty(response.Problems);
        Assert.Equal("tickets", response.App);
    }

    [Theory]
    [InlineData("nothing", ErrorCodes.BadRequest, 400)]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", ErrorCodes.NotFound, 404)]
    public async Task Draft_UnknownBlob_IsRefused(string hash, string code, int status)
    {
        var error = await Assert.ThrowsAsync<LandfallApiException>(() => _client.DraftBriefAsync(new BriefDraftRequest("a.jsonl", hash)));

        Assert.Equal((code, status), (error.Code, error.Problem.Status));
    }

    [Fact]
    public async Task Draft_NoRows_IsDataInvalid()
    {
        var error = await Assert.ThrowsAsync<LandfallApiException>(() => _client.DraftBriefAsync(new BriefDraftRequest("broken.jsonl", folder.Files["data/broken.jsonl"].Sha256!)));

        Assert.Equal((ErrorCodes.DataInvalid, 422), (error.Code, error.Problem.Status));
        Assert.Contains("broken.jsonl, line 4", error.Message, StringComparison.Ordinal);
    }
}
