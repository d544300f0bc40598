using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Landfall.Inference;
using Landfall.Protocol;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Training;
using Landfall.Training.Models;
using TorchSharp;

namespace Landfall.Training.Tuning;

/// <summary>Carries an order out: reads the rows, plans, trains, writes the result.</summary>
/// <param name="clock">For speeds and times.</param>
public sealed class TuningJob(TimeProvider? clock = null)
{
    private const int MostRowLength = 1024;

    /// <summary>Tunes.</summary>
    /// <param name="order">What is asked.</param>
    /// <param name="report">Told what happens. It must not wait.</param>
    /// <param name="cancellation">Ends it after a step, with a checkpoint.</param>
    /// <exception cref="TrainingException">It cannot be done.</exception>
    /// <exception cref="InferenceException">The base cannot be read.</exception>
    public async Task<TrainingResult> RunAsync(TuningOrder order, Action<WorkerEvent> report, CancellationToken cancellation = default)
    {
        Check(order);
        var device = TrainableModel.DeviceFor(order.Device);
        torch.set_num_threads(order.Threads ?? Environment.ProcessorCount);
        var (rows, validation, settings) = Read(order, cancellation);
        var data = new DataOrder(rows, Packer.FindRowLength(rows, MostRowLength, order.Seed), order.Seed);
        var rowsPerStep = Math.Max((int)Math.Round((double)settings.BatchTokens!.Value / data.RowLength), 1);
        var steps = Math.Max((int)Math.Round(settings.Epochs!.Value * data.RowsPerEpoch / rowsPerStep), 1);
        settings = settings with { EvaluateEvery = settings.EvaluateEvery ?? Math.Max((int)Math.Ceiling((double)data.RowsPerEpoch / rowsPerStep), 1) };
        using var model = TrainableModel.Open(order.Base, order.Method, settings, order.Labels.Count, device, order.Seed, settings.Precision!.Value);
        report(new WorkerEvent { Plan = new TrainingPlan(rows.Rows.Count, rows.LeftOut, rows.TokenCount, data.PaddingShare, steps, MemoryBytes: Environment.WorkingSet, settings) });
        var options = new TrainerOptions
        {
            Steps = steps,
            RowsPerStep = rowsPerStep,
            AccumulationSteps = settings.AccumulationSteps!.Value,
            LearningRate = settings.LearningRate!.Value,
            WarmUpSteps = (int)(settings.WarmUp!.Value * steps),
            Optimiser = new AdamWSettings { WeightDecay = settings.WeightDecay!.Value },
            ClipNorm = settings.ClipNorm!.Value,
            EvaluateEvery = settings.EvaluateEvery!.Value,
            Patience = settings.Patience!.Value,
            Seed = order.Seed,
            Device = device,
            Checkpoints = order.Checkpoints,
            Identity = IdentityOf(order, settings, rows, validation),
        };
        var outcome = await new Trainer(model, data, validation, options, clock).TrainAsync(report, cancellation).ConfigureAwait(false);
        Save(model, order.Output);
        return new TrainingResult(
            outcome.TrainedParameters, outcome.OptimiserBytes, PeakMemory(), outcome.Seconds, outcome.Steps, outcome.Tokens, outcome.BestStep, outcome.TrainLoss, outcome.Best?.Loss,
            [.. Directory.EnumerateFiles(order.Output).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)]);
    }

    private static (TokenRows Train, TokenRows? Validation, TuningSettings Settings) Read(TuningOrder order, CancellationToken cancellation)
    {
        using var model = LanguageModel.Open(order.Base);
        var longest = order.Settings.MaxLength ?? TuningDefaults.MaxLength(model.Config.ContextLength);
        if (longest > model.Config.ContextLength)
        {
            throw new TrainingException(ErrorCodes.TrainingFailed, $"max_length is {longest}, and {order.Base} was made for {model.Config.ContextLength} tokens. Set at most that.");
        }

        var data = new TuningData(model, order.Labels.Count, longest);
        var train = data.Read(order.Train, cancellation);
        var validation = order.Validation is { } path ? data.Read(path, cancellation) : null;
        return (train, validation, TuningDefaults.Complete(order, train, ParametersOf(model), model.Config.ContextLength));
    }

    private static long ParametersOf(LanguageModel model)
    {
        var config = model.Config;
        var layer = ((long)config.HiddenSize * ((2 * config.QueryWidth) + (2 * config.KeyValueWidth))) + (3L * config.HiddenSize * config.IntermediateSize);
        return (config.LayerCount * layer) + ((long)config.VocabularySize * config.HiddenSize * (config.TiedEmbeddings ? 1 : 2));
    }

    /// <summary>The same order on the same rows goes on with its checkpoints; another one does not.</summary>
    private static string IdentityOf(TuningOrder order, TuningSettings settings, TokenRows rows, TokenRows? validation)
    {
        var same = order with { Settings = settings, Base = BaseHash(order.Base), Train = rows.Hash, Validation = validation?.Hash, Output = "", Checkpoints = "" };
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(same, LandfallJsonContext.Default.TuningOrder)))[..16];
    }

    /// <summary>What is in the base's files.</summary>
    private static string BaseHash(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles().OrderBy(f => f.Name, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{file.Name}\0{file.Length}\0")));
            using var stream = file.OpenRead();
            for (int read; (read = stream.Read(buffer)) > 0;)
            {
                hash.AppendData(buffer, 0, read);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Writes the result beside its place, then renames it: the folder is there whole or not at all.</summary>
    private static void Save(TrainableDecoder model, string folder)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var unfinished = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.unfinished");
        Remove(unfinished);
        try
        {
            model.Save(unfinished);
            Remove(path);
            Directory.Move(unfinished, path);
        }
        catch
        {
            Remove(unfinished);
            throw;
        }

        static void Remove(string gone)
        {
            if (Directory.Exists(gone))
            {
                Directory.Delete(gone, recursive: true);
            }
        }
    }

    private static long PeakMemory()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    private static void Check(TuningOrder order)
    {
        var settings = order.Settings;
        Within("epochs", settings.Epochs, 0.001, 10_000);
        Within("learning_rate", settings.LearningRate, 1e-12, 100);
        Within("batch_tokens", settings.BatchTokens, 1, 1 << 24);
        Within("accumulation_steps", settings.AccumulationSteps, 1, 1 << 16);
        Within("warm_up", settings.WarmUp, 0, 1);
        Within("weight_decay", settings.WeightDecay, 0, 100);
        Within("clip_norm", settings.ClipNorm, 1e-9, 1e9);
        Within("evaluate_every", settings.EvaluateEvery, 1, int.MaxValue);
        Within("patience", settings.Patience, 0, int.MaxValue);
        Within("max_length", settings.MaxLength, 2, 1 << 24);
        Within("threads", order.Threads, 1, 1024);
        if (order.Labels.Count == 1)
        {
            throw new TrainingException(ErrorCodes.TrainingFailed, $"There is one label only ('{order.Labels[0]}'): there is nothing to tell apart.");
        }
    }

    private static void Within(string name, double? value, double least, double most)
    {
        if (value is { } given && !(given >= least && given <= most))
        {
            throw new TrainingException(ErrorCodes.TrainingFailed, string.Create(CultureInfo.InvariantCulture, $"{name} is {given}; a number from {least} to {most} is expected."));
        }
    }
}
