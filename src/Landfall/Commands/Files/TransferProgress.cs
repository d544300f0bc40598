using Spectre.Console;

namespace Landfall.Commands.Files;

/// <summary>Shows how far a large file is: a bar on a terminal, a line for each tenth elsewhere, nothing for small files.</summary>
internal sealed class TransferProgress(CommandContext context)
{
    private const long WorthShowing = 16_000_000;

    /// <param name="label">What is transferred.</param>
    /// <param name="total">Bytes in all.</param>
    /// <param name="work">Reports the bytes of each step.</param>
    public async Task<T> RunAsync<T>(string label, long total, Func<IProgress<long>, Task<T>> work)
    {
        if (total < WorthShowing)
        {
            return await work(new Meter(_ => { }));
        }

        if (!context.IsLive)
        {
            return await work(Lines(label, total));
        }

        return await context.People.Progress()
            .AutoClear(enabled: true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn { Width = 24 }, new PercentageColumn(), new TransferSpeedColumn())
            .StartAsync(async display =>
            {
                var task = display.AddTask(Markup.Escape(PlainText.Cell(label, 30)), maxValue: total);
                return await work(new Meter(bytes => task.Increment(bytes)));
            });
    }

    private Meter Lines(string label, long total)
    {
        var done = 0L;
        var shown = 0L;
        return new Meter(bytes =>
        {
            done += bytes;
            var tenths = done * 10 / total;
            if (tenths > shown && tenths <= 10)
            {
                shown = tenths;
                context.Say($"{label}: {tenths * 10}%");
            }
        });
    }

    /// <summary>Reports at once and in order; the framework's Progress posts to other threads.</summary>
    private sealed class Meter(Action<long> report) : IProgress<long>
    {
        public void Report(long value) => report(value);
    }
}
