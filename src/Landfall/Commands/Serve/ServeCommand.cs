using System.CommandLine;
using Landfall.Configuration;

namespace Landfall.Commands.Serve;

/// <summary><c>landfall serve</c>: gateway, console and API until stopped.</summary>
internal static class ServeCommand
{
    public static Command Create(CommandRunner runner)
    {
        var urls = new Option<string?>("--urls") { Description = "Addresses to listen on, separated by semicolons", HelpName = "urls" };
        var takeOver = new Option<bool>("--take-over") { Description = "Fence off and replace the server that holds the data folder" };
        return runner.Handle(new Command("serve", "Serve all apps, the console and the API") { urls, takeOver }, (context, arguments, cancellation) =>
            context.Host.ServeAsync(new ServeOptions(context.Settings.Place, context.Settings.Get(Settings.Urls, arguments.GetValue(urls)), arguments.GetValue(takeOver)), cancellation));
    }
}
