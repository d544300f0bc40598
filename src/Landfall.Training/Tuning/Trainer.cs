using System.Diagnostics;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Training;
using Landfall.Training.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Landfall.Training.Tuning;

/// <summary>Trains a model on packed rows: the one loop that all techniques and pretraining run.</summary>
/// <param name="model">The model.</param>
/// <param name="data">What it learns from, and in which order.</param>
/// <param name="validation">What the best weights are chosen by; null: the last ones are.</param>
/// <param name="options">How.</param>
/// <param name="clock">For speeds and times.</param>
public sealed class Trainer(ITrainable model, DataOrder data, TokenRows? validation, TrainerOptions options, TimeProvider? clock = null)
{
    private const double CheckpointShare = 0.05;
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly LearningRateSchedule _schedule = new(options.LearningRate, options.Steps, options.WarmUpSteps, options.RateFloor);
    private readonly List<float> _losses = [];

    /// <summary>Trains, going on from the folder's checkpoint where it has one, and leaves the best weights in the model.</summary>
    /// <param name="report">Told what happens, on the thread that trains. It must not wait.</param>
    /// <param name="cancellation">Ends the training after a step, with a checkpoint.</param>
    /// <exception cref="TrainingException">It diverged, or its weights cannot be written.</exception>
    public Task<TrainingOutcome> TrainAsync(Action<WorkerEvent> report, CancellationToken cancellation = default) =>
        // libtorch's modes and TorchSharp's scopes belong to a thread: the whole training has one of its own.
        Task.Factory.StartNew(() => Train(report, cancellation), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private TrainingOutcome Train(Action<WorkerEvent> report, CancellationToken cancellation)
    {
        using var optimiser = new AdamW(model.Trained, options.Optimiser);
        using var checkpoint = new Checkpoint(options.Checkpoints, options.Identity, model.Trained);
        var state = checkpoint.Load(optimiser, _losses, text => report(new WorkerEvent { Note = text })) ?? new TrainerState();
        var guard = new DivergenceGuard(state, options.Steps);
        var pace = new TrainingPace(_clock, state, options.Steps);
        var saver = new CheckpointTimer(_clock, options.CheckpointEvery, CheckpointShare);
        using var rows = data.From((long)state.Step * options.RowsPerStep).GetEnumerator();

        while (state.Step < options.Steps && !state.EndedEarly)
        {
            using var scope = NewDisposeScope();
            var step = state.Step + 1;
            var rate = _schedule.At(step) * state.RateScale;

            var (loss, tokens) = Backward(rows, step);
            var norm = optimiser.GradientNorm();
            var accepted = guard.Accepts(step, loss, norm, rate);
            if (accepted)
            {
                optimiser.Step(rate, norm > options.ClipNorm ? options.ClipNorm / norm : 1);
                _losses.Add((float)loss);
            }

            optimiser.ClearGradients();
            state.Step = step;
            state.OptimiserSteps = optimiser.Steps;
            state.Tokens += tokens;
            report(accepted ? new WorkerEvent { Step = pace.Step(loss, rate, norm, tokens) }
                : new WorkerEvent { Note = $"Step {step} of {options.Steps}: the gradient is no number; the step is left out and the learning rate halved." });

            var last = step == options.Steps;
            var evaluates = validation is not null && (last || step % options.EvaluateEvery == 0);
            if (evaluates)
            {
                Evaluate(state, checkpoint, guard, report);
            }

            if (last || state.EndedEarly || cancellation.IsCancellationRequested || saver.IsDue(evaluates))
            {
                state.Seconds = pace.Seconds;
                Save(() => checkpoint.Save(state, optimiser, _losses), state, saver, report);
            }

            cancellation.ThrowIfCancellationRequested();
        }

        guard.CheckEnd(options.LearningRate);
        if (state.Best is { } best && best.Step != state.Step)
        {
            checkpoint.LoadBest(best.Step);
        }

        return new TrainingOutcome(
            state.Step, state.Best?.Step ?? state.Step, state.Tokens, pace.Seconds, _losses.TakeLast(Math.Max(_losses.Count / 10, 1)).Average(l => (double)l), state.Best,
            model.Trained.Sum(t => t.Value.numel()), optimiser.StateBytes);
    }

    /// <summary>The gradients of a step's mean loss: the sum over all its parts, divided by all its targets.</summary>
    /// <returns>The mean loss, and tokens.</returns>
    private (double Loss, int Tokens) Backward(IEnumerator<IReadOnlyList<TokenRow>> rows, int step)
    {
        var taken = new List<IReadOnlyList<TokenRow>>();
        while (taken.Count < options.RowsPerStep && rows.MoveNext())
        {
            taken.Add(rows.Current);
        }

        // What is random in a step follows from its number, so that a resumed training does the same.
        manual_seed(unchecked((options.Seed * 1_000_003L) + step));
        var targets = taken.Sum(r => r.Sum(e => (long)e.TargetCount));
        var (sum, tokens) = (0.0, 0);
        foreach (var part in taken.Chunk((taken.Count + options.AccumulationSteps - 1) / options.AccumulationSteps))
        {
            using var scope = NewDisposeScope();
            using var batch = Packer.Batch(part, data.RowLength, options.Device);
            var loss = model.Loss(batch, training: true);
            (loss / targets).backward();
            sum += loss.item<float>();
            tokens += batch.TokenCount;
        }

        return (sum / targets, tokens);
    }

    /// <summary>Measures the validation rows; keeps the weights where none were better; ends the training when patience does.</summary>
    private void Evaluate(TrainerState state, Checkpoint checkpoint, DivergenceGuard guard, Action<WorkerEvent> report)
    {
        var found = Evaluation.Measure(model, validation!, data.RowLength, options) with { Step = state.Step };
        guard.CheckEvaluation(found.Loss, _schedule.At(state.Step) * state.RateScale);
        var better = found.IsBetterThan(state.Best);
        state.Worse = better ? 0 : state.Worse + 1;
        state.EndedEarly = options.Patience > 0 && state.Worse >= options.Patience;
        report(new WorkerEvent { Evaluation = new TrainingEvaluation(found.Step, found.Loss, found.Accuracy, better) });
        if (better)
        {
            state.Best = found;
            try
            {
                checkpoint.SaveBest(state.Step);
            }
            catch (IOException error)
            {
                throw new TrainingException(ErrorCodes.DiskFull, $"{options.Checkpoints}: the best weights cannot be written: {error.Message} Make room and start the training again: it goes on from its last checkpoint.", error);
            }
        }
    }

    /// <summary>A training outlives a checkpoint that cannot be written: the one before it stays.</summary>
    private void Save(Action save, TrainerState state, CheckpointTimer timer, Action<WorkerEvent> report)
    {
        try
        {
            timer.Write(save);
            report(new WorkerEvent { Checkpoint = state.Step });
        }
        catch (IOException error)
        {
            report(new WorkerEvent { Note = $"{options.Checkpoints}: the checkpoint of step {state.Step} cannot be written, and the one before it stays: {error.Message}" });
        }
    }
}
