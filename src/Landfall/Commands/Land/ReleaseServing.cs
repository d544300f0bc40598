using System.Text.Encodings.Web;
using System.Text.Json;

namespace Landfall.Commands.Land;

/// <summary>After a landing: says where the release answers, and stays while it does so in this process.</summary>
internal sealed class ReleaseServing(CommandContext context, IServerSession session)
{
    private static readonly JsonSerializerOptions Quoted = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="app">The app that was landed.</param>
    /// <param name="exitCode">The landing's exit code, which stays the command's.</param>
    /// <param name="cancellation">Ends the serving; that is no error.</param>
    public async Task<int> RunAsync(string app, int exitCode, CancellationToken cancellation)
    {
        var detail = await session.Client.GetAppAsync(app, cancellation);
        if (detail.App.Release is not { } release)
        {
            context.Say("Nothing is served, for there is no release. `landfall serve` opens the console, with every example and error.");
            return exitCode;
        }

        var url = session.Url.AbsoluteUri.TrimEnd('/');
        var body = $$"""{"model": {{JsonSerializer.Serialize(release.Model, Quoted)}}, "messages": [{"role": "user", "content": "Hello"}]}""";
        context.Say();
        context.Say($"Console: {url}/");
        context.Say($"API:     {url}/v1");
        context.Say($"Model:   {release.Model} ({release.Candidate})");
        context.Say($"Try it:  curl {url}/v1/chat/completions -H 'Content-Type: application/json' -d '{body.Replace("'", "'\\''", StringComparison.Ordinal)}'");
        if (session.IsInProcess)
        {
            context.Say("Serving until Ctrl-C. (`landfall serve` serves all apps, and --no-serve ends here.)");
            await WaitAsync(cancellation);
        }

        return exitCode;
    }

    private async Task WaitAsync(CancellationToken cancellation)
    {
        try
        {
            await session.WaitForShutdownAsync(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            context.Say("Stopped serving.");
        }
    }
}
