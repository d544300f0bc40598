using System.Globalization;
using Landfall.Protocol.Errors;

namespace Landfall.Training.Tuning;

/// <summary>Looks at each step's loss and gradient: skips what is no number, and ends a training that has gone astray.</summary>
/// <param name="state">Where it remembers.</param>
/// <param name="steps">Steps in all.</param>
internal sealed class DivergenceGuard(TrainerState state, int steps)
{
    private const int MostSkipped = 5;
    private const int MostStepsAbove = 10;
    private const double Smoothness = 0.9;

    /// <summary>Whether the step may change the weights.</summary>
    /// <param name="step">The step.</param>
    /// <param name="loss">Its loss.</param>
    /// <param name="norm">Its gradient's length.</param>
    /// <param name="rate">Its learning rate.</param>
    /// <exception cref="TrainingException">The training has diverged.</exception>
    public bool Accepts(int step, double loss, double norm, double rate)
    {
        if (!double.IsFinite(loss) || !double.IsFinite(norm))
        {
            state.RateScale /= 2;
            return ++state.Skipped <= MostSkipped ? false
                : throw Diverged(step, string.Create(CultureInfo.InvariantCulture, $"{state.Skipped} gradients in a row were no numbers, though the learning rate was halved at each"), rate);
        }

        state.Skipped = 0;
        state.SmoothLoss = state.SmoothLoss is { } smooth ? (Smoothness * smooth) + ((1 - Smoothness) * loss) : loss;
        state.LowestLoss = Math.Min(state.LowestLoss ?? loss, state.SmoothLoss.Value);
        state.StepsAbove = IsAbove ? state.StepsAbove + 1 : 0;
        return state.StepsAbove <= MostStepsAbove ? true : throw Diverged(step, Rise, rate);
    }

    /// <summary>Looks at the loss on the validation rows.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="rate">The learning rate.</param>
    /// <exception cref="TrainingException">It is no number.</exception>
    public void CheckEvaluation(double loss, double rate)
    {
        if (!double.IsFinite(loss))
        {
            throw Diverged(state.Step, "the loss on the validation rows is no number", rate);
        }
    }

    /// <summary>Looks once more when all steps are done, which may be too few to be sure before.</summary>
    /// <param name="rate">The highest learning rate.</param>
    /// <exception cref="TrainingException">The training has diverged.</exception>
    public void CheckEnd(double rate)
    {
        if (state.Skipped > 0 || IsAbove)
        {
            throw Diverged(state.Step, state.Skipped > 0 ? "the last gradients were no numbers" : Rise, rate);
        }
    }

    /// <summary>Half as much again as the lowest, and a nat: what no mixture of easy and hard rows does.</summary>
    private bool IsAbove => state.SmoothLoss > (1.5 * state.LowestLoss) + 1;

    private string Rise => string.Create(CultureInfo.InvariantCulture, $"the loss rose from {state.LowestLoss:0.##} to {state.SmoothLoss:0.##} nats");

    private TrainingException Diverged(int step, string what, double rate) => new(ErrorCodes.TrainingDiverged, string.Create(
        CultureInfo.InvariantCulture,
        $"The training diverged at step {step} of {steps}: {what}; the learning rate was {rate:0.####e+0}. Set a lower one (such as {rate / 10:0.##e+0}) or a longer warm-up, and look for rows whose answer does not follow from their prompt."));
}
