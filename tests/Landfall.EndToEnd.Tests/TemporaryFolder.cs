namespace Landfall.EndToEnd;

/// <summary>A folder of its own for one test, removed with it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder(string? parent = null) =>
        Path = Directory.CreateDirectory(System.IO.Path.Combine(parent ?? System.IO.Path.GetTempPath(), $"landfall-{Guid.NewGuid():n}")).FullName;

    public string Path { get; }

    public string PathOf(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Copies an app of <c>examples/</c> (its brief and its data, no reports) into a sub-folder, and returns that.</summary>
    public string CopyExample(string name)
    {
        var source = RepositoryRoot.PathOf("examples", name);
        var target = PathOf(name);
        Copy(System.IO.Path.Combine(source, "data"), System.IO.Path.Combine(target, "data"));
        File.Copy(System.IO.Path.Combine(source, "brief.yaml"), System.IO.Path.Combine(target, "brief.yaml"));
        return target;
    }

    /// <summary>Copies a folder with all that is in it.</summary>
    public static void Copy(string source, string target)
    {
        Directory.CreateDirectory(target);
        foreach (var folder in Directory.EnumerateDirectories(source, "*", SearchOption.AllDirectories))
        {
            Directory.CreateDirectory(System.IO.Path.Combine(target, System.IO.Path.GetRelativePath(source, folder)));
        }

        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            File.Copy(file, System.IO.Path.Combine(target, System.IO.Path.GetRelativePath(source, file)), overwrite: true);
        }
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // A process that is just ending may still write there; the system clears its temporary folder some day.
        }
    }
}
