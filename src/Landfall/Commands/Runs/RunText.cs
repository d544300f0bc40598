using Landfall.Protocol.Runs;

namespace Landfall.Commands.Runs;

/// <summary>Runs in words.</summary>
internal static class RunText
{
    private const int BarWidth = 20;

    public static string State(RunState state) => state switch
    {
        RunState.Pending => "pending",
        RunState.Running => "running",
        RunState.Completed => "completed",
        RunState.Failed => "failed",
        RunState.Interrupted => "interrupted",
        _ => "cancelled",
    };

    /// <summary><c>[##########----------]  50% linear: measuring</c>; the bar only where the end is known.</summary>
    public static string Progress(RunProgress progress)
    {
        if (progress.Fraction is not { } fraction || !double.IsFinite(fraction))
        {
            return progress.Message;
        }

        fraction = Math.Clamp(fraction, 0, 1);
        var done = (int)(fraction * BarWidth);
        return $"[{new string('#', done)}{new string('-', BarWidth - done)}] {Figures.Percent(fraction),4} {progress.Message}";
    }
}
