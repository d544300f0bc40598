using Landfall.Platform.Datasets;

namespace Landfall.Platform.Tests.Datasets;

/// <summary>The files of the repository's examples.</summary>
internal static class ExampleRows
{
    public static async Task<List<Row>> ReadAsync(string example, string file)
    {
        var rows = new List<Row>();
        await using var content = File.OpenRead(PathOf(example, "data", file));
        await foreach (var row in new RowReader().ReadAsync(content, file, CancellationToken.None))
        {
            rows.Add(row);
        }

        return rows;
    }

    public static string PathOf(params string[] parts)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Landfall.slnx")))
        {
            folder = folder.Parent!;
        }

        return Path.Combine([folder.FullName, "examples", .. parts]);
    }
}
