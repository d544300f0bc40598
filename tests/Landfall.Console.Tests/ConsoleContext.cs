using Bunit;
using Landfall.Console.Tests.FakeServer;
using Microsoft.Extensions.DependencyInjection;

namespace Landfall.Console.Tests;

/// <summary>Renders the console's components before a <see cref="FakeApi"/>.</summary>
internal sealed class ConsoleContext : BunitContext
{
    public ConsoleContext(FakeApi? api = null)
    {
        Api = api ?? new FakeApi();
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddPages(_ => Api.Client());
        this.AddBunitPersistentComponentState();
    }

    public FakeApi Api { get; }

    public static string TestId(string id) => $"[data-testid={id}]";
}
