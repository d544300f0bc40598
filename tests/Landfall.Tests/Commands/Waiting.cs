namespace Landfall.Tests.Commands;

internal static class Waiting
{
    public static async Task UntilAsync(Func<bool> condition)
    {
        // A bound, so that a broken test fails instead of hanging; nothing is measured.
        for (var i = 0; i < 6000 && !condition(); i++)
        {
            await Task.Delay(5);
        }
    }
}
