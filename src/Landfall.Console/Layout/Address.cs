using Microsoft.AspNetCore.Components;

namespace Landfall.Console.Layout;

/// <summary>Addresses within the console.</summary>
public static class Address
{
    /// <summary>An app's page.</summary>
    public static string App(string name) => $"apps/{Uri.EscapeDataString(name)}";

    /// <summary>Two releases of an app, side by side.</summary>
    public static string Compare(string app, string a, string b) => $"{App(app)}/compare?a={Uri.EscapeDataString(a)}&b={Uri.EscapeDataString(b)}";

    /// <summary>A draft's page.</summary>
    public static string Draft(string id) => $"drafts/{Uri.EscapeDataString(id)}";

    /// <summary>A run's page.</summary>
    public static string Run(string id) => $"runs/{Uri.EscapeDataString(id)}";

    /// <summary>A search's page.</summary>
    public static string Search(string run) => $"search/{Uri.EscapeDataString(run)}";

    /// <summary>An app's report, as a download.</summary>
    public static string Report(string app, string format) => $"api/apps/{Uri.EscapeDataString(app)}/report?format={format}";

    /// <summary>Where the browser is, relative to the console's root, with query and without fragment: links to a fragment need it, as the page has a base address.</summary>
    public static string Path(NavigationManager navigation) => navigation.ToBaseRelativePath(navigation.Uri).Split('#', 2)[0];
}
