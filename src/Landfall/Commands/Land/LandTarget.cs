using Landfall.Commands.Files;

namespace Landfall.Commands.Land;

/// <summary>What <c>land</c> and <c>brief check</c> were pointed at.</summary>
/// <param name="Path">The brief or the data file, as the user would write it.</param>
/// <param name="IsData">A data file from which a brief is drafted.</param>
internal sealed record LandTarget(string Path, bool IsData)
{
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
            ".CSV" or ".TSV" or ".JSONL" or ".NDJSON" or ".JSON" or ".XLSX" or ".XLSM" or ".PARQUET" => new LandTarget(path, IsData: true),
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

        var hint = File.Exists(System.IO.Path.Combine(folder, "brief.yml"))
            ? "There is a brief.yml: rename it to brief.yaml."
            : $"`landfall brief new {folder}` writes one; or give a data file to `landfall land`, which drafts one.";
        throw new CommandException(ExitCodes.Usage, $"{folder}: there is no {BriefFile.Name} in this folder. {hint}");
    }
}
