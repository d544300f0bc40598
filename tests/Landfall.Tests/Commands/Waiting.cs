namespace Landfall.Tests.Commands;

internal static class Waiting
{
    public static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(5);
        }
    }
}
