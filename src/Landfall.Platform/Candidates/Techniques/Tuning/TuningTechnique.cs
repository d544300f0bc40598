using Landfall.Inference;
using Landfall.Platform.Briefs;
using Landfall.Platform.Datasets;
using Landfall.Platform.Models;
using Landfall.Platform.Runs;
using Landfall.Platform.Search;
using Landfall.Platform.Storage;
using Landfall.Platform.Training;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Models;
using Landfall.Protocol.Training;
using Landfall.Retrieval.Classification;

namespace Landfall.Platform.Candidates.Techniques.Tuning;

/// <summary>
/// <c>prompt-tuning</c>, <c>prefix</c>, <c>lora</c>, <c>qlora</c>, <c>full</c>: a base model changed by the training rows. The worker
/// trains; the result answers in this process.
/// </summary>
internal sealed class TuningTechnique(
    TuningKind kind, TuningBases bases, WorkerHost worker, TrainingOptions options, ModelImporter importer, ModelHost host, ModelHostOptions limits, BlobStore blobs) : ITechnique
{
    private const string ClassifierFile = "classifier.safetensors";

    public string Name => kind.Name;

    public int Rung => kind.Rung;

    public int Version => 1;

    public IReadOnlyDictionary<string, string> Settings => kind.Settings;

    public string BudgetSetting => "epochs";

    public SearchSpace Space(Brief brief) => new([new NumberSetting("learning-rate", 1e-4, 1e-1, IsLog: true), .. kind.Settings.ContainsKey("rank") ? [new NumberSetting("rank", 2, 64, IsLog: true, IsWhole: true)] : Array.Empty<SearchSetting>()]);

    public string? WhyUnfit(Brief brief) => brief.Interaction switch
    {
        Interaction.Agent => "it calls no tools.",
        Interaction.DocumentQa => "it reads no documents.",
        _ => brief.Output == OutputKind.CitedAnswer ? "it cannot cite its sources." : null,
    };

    public string? WhyUnavailable() => worker.IsAvailable ? null : "this server has no worker that could train.";

    public async ValueTask<Standing> StandAsync(Brief brief, IReadOnlyDictionary<string, string> settings, CancellationToken cancellation)
    {
        if (WhyUnavailable() is { } without)
        {
            return new Standing("", without);
        }

        try
        {
            var wanted = TunedSettings.Read(settings);
            var found = await bases.FindAsync(wanted.Base, cancellation).ConfigureAwait(false);
            return found.WhyNot is { } why ? new Standing("", why) : new Standing($"{found.Model!.Hash}\n{brief.OutputSchema}", WhyUnavailable: null);
        }
        catch (RunFailedException refused)
        {
            return new Standing("", refused.Message);
        }
    }

    // An estimate for a base of 5 million parameters and rows of 40 tokens: 6 operations for a parameter and a token, at half
    // the 80 GFLOPS that matrix products reach on two cores. It is to be replaced by figures of the worker itself.
    public CostForecast Forecast(long trainRows, long testRows, int labels)
    {
        var work = 6 * 5e6 * 40 * trainRows * Epochs(trainRows) * kind.Work;
        return new CostForecast(TimeSpan.FromSeconds(6 + (work / 40e9) + (testRows * 0.01)), 700L << 20);
    }

    public async Task<TrainedCandidate> TrainAsync(TrainingInput input, Stream artifact, IProgress<double> progress, CancellationToken cancellation)
    {
        var settings = TunedSettings.Read(input.Settings);
        var found = await bases.FindAsync(settings.Base, cancellation).ConfigureAwait(false);
        var model = found.WhyNot is null ? found.Model! : throw new RunFailedException($"Nothing can be tuned: {found.WhyNot}", ErrorCodes.BriefInvalid);
        using var turn = await worker.TakeAsync(cancellation).ConfigureAwait(false);
        var folder = TuningFolder.Open(options, input.CandidateHash);
        var order = await OrderAsync(input, settings, model, folder, cancellation).ConfigureAwait(false);
        var result = await turn.TuneAsync(order, said => Hear(said, input, progress), cancellation).ConfigureAwait(false);
        try
        {
            var (tuned, notes) = await KeepAsync(input, model, order, folder, result, cancellation).ConfigureAwait(false);
            await tuned.WriteAsync(artifact, cancellation).ConfigureAwait(false);
            folder.Remove();
            return new TrainedCandidate(result.TrainedParameters, CostUsd: 0, [Describe(model, result), .. notes]) { FileBytes = tuned.FileBytes, PeakMemoryBytes = result.PeakMemoryBytes };
        }
        catch (InferenceException error)
        {
            throw new RunFailedException($"What was trained cannot be run: {error.Message}", ErrorCodes.TrainingFailed);
        }
    }

    public IPredictor Load(Stream artifact)
    {
        var tuned = TunedArtifact.Read(artifact);
        var model = new TunedModel(tuned, host, blobs);
        return tuned.Classifier is null ? new TunedWriter(tuned, model) : new TunedClassifier(tuned, model);
    }

    /// <summary>About twenty thousand rows in all, but no fewer than three passes and no more than ten.</summary>
    private static double Epochs(long rows) => Math.Clamp(20_000.0 / Math.Max(1, rows), 3, 10);

    private static string Describe(ModelSummary model, TrainingResult result) => FormattableString.Invariant(
        $"Tuned {model.Name} ({model.Parameters:N0} parameters) in {result.Steps} steps over {result.Tokens:N0} tokens; the weights of step {result.BestStep} are kept (validation loss {result.ValidationLoss:0.000}).");

    private static void Hear(WorkerEvent said, TrainingInput input, IProgress<double> progress)
    {
        input.Heard?.Invoke(said);
        if (said.Step is { } step)
        {
            progress.Report(0.9 * step.Number / Math.Max(1, step.Steps));
        }
    }

    private async Task<TuningOrder> OrderAsync(TrainingInput input, TunedSettings settings, ModelSummary model, TuningFolder folder, CancellationToken cancellation)
    {
        string[] labels = input.Brief.Output == OutputKind.Label && settings.HasClassifier
            ? [.. input.Train.Select(r => r.Expected).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]
            : [];
        await TuningFolder.WriteAsync(folder.Train, Examples(input.Train, labels), cancellation).ConfigureAwait(false);
        await TuningFolder.WriteAsync(folder.Validation, Examples(input.Validation, labels), cancellation).ConfigureAwait(false);
        return new TuningOrder
        {
            Base = bases.FolderOf(model),
            Method = kind.Method,
            Settings = settings.Training with { Epochs = settings.Training.Epochs ?? Epochs(input.Train.Count) },
            Train = folder.Train,
            Validation = input.Validation.Count > 0 ? folder.Validation : null,
            Labels = labels,
            Output = folder.Output,
            Checkpoints = folder.Checkpoints,
            Seed = input.Seed,
            Device = settings.Device,
            Threads = limits.Threads,
        };
    }

    private static IEnumerable<TuningExample> Examples(IReadOnlyList<Row> rows, IReadOnlyList<string> labels) =>
        labels.Count > 0 ? TuningExamples.Labelled(rows, labels) : TuningExamples.Written(rows);

    /// <summary>Takes the result into the blob store, and calibrates it on the validation rows.</summary>
    private async Task<(TunedArtifact Artifact, IReadOnlyList<string> Notes)> KeepAsync(
        TrainingInput input, ModelSummary model, TuningOrder order, TuningFolder folder, TrainingResult result, CancellationToken cancellation)
    {
        var files = new List<ModelFile>();
        foreach (var name in result.Files.Order(StringComparer.Ordinal))
        {
            var path = Path.Combine(folder.Output, name);
            files.Add(await importer.CopyAsync(new SourceFile(name, path, new FileInfo(path).Length), new Progress<long>(), cancellation).ConfigureAwait(false));
        }

        var own = files.Where(f => f.Name != ClassifierFile).ToList();
        var isFull = kind.Method == TuningMethod.Full;
        var tuned = new TunedArtifact
        {
            Format = TunedArtifact.Current,
            Technique = Name,
            Base = model,
            Model = isFull ? importer.Describe($"{model.Name}-tuned", own, new ModelLineage { Made = "tuned", From = model.Name, FromHash = model.Hash, Landfall = LandfallVersion.Text }) : null,
            Adapter = isFull ? null : own,
            Classifier = files.Find(f => f.Name == ClassifierFile),
            Output = input.Brief.Output,
            Labels = input.Brief.Output != OutputKind.Label ? [] : order.Labels.Count > 0 ? order.Labels : [.. input.Train.Select(r => r.Expected).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Schema = input.Brief.OutputSchema,
        };
        return tuned.Classifier is null
            ? (tuned with { MaxAnswerTokens = await LongestAsync(tuned, input.Train, cancellation).ConfigureAwait(false) }, [])
            : await CalibrateAsync(tuned, input, cancellation).ConfigureAwait(false);
    }

    /// <summary>Half as long again as the longest answer that was learnt.</summary>
    private async Task<int> LongestAsync(TunedArtifact tuned, IReadOnlyList<Row> rows, CancellationToken cancellation)
    {
        var longest = rows.MaxBy(r => r.Expected.Length)!.Expected;
        return 16 + (await new TunedModel(tuned, host, blobs).CountAsync(longest, cancellation).ConfigureAwait(false) * 3 / 2);
    }

    private async Task<(TunedArtifact Artifact, IReadOnlyList<string> Notes)> CalibrateAsync(TunedArtifact tuned, TrainingInput input, CancellationToken cancellation)
    {
        var model = new TunedModel(tuned, host, blobs);
        var scored = new List<(float[] Scores, string Label)>();
        foreach (var row in input.Validation)
        {
            scored.Add(((await model.ClassifyAsync(Question.Of(row), cancellation).ConfigureAwait(false)).Logits, row.Expected));
        }

        var calibration = ScoreCalibration.Fit(tuned.Labels, scored, ClassifierSettings.OutOfScopeLabel(input), ClassifierSettings.Threshold(input.Settings));
        using var written = new MemoryStream();
        calibration.Save(written);
        return (tuned with { Calibration = written.ToArray() }, calibration.Notes);
    }
}
