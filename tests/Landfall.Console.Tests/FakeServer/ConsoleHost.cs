using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Landfall.Console.Tests.FakeServer;

/// <summary>The console on a free port, before a <see cref="FakeApi"/>. Start it by hand to look at the pages.</summary>
internal static class ConsoleHost
{
    public static async Task<WebApplication> StartAsync(FakeApi api, string url = "http://127.0.0.1:0")
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.UseUrls(url);
        builder.Services.AddConsole(_ => api.Client());
        var app = builder.Build();
        app.MapGet("/api/apps/{app}/report", (string app, string format) => $"{app} {format}");
        app.MapConsole(_ => { });
        await app.StartAsync();
        return app;
    }
}
