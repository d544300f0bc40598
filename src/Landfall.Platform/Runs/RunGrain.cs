using Microsoft.Extensions.Hosting;
using Orleans.Concurrency;

namespace Landfall.Platform.Runs;

/// <summary>The owner of one run, keyed by the run's id.</summary>
public interface IRunGrain : IGrainWithStringKey
{
    /// <summary>Begins to work on the run, or goes on with it; nothing happens when it is at work.</summary>
    Task StartAsync();

    /// <summary>Asks the run to stop at its next step, and waits until it has.</summary>
    Task CancelAsync();
}

[Reentrant]
internal sealed class RunGrain(RunExecutor executor, IHostApplicationLifetime lifetime) : Grain, IRunGrain
{
    private static readonly TimeSpan StayActive = TimeSpan.FromMinutes(5);
    private CancellationTokenSource? _cancel;
    private Task _work = Task.CompletedTask;

    public async Task StartAsync()
    {
        if (!_work.IsCompleted)
        {
            return;
        }

        _cancel = new CancellationTokenSource();
        var (id, cancelled) = (this.GetPrimaryKeyString(), _cancel.Token);

        // The work computes for minutes: it belongs on the thread pool, not on the grain's scheduler.
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _work = Task.Run(() => executor.ExecuteAsync(id, opened.SetResult, cancelled, lifetime.ApplicationStopping));
        this.RegisterGrainTimer(KeepActiveAsync, new GrainTimerCreationOptions(TimeSpan.Zero, StayActive / 2) { KeepAlive = true, Interleave = true });

        // Whoever asked may follow the run at once.
        await await Task.WhenAny(opened.Task, _work);
    }

    public async Task CancelAsync()
    {
        if (_cancel is { } cancel)
        {
            await cancel.CancelAsync();
        }

        await _work;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // At the end of the silo the run has seen ApplicationStopping; let it leave its step before the database goes.
        await _work.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _cancel?.Dispose();
        await base.OnDeactivateAsync(reason, cancellationToken);
    }

    private Task KeepActiveAsync(CancellationToken cancellation)
    {
        if (!_work.IsCompleted)
        {
            DelayDeactivation(StayActive);
        }

        return Task.CompletedTask;
    }
}
