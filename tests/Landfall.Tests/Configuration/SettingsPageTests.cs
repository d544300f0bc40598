using System.Text;
using Landfall.Configuration;

namespace Landfall.Tests.Configuration;

/// <summary>The table of settings in the documentation is the one in the program.</summary>
public sealed class SettingsPageTests
{
    private const string Update = "LANDFALL_UPDATE_DOCS";
    private const string End = "<!-- /settings -->";

    [Fact]
    public async Task Page_TableOfSettings_IsThatOfTheProgram()
    {
        var path = Path.Combine(Repository.Folder, "docs", "reference", "configuration.md");
        var page = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        var start = page.IndexOf('\n', page.IndexOf("<!-- settings:", StringComparison.Ordinal)) + 1;
        var end = page.IndexOf(End, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable(Update) == "1")
        {
            await File.WriteAllTextAsync(path, page[..start] + Table() + page[end..], TestContext.Current.CancellationToken);
            return;
        }

        Assert.Equal(Table(), page[start..end]);
    }

    private static string Table()
    {
        var table = new StringBuilder("\n| Option | Environment | Key in the file | Default | Meaning |\n| --- | --- | --- | --- | --- |\n");
        foreach (var setting in Settings.All)
        {
            table.Append($"| {Code(setting.Option)} | `{setting.Environment}` | {Code(setting.Key)} | {setting.Default} | {setting.Meaning} |\n");
        }

        return table.Append('\n').ToString();
    }

    private static string Code(string? name) => name is null ? "" : $"`{name}`";
}
