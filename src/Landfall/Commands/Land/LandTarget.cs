using Landfall.Commands.Files;

namespace Landfall.Commands.Land;

/// <summary>What <c>land</c> and <c>brief check</c> were pointed at.</summary>
/// <param name="Path">The brief, the data file, or the folder of data files, as the user would write it.</param>
/// <param name="IsData">Data from which a brief is drafted.</param>
internal sealed record LandTarget(string Path, bool IsData)
{
    private static readonly string[] s_dataEndings = [".CSV", ".TSV", ".JSONL", ".NDJSON", ".JSON", ".XLSX", ".XLSM", ".PARQUET"];

    /// <summary>With a folder of data files: these, by name.</summary>
    public IReadOnlyList<string> Files { get; private init; } = [];

    /// <summary>The folder of the file.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;

    /// <exception cref="CommandException">There is nothing there, or nothing that can be landed.</exception>
    public static LandTarget Find(string path)
    {
        if (Directory.Exists(path))
        {
            return FindInFolder(path);
        }

        if (!File.Exists(path))
        {
            throw new CommandException(ExitCodes.Usage, $"{path}: there is no such folder or file.");
        }

        return System.IO.Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".YAML" or ".YML" => new LandTarget(path, IsData: false),
            var ending when s_dataEndings.Contains(ending) => new LandTarget(path, IsData: true) { Files = [path] },
            _ => throw new CommandException(ExitCodes.Usage, $"{path}: a brief ends in .yaml, a data file in .csv, .tsv, .jsonl, .json, .xlsx or .parquet. Rename the file, or give the app's folder."),
        };
    }

    private static LandTarget FindInFolder(string folder)
    {
        var brief = folder == "." ? BriefFile.Name : System.IO.Path.Combine(folder, BriefFile.Name);
        if (File.Exists(brief))
        {
            return new LandTarget(brief, IsData: false);
        }

        var files = Directory.EnumerateFiles(folder).Where(f => IsDataFile(System.IO.Path.GetFileName(f))).Order(StringComparer.Ordinal).ToList();
        if (files.Count > 0 && !File.Exists(System.IO.Path.Combine(folder, "brief.yml")))
        {
            return new LandTarget(folder, IsData: true) { Files = files };
        }

        var hint = File.Exists(System.IO.Path.Combine(folder, "brief.yml"))
            ? "There is a brief.yml: rename it to brief.yaml."
            : $"`landfall brief new {folder}` writes one; or put data files there, or give one to `landfall land`, which drafts one.";
        throw new CommandException(ExitCodes.Usage, $"{folder}: there is no {BriefFile.Name} in this folder. {hint}");
    }

    /// <summary>Not what programs and landings write.</summary>
    private static bool IsDataFile(string name) =>
        !name.StartsWith('.') && !name.StartsWith("~$", StringComparison.Ordinal) && name is not ("report.json" or "package.json")
        && s_dataEndings.Contains(System.IO.Path.GetExtension(name).ToUpperInvariant());
}
