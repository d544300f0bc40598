using Landfall.Platform.Briefs;
using Landfall.Platform.Candidates;
using Landfall.Platform.Datasets;
using Landfall.Platform.Endpoints;
using Landfall.Platform.Endpoints.Calls;
using Landfall.Platform.Evaluation;
using Landfall.Platform.Evaluation.Judging;
using Landfall.Platform.Models;
using Landfall.Platform.Storage;
using Landfall.Platform.Training;
using Landfall.StubEndpoint;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Landfall.Platform.Tests.Evaluation.Judging;

/// <summary>Evaluation and candidates of a server on a data folder of its own, with a stub as the endpoint <c>stub</c>.</summary>
internal sealed class JudgingHost : IAsyncDisposable
{
    public const string Candidate = "candidate-1";

    private readonly ServiceProvider _services;
    private readonly string _folder = Directory.CreateTempSubdirectory("landfall-judging").FullName;

    private JudgingHost(StubServer stub)
    {
        Stub = stub;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(stub.Environment().Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build();
        var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration);
        services.AddStorage(_folder).AddEndpoints(_folder).AddModels(_folder).AddTraining(new TrainingOptions { Folder = _folder }).AddEvaluation().AddCandidates().AddSingleton<ITechnique, AskingTechnique>();
        _services = services.BuildServiceProvider();
    }

    public StubServer Stub { get; }

    public AnswerJudges Judges => Get<AnswerJudges>();

    public static async Task<JudgingHost> StartAsync(Func<StubRequest, StubAnswer> skill)
    {
        var host = new JudgingHost(await StubServer.StartAsync(new StubOptions { Skill = skill }));
        await DatabaseStartup.ClaimAsync(host.Get<IDbContextFactory<LandfallDatabase>>(), host.Get<ServerFence>(), CancellationToken.None);
        var artifact = await host.Get<BlobStore>().WriteAsync(new byte[] { 1 }, CancellationToken.None);
        await host.Get<CandidateStore>().AddAsync(new StoredCandidate(Candidate, AskingTechnique.TechniqueName, artifact, new TrainingRecord(0, 0, 0, 0, 0, [])), CancellationToken.None);
        return host;
    }

    public static BriefJudge Judge(JudgeScale scale = JudgeScale.PassFail, int votes = 1, string rubric = "The answer is right.") =>
        new("right", rubric, RubricPath: null, scale, [null], votes, Calibration: null);

    public static Brief Brief(BriefJudge judge) => Examples.Brief(OutputKind.Text) with { Judges = [judge] };

    public static Observation Observation(int i, string got = "an answer", string expected = "the answer") =>
        new(new Row($"{i:x16}{i:x16}", $"question {i}", expected, new Dictionary<string, string>(StringComparer.Ordinal)), $"{got} {i}", null, 1, 1, 0);

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public JudgePanel Panel(BriefJudge judge) => Judges.Open(Brief(judge))[judge.Name];

    public async Task<IReadOnlyList<Observation>> JudgeAsync(BriefJudge judge, IReadOnlyList<Observation> observations) =>
        await Judges.JudgeAsync([Panel(judge)], Candidate, observations, new Progress<double>(), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Stub.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Asks the stub, as the prompt technique does.</summary>
    private sealed class AskingTechnique(IChatEndpoints endpoints) : ITechnique
    {
        public const string TechniqueName = "asking";

        public string Name => TechniqueName;

        public int Rung => 100;

        public int Version => 1;

        public IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

        public string? WhyUnfit(Brief brief) => null;

        public CostForecast Forecast(long trainRows, long testRows, int labels) => new(TimeSpan.Zero, 0);

        public Task<TrainedCandidate> TrainAsync(TrainingInput input, Stream artifact, IProgress<double> progress, CancellationToken cancellation) =>
            Task.FromResult(new TrainedCandidate(0, 0, []));

        public IPredictor Load(Stream artifact) => new AskingPredictor(endpoints.Open(endpoints.Find("stub")!));
    }

    private sealed class AskingPredictor(IChatClient client) : IPredictor
    {
        public int MaxParallel => 4;

        public async ValueTask<Answer> AnswerAsync(Question question, CancellationToken cancellation)
        {
            var messages = (question.History ?? []).Append(new Turn("user", question.Text)).Select(turn => new ChatMessage(new ChatRole(turn.Role), turn.Content));
            var response = await client.GetResponseAsync(messages, new ChatOptions(), cancellation);
            return new Answer(response.Text, null, [], LatencyMs: response.Receipt()!.LatencyMs, Call: response.Receipt()!.Call);
        }

        public void Dispose()
        {
        }
    }
}
