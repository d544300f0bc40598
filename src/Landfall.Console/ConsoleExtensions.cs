using Landfall.Console.Formatting;
using Landfall.Console.Localization;
using Landfall.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MudBlazor.Services;

namespace Landfall.Console;

/// <summary>Adds the web console to a host.</summary>
public static class ConsoleExtensions
{
    // What a prerendered page hands over to its circuit comes back in one message; see ApiComponent.
    private const long LargestHubMessage = 512 << 10;

    /// <summary>Adds the console's services.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="client">Makes the client of one circuit; called once per circuit and once per prerendered request, when the server's address is known.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddConsole(this IServiceCollection services, Func<IServiceProvider, LandfallClient> client)
    {
        services.AddRazorComponents()
            .AddInteractiveServerComponents()
            .AddHubOptions(options => options.MaximumReceiveMessageSize = LargestHubMessage);
        return services.AddPages(client);
    }

    /// <summary>Serves the console's pages and assets. The host serves everything under <c>/api</c> and <c>/v1</c>.</summary>
    /// <param name="app">The host.</param>
    /// <param name="rule">Says who may see the pages; assets, and pages that say so themselves, are anybody's.</param>
    /// <returns>The same host.</returns>
    public static WebApplication MapConsole(this WebApplication app, Action<IEndpointConventionBuilder> rule)
    {
        app.UseWhen(IsPage, pages => pages.UseRequestLocalization(ConsoleLanguage.Options()));

        // Only the outermost pipeline can route a request again, so the API is taken out by a switch and not by a branch.
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.Use((context, next) =>
        {
            if (!IsPage(context) && context.Features.Get<IStatusCodePagesFeature>() is { } statusPages)
            {
                statusPages.Enabled = false;
            }

            return next(context);
        });
        app.UseAntiforgery();
        if (HasAssets(app))
        {
            app.MapGroup("").AllowAnonymous().MapStaticAssets();
        }

        app.MapGet("/language/{culture}", (HttpContext context, string culture, string? back) => ConsoleLanguage.Remember(context, culture, back))
            .AllowAnonymous().ExcludeFromDescription();
        rule(app.MapRazorComponents<App>().AddInteractiveServerRenderMode());
        return app;
    }

    // What the components need, whatever renders them.
    internal static IServiceCollection AddPages(this IServiceCollection services, Func<IServiceProvider, LandfallClient> client)
    {
        services.AddLocalization();
        services.AddMudServices();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddScoped<Clock>();
        services.TryAddScoped(client);
        return services;
    }

    // MapStaticAssets refuses to start without the manifest that the build of the executable writes; a host that was built as
    // something else, such as a test of the API, does without the assets.
    private static bool HasAssets(WebApplication app) =>
        File.Exists(Path.Combine(AppContext.BaseDirectory, $"{app.Environment.ApplicationName}.staticwebassets.endpoints.json"));

    private static bool IsPage(HttpContext context) =>
        !context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        && !context.Request.Path.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase);
}
