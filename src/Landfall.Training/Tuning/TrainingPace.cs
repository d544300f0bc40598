using Landfall.Protocol.Training;

namespace Landfall.Training.Tuning;

/// <summary>How fast a training goes, and how long it still takes.</summary>
/// <param name="clock">The clock.</param>
/// <param name="state">The training's.</param>
/// <param name="steps">Steps in all.</param>
internal sealed class TrainingPace(TimeProvider clock, TrainerState state, int steps)
{
    private readonly long _begin = clock.GetTimestamp();
    private readonly double _secondsBefore = state.Seconds;
    private readonly int _stepsBefore = state.Step;
    private long _tokens;

    /// <summary>Time spent, earlier processes' included.</summary>
    public double Seconds => _secondsBefore + clock.GetElapsedTime(_begin).TotalSeconds;

    /// <summary>What is said of the step that has just been done.</summary>
    public TrainingStep Step(double loss, double rate, double norm, int tokens)
    {
        _tokens += tokens;
        var seconds = clock.GetElapsedTime(_begin).TotalSeconds;
        return new TrainingStep(
            state.Step, steps, loss, rate, norm, seconds > 0 ? _tokens / seconds : 0, Environment.WorkingSet, seconds / (state.Step - _stepsBefore) * (steps - state.Step));
    }
}

/// <summary>When the next checkpoint is due: by time, and sooner after an evaluation, whose work would be lost.</summary>
/// <param name="clock">The clock.</param>
/// <param name="every">Time between checkpoints.</param>
/// <param name="mostShare">The most of the time that writing them may take.</param>
internal sealed class CheckpointTimer(TimeProvider clock, TimeSpan every, double mostShare)
{
    private long _last = clock.GetTimestamp();
    private TimeSpan _writing;

    /// <summary>Whether one is due.</summary>
    /// <param name="evaluated">Whether an evaluation was just done.</param>
    public bool IsDue(bool evaluated)
    {
        var passed = clock.GetElapsedTime(_last);
        return passed >= (evaluated ? every / 10 : every) && passed >= _writing / mostShare;
    }

    /// <summary>Writes one.</summary>
    public void Write(Action write)
    {
        var begin = clock.GetTimestamp();
        write();
        _last = clock.GetTimestamp();
        _writing = clock.GetElapsedTime(begin, _last);
    }
}
