using System.Diagnostics;

namespace Landfall.EndToEnd;

/// <summary>Runs a program to its end.</summary>
internal static class ToolRun
{
    /// <param name="start">The program and its arguments; its three streams are the run's own.</param>
    /// <param name="input">What it reads.</param>
    /// <returns>Its exit code, and what it wrote.</returns>
    public static async Task<(int Code, string Output, string Errors)> RunAsync(ProcessStartInfo start, string input)
    {
        (start.UseShellExecute, start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (false, true, true, true);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await errors);
    }
}
