namespace Landfall.Training.Tuning;

/// <summary>A learning rate that rises in a line and falls as half a cosine (Loshchilov and Hutter, arXiv 1608.03983).</summary>
/// <param name="peak">The highest learning rate.</param>
/// <param name="steps">Steps in all.</param>
/// <param name="warmUp">Steps in which it rises to the peak.</param>
/// <param name="floor">The share of the peak that it falls to.</param>
public sealed class LearningRateSchedule(double peak, int steps, int warmUp, double floor = 0)
{
    /// <summary>The learning rate of a step; never 0.</summary>
    /// <param name="step">From 1.</param>
    public double At(int step)
    {
        if (step <= warmUp)
        {
            return peak * step / warmUp;
        }

        var progress = (double)(step - warmUp) / (steps - warmUp + 1);
        return peak * (floor + ((1 - floor) * 0.5 * (1 + Math.Cos(Math.PI * Math.Min(progress, 1)))));
    }
}
