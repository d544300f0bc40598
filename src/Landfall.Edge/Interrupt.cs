namespace Landfall.Edge;

/// <summary>Ctrl+C: stops the answer that is being written; with none, the program ends as usual.</summary>
internal sealed class Interrupt : IDisposable
{
    private CancellationTokenSource? _answer;

    public Interrupt() => Console.CancelKeyPress += OnPressed;

    public void Dispose() => Console.CancelKeyPress -= OnPressed;

    /// <summary>Does a piece of work that Ctrl+C cancels.</summary>
    /// <returns>Whether it came to its end.</returns>
    public async Task<bool> RunAsync(Func<CancellationToken, Task> work)
    {
        using var cancellation = new CancellationTokenSource();
        _answer = cancellation;
        try
        {
            await work(cancellation.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            _answer = null;
        }
    }

    private void OnPressed(object? sender, ConsoleCancelEventArgs pressed)
    {
        if (_answer is { } answer)
        {
            pressed.Cancel = true;
            answer.Cancel();
        }
    }
}
