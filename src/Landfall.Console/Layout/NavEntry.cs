namespace Landfall.Console.Layout;

/// <summary>An entry of the console's navigation.</summary>
/// <param name="Name">For tests, and the end of its text's key.</param>
/// <param name="Href">Where it leads, relative to the console's root.</param>
/// <param name="Text">The key of its text.</param>
/// <param name="Within">Beginnings of further addresses that belong to it.</param>
public sealed record NavEntry(string Name, string Href, string Text, params IReadOnlyList<string> Within)
{
    /// <summary>All entries, in the order in which they are shown.</summary>
    public static IReadOnlyList<NavEntry> All { get; } =
    [
        new("apps", "", "Nav_Apps", "apps", "new", "drafts"),
        new("datasets", "datasets", "Nav_Datasets", "cleanings", "labellings"),
        new("models", "models", "Nav_Models", "chat"),
        new("runs", "runs", "Nav_Runs"),
        new("prompts", "prompts", "Nav_Prompts", "playground", "calls"),
        new("access", "users", "Nav_Access", "keys", "audit"),
    ];

    /// <summary>Whether a page belongs to this entry.</summary>
    /// <param name="path">The page's address, relative to the console's root.</param>
    public bool Covers(string path)
    {
        var page = path.Split('?', 2)[0].TrimEnd('/');
        return page == Href || Within.Append(Href).Any(begin => begin.Length > 0 && (page == begin || page.StartsWith(begin + "/", StringComparison.Ordinal)));
    }
}
