using System.Text;
using Landfall.Platform.Datasets;
using Landfall.Platform.Storage;
using Landfall.Protocol;
using Landfall.Protocol.Datasets;
using Landfall.Protocol.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Landfall.Platform.Tests.Datasets;

public sealed class DatasetsApiTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("landfall-datasets-").FullName;
    private readonly BlobStore _blobs;
    private readonly Store _store = new();

    public DatasetsApiTests() => _blobs = new BlobStore(_folder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task PreviewAsync_Csv_SaysWhatWasUnderstood()
    {
        var rows = string.Concat(Enumerable.Range(0, 30).Select(i => $"en;q{i};a{i}\r\n"));
        var answer = await PreviewAsync([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("Language;Question;Answer\r\n" + rows)]);
        var preview = Assert.IsType<Ok<DatasetPreview>>(answer).Value!;
        Assert.Equal(("csv", "utf-16le", ";", "Question", "Answer"), (preview.Format, preview.Encoding, preview.Delimiter, preview.TextField, preview.ExpectedField));
        Assert.Equal(["Language"], preview.OtherFields);
        Assert.Equal(Enumerable.Range(0, DatasetPreviewer.Rows).Select(i => $"q{i}"), preview.Rows.Select(r => r.Text));
    }

    [Fact]
    public async Task PreviewAsync_NotRows_IsDataInvalid() =>
        AssertProblem(422, ErrorCodes.DataInvalid, await PreviewAsync("hello\n"u8.ToArray()));

    [Fact]
    public async Task PreviewAsync_FileThatIsNotThere_IsNotFound()
    {
        AssertProblem(404, ErrorCodes.NotFound, (await DatasetsApi.PreviewAsync(new PreviewRequest("a.csv", new string('0', 64)), _blobs, CancellationToken.None)).Result);
        AssertProblem(400, ErrorCodes.BadRequest, (await DatasetsApi.PreviewAsync(new PreviewRequest("a.csv", "../../etc/passwd"), _blobs, CancellationToken.None)).Result);
    }

    [Fact]
    public async Task RowsAsync_ImportedVersion_GivesThePage()
    {
        var source = await _blobs.WriteAsync("text,label\na,x\nb,y\nc,z\n"u8.ToArray(), CancellationToken.None);
        var import = await new DatasetImporter(_blobs, TimeProvider.System).ImportAsync("d", "d.csv", source, progress: null, CancellationToken.None);
        await _store.AddAsync(import.Summary, CancellationToken.None);

        var page = Assert.IsType<Ok<DatasetPage>>(await RowsAsync(import.Summary.Version, 1, 1)).Value!;
        Assert.Equal((3, "b", "y"), (page.Total, Assert.Single(page.Rows).Text, page.Rows[0].Expected));
        Assert.Equal([import.Summary], (await DatasetsApi.ListAsync(_store, CancellationToken.None)).Value!);
    }

    [Fact]
    public async Task MapDatasets_TypedClient_IsAnswered()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(_blobs).AddSingleton<IDatasetStore>(_store).AddDatasets();
        await using var app = builder.Build();
        app.MapDatasets();
        await app.StartAsync();

        var source = await _blobs.WriteAsync("text,label,lang\n你好,greet,zh\nb,y,en\n"u8.ToArray(), CancellationToken.None);
        var import = await app.Services.GetRequiredService<DatasetImporter>().ImportAsync("d", "d.csv", source, progress: null, CancellationToken.None);
        await _store.AddAsync(import.Summary, CancellationToken.None);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single() + "/") };
        var client = new LandfallClient(http);

        Assert.Equal([import.Summary], await client.GetDatasetsAsync());
        Assert.Equal("label", (await client.PreviewDatasetAsync(new PreviewRequest("d.csv", source))).ExpectedField);
        var page = await client.GetRowsAsync(import.Summary.Version, offset: 0, limit: 1);
        Assert.Equal(("你好", "zh"), (Assert.Single(page.Rows).Text, page.Rows[0].Fields["lang"]));
        var error = await Assert.ThrowsAsync<LandfallApiException>(() => client.GetRowsAsync(new string('0', 64)));
        Assert.Equal(ErrorCodes.NotFound, error.Code);
    }

    [Theory]
    [InlineData(-1, 10)]
    [InlineData(0, 0)]
    [InlineData(0, 501)]
    public async Task RowsAsync_BadPage_IsRefused(long offset, int limit) =>
        AssertProblem(400, ErrorCodes.BadRequest, await RowsAsync(new string('0', 64), offset, limit));

    [Fact]
    public async Task RowsAsync_UnknownVersion_IsNotFound()
    {
        AssertProblem(404, ErrorCodes.NotFound, await RowsAsync(new string('0', 64), 0, 10));
        AssertProblem(404, ErrorCodes.NotFound, await RowsAsync("latest", 0, 10));
    }

    private static void AssertProblem(int status, string code, object? answer)
    {
        var problem = Assert.IsType<ProblemHttpResult>(answer);
        Assert.Equal((status, code), (problem.StatusCode, problem.ProblemDetails.Extensions["code"]));
        Assert.False(string.IsNullOrEmpty(problem.ProblemDetails.Detail));
    }

    private async Task<object> PreviewAsync(byte[] content)
    {
        var sha256 = await _blobs.WriteAsync(content, CancellationToken.None);
        return (await DatasetsApi.PreviewAsync(new PreviewRequest("file", sha256), _blobs, CancellationToken.None)).Result;
    }

    private async Task<object> RowsAsync(string version, long offset, int limit) =>
        (await DatasetsApi.RowsAsync(version, _store, _blobs, new DatasetReader(_blobs), CancellationToken.None, offset, limit)).Result;

    private sealed class Store : IDatasetStore
    {
        private readonly List<DatasetSummary> _datasets = [];

        public Task AddAsync(DatasetSummary dataset, CancellationToken cancellation)
        {
            _datasets.Insert(0, dataset);
            return Task.CompletedTask;
        }

        public Task<IReadOnlyList<DatasetSummary>> ListAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<DatasetSummary>>(_datasets);

        public Task<DatasetSummary?> FindAsync(string version, CancellationToken cancellation) => Task.FromResult(_datasets.Find(d => d.Version == version));
    }
}
