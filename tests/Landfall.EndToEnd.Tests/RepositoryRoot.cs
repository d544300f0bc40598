namespace Landfall.EndToEnd;

/// <summary>Where the repository, its examples and the built executable are.</summary>
internal static class RepositoryRoot
{
    public static string Path { get; } = Find();

    /// <summary>A file or folder of the repository.</summary>
    public static string PathOf(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>The folder of the executable that was built with these tests: same configuration, same framework.</summary>
    public static string ExecutableFolder { get; } = FindExecutableFolder();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Landfall.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} has a Landfall.slnx: run the tests from the repository's own build output.");
    }

    private static string FindExecutableFolder()
    {
        // .../tests/Landfall.EndToEnd.Tests/bin/<Configuration>/net10.0/
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var folder = PathOf("src", "Landfall", "bin", own.Parent!.Name, own.Name);
        return File.Exists(System.IO.Path.Combine(folder, "landfall.dll"))
            ? folder
            : throw new InvalidOperationException($"{folder} has no landfall.dll: build src/Landfall in configuration {own.Parent.Name}.");
    }
}
